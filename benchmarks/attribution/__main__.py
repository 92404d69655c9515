"""python -m benchmarks.attribution truth --worlds N [--large N] [--first-seed S] [--mix M]"""

import argparse

from benchmarks.attribution import report

TUNING, REPORTING = 1, 5_001  # first seeds: what is tuned on is never reported


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attribution")
    parser.add_argument("what", choices=["truth"])
    parser.add_argument("--worlds", type=int, default=20, help="of 2,000 conversions")
    parser.add_argument("--large", type=int, default=0, help="of 5,000, natural")
    parser.add_argument(
        "--first-seed",
        type=int,
        default=REPORTING,
        help=f"{TUNING} and on for tuning, {REPORTING} and on for figures to report",
    )
    parser.add_argument(
        "--mix",
        choices=["hidden", "shown"],
        default="hidden",
        help="effects lie where the log shows little, or in about its proportions",
    )
    asked = parser.parse_args()
    report.truth(asked.worlds, asked.large, asked.first_seed, asked.mix)


if __name__ == "__main__":
    main()
