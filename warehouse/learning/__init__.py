"""Learning: what is believed about every video variant today, and what to do next.

`run.refresh` replays all daily counts up to the clock and writes the day's
`analysis.posterior_state` and `analysis.hyper_state`; what follows from them goes to
`analysis.recommendation_ledger`. Not here: how counts come about (dbt makes them).
"""
