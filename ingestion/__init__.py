"""From where: the sources, as plain Python and dlt.

One folder in `sources/` is one source: its SPEC (what it is), `read` (how it is asked) and
`fake.py` (how its API answers in the sandbox). Nothing here knows Dagster.
"""
