"""Insights: what every ad did each day, asked directly or as reports Meta prepares.

Few days are asked directly. More are ordered as report runs, all at once, then fetched
one after the other; what fails or is too much is asked again in smaller pieces.
Not here: which tables there are (`__init__`), which fields (columns.py).
Source: https://developers.facebook.com/docs/marketing-api/insights/best-practices
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion import graph
from ingestion.errors import CredentialRefused, TooMuchAsked
from ingestion.source import Row
from ingestion.sources.meta_ads import columns
from ingestion.transport import Api
from ingestion.windows import Window

DIRECT_DAYS = 31  # the nightly window is one direct call
RUN_DAYS = 92
WINDOWS = ("7d_click", "1d_view")
_POLLED = ("async_status", "async_percent_completion", "error_code", "error_message")
_LOST = {"Job Failed", "Job Skipped"}


@dataclass(frozen=True, slots=True)
class Report:
    """One account's report of level ad by day."""

    api: Api
    account: str
    fields: Sequence[str]
    breakdowns: Sequence[str] = ()

    def rows(self, window: Window) -> Iterator[list[Row]]:
        """A list per piece of the window, in order of days."""
        if window.days <= DIRECT_DAYS:
            yield self._direct(window)
            return
        pieces = list(window.split(RUN_DAYS))
        runs = [self._order(piece) for piece in pieces]
        for piece, run in zip(pieces, runs, strict=True):
            if run is not None and self._is_ready(run):
                yield self._read(f"{run}/insights", {})
            else:
                for part in piece.split(DIRECT_DAYS):
                    yield self._direct(part)

    def _asked(self, window: Window) -> dict[str, Any]:
        asked: dict[str, Any] = {
            "level": "ad",
            "time_increment": "1",
            "time_range": {"since": str(window.start), "until": str(window.last)},
            "fields": ",".join(self.fields),
            "action_attribution_windows": WINDOWS,
            "filtering": [
                {
                    "field": "ad.effective_status",
                    "operator": "IN",
                    "value": columns.EVERY_STATUS,
                }
            ],
        }
        return asked | ({"breakdowns": self.breakdowns} if self.breakdowns else {})

    def _direct(self, window: Window) -> list[Row]:
        try:
            return self._read(f"act_{self.account}/insights", self._asked(window))
        except TooMuchAsked:
            if window.days <= 1:
                raise
        halves = window.split((window.days + 1) // 2)
        return [row for half in halves for row in self._direct(half)]

    def _order(self, piece: Window) -> str | None:
        """The id of a report run, or None where Meta finds the piece too large."""
        edge = f"act_{self.account}/insights"
        try:
            answer = graph.post(self.api, edge, self._asked(piece))
        except TooMuchAsked:
            return None
        return str(answer["report_run_id"])

    def _is_ready(self, run: str) -> bool:
        """Waits for a run; False when Meta gave it up.

        A run just ordered may not be known everywhere for a moment: one refusal is
        forgiven.
        """
        refusals = 0

        def look() -> bool | None:
            nonlocal refusals
            try:
                state = graph.get(self.api, run, {"fields": ",".join(_POLLED)})
            except CredentialRefused:
                refusals += 1
                if refusals > 1:
                    raise
                return None
            if state.get("async_status") in _LOST:
                return False
            done = state.get("async_percent_completion") == 100
            return (done and state.get("async_status") == "Job Completed") or None

        return self.api.until(look, f"report run {run}")

    def _read(self, edge: str, params: dict[str, Any]) -> list[Row]:
        """Meta leaves out zeros: a count asked for is 0, a list of actions []."""
        blank: Row = {}
        for field in self.fields:
            if field in columns.COUNTS or field == "spend":
                blank[field] = 0
            elif field in columns.ACTION_LISTS:
                blank[field] = []
        return [{**blank, **row} for row in graph.pages(self.api, edge, params)]
