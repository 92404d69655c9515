"""Tell somebody: a line in logs/notices.jsonl, and a POST where a hook is configured."""

import json
from datetime import UTC, datetime

import requests

from warehouse.settings import Settings


def notify(settings: Settings, kind: str, text: str) -> None:
    """Write the notice; a hook that does not answer is itself written down."""
    _write(settings, kind, text)
    if settings.notify_url:
        try:
            requests.post(
                settings.notify_url, json={"kind": kind, "text": text}, timeout=10
            ).raise_for_status()
        except requests.RequestException as error:
            _write(settings, "hook", f"notice not delivered: {type(error).__name__}")


def _write(settings: Settings, kind: str, text: str) -> None:
    settings.logs_dir.mkdir(parents=True, exist_ok=True)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    line = json.dumps({"at": at, "kind": kind, "text": text}, ensure_ascii=False)
    with (settings.logs_dir / "notices.jsonl").open("a") as file:
        file.write(line + "\n")
