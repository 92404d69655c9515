"""Attribution: who gets the credit for a conversion, by every method side by side.

`run.refresh` reads the journey tables and writes `analysis.attribution_credits` and
`analysis.attribution_channels`. Rules and counts are portable SQL in `sql/`, and
`markov.py` is pure numerics. Not here: touches, paths, conversions (dbt makes them).
"""
