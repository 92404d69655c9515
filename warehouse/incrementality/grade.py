"""What a test by region may claim: the grade is computed, never typed.

Pure. Not here: grades of everything else (warehouse/learning/calibration.py).
"""

from typing import Literal

Grade = Literal["A", "B", "D"]

WORST_FIT = 2.0  # times the median of other regions: Abadie et al. leave such out
MAY_CLAIM: dict[Grade, str] = {
    "A": "caused",
    "B": "very likely caused",
    "D": "goes along with",
}


def is_sound(
    *, is_randomised: bool, is_quiet_before: bool, relative_fit: float
) -> bool:
    """May the figure be used, whatever it says? A test without effect is sound as well.

    `is_quiet_before`: the rehearsal right before the test found nothing.
    `relative_fit`: fit error before the test over the median of other regions.
    """
    return is_randomised or (is_quiet_before and relative_fit <= WORST_FIT)


def grade(*, is_randomised: bool, is_sound: bool, excludes_zero: bool) -> Grade:
    """A: regions were drawn by lot. B: they were chosen, and every placebo is silent.

    Both only when the interval excludes 0; else D, which claims nothing.
    """
    if not excludes_zero or not is_sound:
        return "D"
    return "A" if is_randomised else "B"
