"""The transport under faults: what is retried, what is told, what is never quoted."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingestion.errors import (
    AnswerUnreadable,
    CredentialMissing,
    CredentialRefused,
    RateLimited,
    RequestRefused,
    SourceUnreachable,
)
from ingestion.grants import redact
from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply
from ingestion.sandbox.server import Sandbox, serving
from ingestion.sources import youtube
from ingestion.sources.youtube import fake
from ingestion.transport import Api, Patience
from ingestion.world.view import View
from warehouse.settings import Settings

QUICK = Patience(timeout=0.2, attempts=3, sleep=lambda seconds: None)
CHANNELS = "/youtube/v3/channels"


@pytest.fixture(scope="module")
def sandbox(unit_view: View) -> Iterator[Sandbox]:
    with serving(fake.routes(unit_view)) as running:
        yield running


@pytest.fixture
def api(sandbox: Sandbox, tmp_path: Path) -> Iterator[Api]:
    yield Api(youtube.SPEC, Settings(data_dir=tmp_path, sandbox_url=sandbox.url), QUICK)
    sandbox.faults.orders.clear()


def channels(api: Api) -> Any:
    return api.get("data", CHANNELS, {"part": "snippet", "mine": "true"})


def google(code: int, reason: str, message: str = "said so") -> Reply:
    return fake.google_error(code, reason, message)


@pytest.mark.parametrize(
    "reply",
    [
        Reply({"error": {"code": 500, "message": "backend"}}, 500),
        Reply({"error": {"code": 429, "message": "slow"}}, 429),
        Reply({"error": {"code": 429}}, 429, {"Retry-After": "1"}),
        google(403, "rateLimitExceeded"),
        Reply(raw=b"<html><body>Bad gateway</body></html>"),
        Reply(raw=b'{"items": [{"id": "UC'),
        Reply(raw=b""),
    ],
    ids=["500", "429", "429 hint", "403 rate", "html 200", "cut off", "empty"],
)
def test_a_passing_fault_is_retried_and_leaves_no_trace(
    api: Api, sandbox: Sandbox, reply: Reply
) -> None:
    undisturbed = channels(api)
    sandbox.faults.add(Fault(CHANNELS, reply, times=2))
    assert channels(api) == undisturbed
    assert [order.times for order in sandbox.faults.orders] == [0]


def test_a_dropped_connection_is_retried(api: Api, sandbox: Sandbox) -> None:
    undisturbed = channels(api)
    sandbox.faults.add(Fault(CHANNELS, lambda request, answer: None, times=2))
    assert channels(api) == undisturbed


@pytest.mark.parametrize(
    ("reply", "error", "says"),
    [
        (Reply({"error": {"message": "backend"}}, 503), SourceUnreachable, "3 times"),
        (google(403, "quotaExceeded"), RateLimited, "next night"),
        (google(403, "forbidden", "not yours"), CredentialRefused, "not yours"),
        (google(400, "badRequest", "no such metric"), RequestRefused, "no such metric"),
        (Reply(raw=b"<html>login</html>"), AnswerUnreadable, "no JSON"),
    ],
    ids=["503", "quota", "forbidden", "bad request", "html"],
)
def test_a_lasting_fault_is_one_clear_error(
    api: Api, sandbox: Sandbox, reply: Reply, error: type[Exception], says: str
) -> None:
    sandbox.faults.add(Fault(CHANNELS, reply, times=9))
    with pytest.raises(error, match=says):
        channels(api)


def test_a_token_that_expires_in_mid_run_is_renewed_once(
    api: Api, sandbox: Sandbox
) -> None:
    channels(api)
    sandbox.faults.add(Fault(CHANNELS, google(401, "authError"), times=1))
    assert channels(api)["items"]


def test_a_refused_refresh_token_names_the_variable(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = Settings(
        data_dir=tmp_path,
        sandbox_url=sandbox.url,
        credentials={"PLAYHEAD_YOUTUBE_REFRESH_TOKEN": "revoked"},
    )
    with pytest.raises(CredentialRefused, match="PLAYHEAD_YOUTUBE_REFRESH_TOKEN"):
        channels(Api(youtube.SPEC, settings, QUICK))


def test_a_missing_credential_names_the_variable(tmp_path: Path) -> None:
    api = Api(youtube.SPEC, Settings(data_dir=tmp_path, mode="accounts"), QUICK)
    with pytest.raises(CredentialMissing, match=r"PLAYHEAD_YOUTUBE_\w+ is not set"):
        channels(api)


def test_a_host_nobody_answers_at_says_so(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, sandbox_url="http://127.0.0.1:9")
    without_refresh = replace(youtube.SPEC, settings=())
    for spec in (youtube.SPEC, without_refresh):
        with pytest.raises(SourceUnreachable, match="check the network"):
            channels(Api(spec, settings, QUICK))


def test_no_secret_is_ever_quoted(api: Api, sandbox: Sandbox) -> None:
    said = "bad ?access_token=abc123&x=1 refresh_token=def456 client_secret=ghi789"
    sandbox.faults.add(Fault(CHANNELS, google(400, "badRequest", said), times=1))
    with pytest.raises(RequestRefused) as caught:
        channels(api)
    for secret in ("abc123", "def456", "ghi789", "sandbox-client-id"):
        assert secret not in str(caught.value)
    assert redact("key=AIza&next=1") == "key=***&next=1"


def test_a_page_token_that_comes_twice_ends_the_list(
    api: Api, sandbox: Sandbox
) -> None:
    looping = Reply({"items": [], "nextPageToken": "again"})
    sandbox.faults.add(Fault("playlistItems", looping, times=9))
    with pytest.raises(
        AnswerUnreadable, match="page token 'again' of videos of UC1 twice"
    ):
        youtube._video_ids(api, "UC1")


def test_settings_never_show_their_credentials() -> None:
    settings = Settings(data_dir=Path("x"), credentials={"PLAYHEAD_X_TOKEN": "s3cret"})
    assert "s3cret" not in repr(settings)
