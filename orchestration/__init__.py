"""When: the only package that knows Dagster.

The verbs, in order: ingest -> transform (prepare) -> attribute -> learn -> transform
(serve) -> publish -> report. Each asset calls one function of `ingestion` or `warehouse`.
"""

from warehouse.settings import quiet

quiet()  # before Dagster, dbt and dlt are imported
