"""The flagship on the warehouse, every night: which leads would not have come, and by what.

Three sources of evidence: flights by region (regions.py) for what is bought region by region,
visits that became a lead beside visits that did not (browsers.py) for the rest, and lift tests
(`analysis.lift_tests`), which correct either.
Credits of a lead and what would have come anyway add up to one (credits.py); deals inherit
from the lead they began with (deals.py). Method and measured error: docs/attribution.md.
"""
