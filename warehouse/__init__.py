"""What we know: what is computed on landed data, and what is served.

Imports neither Dagster nor dlt nor `ingestion`. The numerics hold no connection; their
`run.py` modules do.
"""
