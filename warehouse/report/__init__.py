"""The report: one page, and the summary a marketing lead reads in the terminal.

render() makes the page of one snapshot, summary.facts() and summary.print_to() the
console's words. Both read `published.*` of a closed snapshot and nothing else. What is
on the page and why: docs/report.md. Not here: how a number is made (dbt, numerics), who
writes the page to disk (publish).
"""

from warehouse.report.render import render

__all__ = ["render"]
