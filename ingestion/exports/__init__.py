"""The platforms' own export files, into the same raw tables as their APIs.

Every file is recognised by its headings (`recognise`), read and checked (`plan`) before
the first is loaded. What a form means stands in `sources/<name>/export.py`; headings that
nobody here knows are mapped by exports.yml. How to use it: docs/exports.md.
"""

from ingestion.exports.loading import asked, begin, is_on, plan_of
from ingestion.exports.plan import Plan, last_day, plan

__all__ = ["Plan", "asked", "begin", "is_on", "last_day", "plan", "plan_of"]
