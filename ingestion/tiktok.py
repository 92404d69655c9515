"""What TikTok's business APIs share: an envelope that says no with status 200.

Not here: a single API's paths and fields (sources/<name>).
Source: https://business-api.tiktok.com/portal/docs (return codes)
"""

import json
from collections.abc import Mapping
from typing import Any

from ingestion.transport import default_verdict

HOST = "https://business-api.tiktok.com"
PATH = "/open_api/v1.3/"
TOKEN_HEADER = "Access-Token"
_RETRY = {40100, 40200, 40201, 40202, 40700, 60001}
_REFUSED = {40001, 40105}
_TOO_MUCH = {40067}


def verdict(status: int, body: object) -> str:
    """The code inside the envelope decides."""
    code = body.get("code") if isinstance(body, dict) else None
    if not isinstance(code, int) or status >= 400:
        return default_verdict(status, body)
    if code == 0:
        return "ok"
    if code in _RETRY or 50000 <= code <= 59999:
        return "retry"
    if code in _REFUSED:
        return "refused"
    return "too_much" if code in _TOO_MUCH else "wrong"


def encoded(params: Mapping[str, Any]) -> dict[str, Any]:
    """Lists and objects travel as JSON text."""
    return {
        name: json.dumps(value, separators=(",", ":"))
        if isinstance(value, dict | list | tuple)
        else value
        for name, value in params.items()
    }
