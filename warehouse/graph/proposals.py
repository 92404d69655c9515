"""Which video of the catalogue an unmapped object most likely shows, with a score.

Score = sum over title, length, cut, day and account of weight x likeness, from 0 to 1.
What one of the two sides does not tell counts half: it speaks neither for nor against, and
nothing is certain that only the length says. Not here: SQL, files, the likeness of two
values (likeness.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from warehouse.graph.likeness import (
    day_likeness,
    length_likeness,
    shape,
    text,
    title_likeness,
    weights,
)

MOST = 3  # proposals for one object
LEAST_SCORE = 0.35  # what is less alike is not worth reading
WEIGHTS = {"title": 0.55, "length": 0.2, "cut": 0.05, "day": 0.1, "account": 0.1}
UNTOLD = 0.5
SAME_CHANNEL = 0.75  # bought there before, by another account
MARGIN = 0.05  # a proposal is accepted by its score only so far ahead of the next


@dataclass(frozen=True, slots=True)
class Unmapped:
    """A platform object without a video of the catalogue, as its platform tells of it."""

    platform: str
    account_id: str
    object_id: str
    video_id: str | None
    channel: str
    is_bought: bool
    title: str | None
    ad_name: str | None
    tag: str | None
    duration_seconds: float | None
    published_date: date | None
    first_date: date | None
    views: int | None
    views_definition: str | None
    spend_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Cut:
    """A variant of the catalogue, and where it is shown already."""

    video_id: str
    variant_id: str
    titles: tuple[str, ...]  # of the master, and what platforms call it
    format: str | None = None
    duration_seconds: float | None = None
    days: tuple[date, ...] = ()  # made, published
    accounts: frozenset[tuple[str, str]] = frozenset()  # (platform, account)
    channels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Proposal:
    """One video for one object, by its likeliest cut."""

    video_id: str
    variant_id: str
    title: str
    score: float
    parts: Mapping[str, float | None]  # null: one side does not tell


class Shelf:
    """The cuts of a catalogue, ready to be compared with many objects."""

    def __init__(self, cuts: Iterable[Cut]) -> None:
        self.cuts = tuple(cuts)
        self._texts = {
            title: text(title) for cut in self.cuts for title in cut.titles if title
        }
        self._weight = weights(self._texts.values())
        self._accounts = {each for cut in self.cuts for each in cut.accounts}
        self._shown_in: dict[str, set[tuple[str, str]]] = {}
        self._bought_on: dict[str, set[str]] = {}
        for cut in self.cuts:
            self._shown_in.setdefault(cut.video_id, set()).update(cut.accounts)
            self._bought_on.setdefault(cut.video_id, set()).update(cut.channels)

    def proposals(
        self, unmapped: Unmapped, *, most: int = MOST, least: float = LEAST_SCORE
    ) -> list[Proposal]:
        """The likeliest videos, best first, each by its likeliest cut; at most `most`."""
        names = [each for each in (unmapped.title, unmapped.ad_name) if each]
        shown = [text(each) for each in names]
        told = next((found for found in map(shape, reversed(names)) if found), None)
        likeness = {
            title: max(title_likeness(each, known, self._weight) for each in shown)
            if shown
            else None
            for title, known in self._texts.items()
        }
        best: dict[str, Proposal] = {}
        for cut in self.cuts:
            found = self._proposal(unmapped, cut, likeness, told)
            there = best.get(cut.video_id)
            if there is None or _rank(found) < _rank(there):
                best[cut.video_id] = found
        ranked = sorted(best.values(), key=_rank)
        return [each for each in ranked if each.score >= least][:most]

    def _proposal(
        self,
        unmapped: Unmapped,
        cut: Cut,
        likeness: Mapping[str, float | None],
        told: str | None,
    ) -> Proposal:
        title = None
        known = [likeness[each] for each in cut.titles if each]
        if known and known[0] is not None:
            title = max(each for each in known if each is not None)
        length = None
        if unmapped.duration_seconds and cut.duration_seconds:
            length = length_likeness(unmapped.duration_seconds, cut.duration_seconds)
        day = None
        if unmapped.published_date and cut.days:
            day = max(day_likeness(unmapped.published_date, each) for each in cut.days)
        parts = {
            "title": title,
            "length": length,
            "cut": float(told == cut.format) if told and cut.format else None,
            "day": day,
            "account": self._account(unmapped, cut.video_id),
        }
        score = sum(
            weight * (UNTOLD if (part := parts[name]) is None else part)
            for name, weight in WEIGHTS.items()
        )
        return Proposal(
            cut.video_id, cut.variant_id, cut.titles[0], round(score, 4), parts
        )

    def _account(self, unmapped: Unmapped, video_id: str) -> float | None:
        """An ad account shows again what it bought; a channel seldom posts it twice."""
        account = (unmapped.platform, unmapped.account_id)
        if account not in self._accounts:
            return None  # nothing of it is mapped yet
        is_there = account in self._shown_in[video_id]
        if not unmapped.is_bought:
            return 0.0 if is_there else 1.0
        if is_there:
            return 1.0
        return SAME_CHANNEL if unmapped.channel in self._bought_on[video_id] else 0.0


def accepted(
    found: Mapping[Unmapped, Sequence[Proposal]], least: float
) -> dict[Unmapped, Proposal]:
    """The first proposal of each object that reaches `least`, clear of the second."""
    return {
        unmapped: proposals[0]
        for unmapped, proposals in found.items()
        if proposals
        and proposals[0].score >= least
        and (
            len(proposals) == 1
            or proposals[0].score - proposals[1].score >= MARGIN - 1e-9
        )
    }


def _rank(proposal: Proposal) -> tuple[float, str, str]:
    return (-proposal.score, proposal.video_id, proposal.variant_id)
