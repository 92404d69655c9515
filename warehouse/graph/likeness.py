"""How alike two titles, lengths and days are, each from 0 to 1.

Pure functions on texts and numbers. Not here: what is compared with what, and how the
parts make one score (proposals.py).
Sources: L. R. Dice, Measures of the amount of ecologic association between species,
Ecology 26 (1945), on character trigrams; K. Spärck Jones, A statistical interpretation of
term specificity, Journal of Documentation 28 (1972), for the weights of words.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import log
from unicodedata import combining, normalize

CONTAINED = 0.95  # a title that stands whole in a longer name, against the same title
LENGTH_GRACE_SECONDS = 1.0  # platforms round
LENGTH_SPAN_SHARE = 0.15  # lengths that differ by more have nothing in common
LENGTH_SPAN_SECONDS = 3.0
DAY_GRACE_DAYS = 3
DAY_SPAN_DAYS = 120  # an advert may begin months after the film it shows

_SHAPE = re.compile(r"(?<!\d)(16:9|9:16|1:1|4:5|2:3)(?!\d)")
_NOISE = re.compile(r"https?://\S+|\.(mp4|mov|m4v|webm|avi)\b")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A title as it is compared: its words, and the trigrams of them all."""

    words: frozenset[str]
    trigrams: frozenset[str]


def text(title: str) -> Text:
    """Case, accents, punctuation, addresses, endings of files and shapes are left out."""
    plain = normalize("NFKD", title.casefold())
    plain = "".join(each for each in plain if not combining(each))
    words = _WORD.findall(_SHAPE.sub(" ", _NOISE.sub(" ", plain)))
    joined = f"  {' '.join(words)}  " if words else ""
    return Text(
        frozenset(words),
        frozenset(joined[at : at + 3] for at in range(len(joined) - 2)),
    )


def weights(titles: Iterable[Text]) -> Mapping[str, float]:
    """Word -> how much it tells: log(1 + titles / titles with it)."""
    known = list(titles)
    count = Counter(word for each in known for word in each.words)
    return {word: log(1 + len(known) / number) for word, number in count.items()}


def title_likeness(shown: Text, known: Text, weight: Mapping[str, float]) -> float:
    """The better of two: trigrams in common (typing errors, endings of words), and the
    share of the known title's words that stand in what is shown (names of ads).

    A word that no title of `weight` has counts 1.
    """
    if not shown.words or not known.words:
        return 0.0
    common = len(shown.trigrams & known.trigrams)
    dice = 2 * common / (len(shown.trigrams) + len(known.trigrams))
    shared = known.words & shown.words
    # one word may stand anywhere: alone it proves no title
    if not shared or len(known.words) == 1:
        return dice
    whole = sum(weight.get(word, 1.0) for word in known.words)
    found = sum(weight.get(word, 1.0) for word in shared)
    return max(dice, CONTAINED * found / whole)


def length_likeness(shown: float, known: float) -> float:
    """1 within a second, then falling straight to 0 at 15 % (3 s at least) apart."""
    apart = abs(shown - known) - LENGTH_GRACE_SECONDS
    span = max(LENGTH_SPAN_SECONDS, LENGTH_SPAN_SHARE * max(shown, known))
    return min(1.0, max(0.0, 1 - apart / span))


def day_likeness(shown: date, known: date) -> float:
    """1 within three days, then falling straight to 0 at 120 more."""
    apart = abs((shown - known).days) - DAY_GRACE_DAYS
    return min(1.0, max(0.0, 1 - apart / DAY_SPAN_DAYS))


def shape(name: str) -> str | None:
    """The picture's shape that a name tells, such as 9:16."""
    found = _SHAPE.search(name)
    return found[1] if found else None
