"""What every paging loop must notice: a page that comes again, and rows that never came.

A platform that pages badly does not say so. Not here: how a platform turns its pages.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

from ingestion.errors import AnswerUnreadable


@dataclass(slots=True)
class Paging:
    """The pages of one list, as they come in: `take` each, `end` with the last."""

    title: str  # of the platform
    what: str
    rows: int = 0
    _seen: set[Hashable] = field(default_factory=set)
    _largest: int = 0

    def take(self, page: Sequence[object], token: str | int | None = None) -> None:
        """Count a page; `token` leads to the next one, where there is such a thing.

        Raises: AnswerUnreadable when the page or its token was there before.
        """
        if token is not None:
            self._once(("token", token), f"the page token {token!r}")
        if page:
            known = (len(page), repr(page[0]), repr(page[-1]))
            self._once(known, f"the page before row {self.rows}")
        self.rows += len(page)
        self._largest = max(self._largest, len(page))

    def end(self, total: int | None) -> None:
        """Compare with the total that the platform told, if it did.

        A few rows less are its way to count (deleted ones, new ones); a page is not.
        Raises: AnswerUnreadable.
        """
        if total is not None and total - self.rows >= max(1, self._largest):
            raise AnswerUnreadable(
                f"{self.title} told of {total} {self.what} and gave {self.rows}: a page "
                "is missing. Run again later; what is known stays"
            )

    def _once(self, known: Hashable, what: str) -> None:
        if known in self._seen:
            raise AnswerUnreadable(
                f"{self.title} gave {what} of {self.what} twice: the list would never "
                "end. Run again later; what is known stays"
            )
        self._seen.add(known)
