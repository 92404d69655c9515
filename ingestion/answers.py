"""What an answer holds: its JSON, the sentence inside an error envelope, how long to wait.

Pure functions over a response. Not here: asking again (transport.py), and what a platform's
codes mean (each source's verdict).
"""

import json
import re
import time
from email.utils import mktime_tz, parsedate_tz
from typing import Any

import orjson
import requests

_WAIT = re.compile(
    r'"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"|retry (?:in|after) (\d+) seconds?',
    re.IGNORECASE,
)


def body_of(response: requests.Response) -> Any:
    """The decoded JSON, or None where the body is none; decoded once per response."""
    if not hasattr(response, "playhead_body"):
        response.playhead_body = decoded(response.content)  # type: ignore[attr-defined]
    return response.playhead_body  # type: ignore[attr-defined]


def decoded(content: bytes) -> Any:
    """JSON, or None where it is none."""
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        pass
    try:
        return json.loads(content)  # knows NaN and Infinity, which some services write
    except ValueError:
        return None


def message_of(body: object) -> str | None:
    """The sentence inside the error envelopes of the platforms."""
    if isinstance(body, list) and body:
        body = body[0]
    if not isinstance(body, dict):
        return None
    error = body.get("error")
    if isinstance(error, dict):
        return str(error.get("message", error))
    described = body.get("error_description") or body.get("message") or error
    return str(described) if described else None


def code_inside(body: object) -> int | None:
    """The status that an error envelope tells of itself; None where it is no envelope.

    500 where the envelope has no status of its own. Some gateways send errors as 200.
    """
    if isinstance(body, list) and body:
        first = body[0]
        is_error = isinstance(first, dict) and ("errorCode" in first)
        return 500 if is_error else code_inside(first)
    if not isinstance(body, dict):
        return None
    error, status = body.get("error"), body.get("status")
    if error:
        told = error.get("code") if isinstance(error, dict) else None
    elif isinstance(status, int) and status >= 400 and "message" in body:
        told = status
    elif status == "error" and "message" in body:
        expired = "AUTH" in str(body.get("category", ""))  # HubSpot names no number
        told = 401 if expired else None
    else:
        return None
    return told if isinstance(told, int) and 400 <= told < 600 else 500


def asked_to_wait(response: requests.Response) -> float | None:
    """Seconds until the platform wants to be asked again, where it says so."""
    told = response.headers.get("Retry-After", "")
    if told.strip().isdigit():
        return float(told)
    if told and (when := parsedate_tz(told)) is not None:
        return max(0.0, mktime_tz(when) - time.time())
    if response.status_code < 400:
        return None
    found = _WAIT.search(response.text)
    return float(found[1] or found[2]) if found else None


def spell(seconds: float) -> str:
    """Seconds as a reader would say them."""
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    if seconds < 7200:
        return f"{seconds / 60:.0f} minutes"
    return f"{seconds / 3600:.1f} hours"
