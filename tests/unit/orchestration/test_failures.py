"""Every error we know is one line and an honest exit code; a bug is not one of them."""

import errno
from pathlib import Path

import pytest

from ingestion import errors
from ingestion.errors import CatalogueInvalid, RateLimited, SourceError
from ingestion.sandbox.company import SandboxEnded
from orchestration import failures
from orchestration.failures import DbtFailed, explained
from warehouse import db, home
from warehouse.publish import PublishBusy, PublishHeld
from warehouse.publish import errors as publish_errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (home.RunBusy("busy"), 75),
        (PublishBusy(Path("p"), pid=1, since="now"), 75),
        (db.WarehouseLocked("locked"), 75),
        (home.WrongMode("mode"), 2),
        (SandboxEnded("ended"), 2),
        (CatalogueInvalid("a.csv", row=3, value="x", remedy="remove it"), 2),
        (RateLimited("slow"), 1),
        (db.WarehouseCorrupt("corrupt"), 1),
        (PublishHeld(reason="r", since="s", generation=1), 1),
        (DbtFailed("model"), 1),
        (FileNotFoundError("no file"), 1),
    ],
)
def test_known_error_is_its_own_line(error: Exception, code: int) -> None:
    assert explained(error) == (str(error), code)


def test_source_error_is_found_inside_what_wrapped_it() -> None:
    wrapped = RuntimeError("pipeline failed")
    wrapped.__cause__ = RateLimited("quota used up")
    assert explained(wrapped) == ("quota used up", 1)


def test_disk_and_permission_are_told_with_path_and_remedy() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/data/x")
    assert explained(full) == (
        "/data/x: No space left on device: make room on that disk and run again",
        1,
    )
    port = OSError(errno.EADDRINUSE, "Address already in use")
    assert explained(port) == ("Address already in use: choose another --port", 1)


@pytest.mark.parametrize("error", [KeyError("x"), OSError("odd"), ValueError("y")])
def test_bug_keeps_its_traceback(error: Exception) -> None:
    assert explained(error) is None


def test_every_error_class_of_ours_is_known() -> None:
    kinds = [
        kind
        for module in (errors, publish_errors, db, home, failures)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Exception)
    ]
    known = tuple(kind for kind, _ in failures.CODES)
    assert SourceError in kinds
    assert [kind.__name__ for kind in kinds if not issubclass(kind, known)] == []
