"""Columns of the Search Console tables: the API's names, and units as they come.

`ctr` is a share, `position` an average (1 is the top) that only impressions may weight.
"""

from ingestion.spec import DATE, FLOAT, INT, TEXT, Columns

_KEY: Columns = {"account_id": TEXT, "type": TEXT, "date": DATE}
_MEASURES: Columns = {
    "clicks": INT,
    "impressions": INT,
    "ctr": FLOAT,
    "position": FLOAT,
}
# table -> the dimensions asked for, in the order in which `keys` answers them
DIMENSIONS = {
    "by_date": ("DATE",),
    "by_page": ("DATE", "PAGE"),
    "by_page_query": ("DATE", "PAGE", "QUERY"),
}
BY_DATE: Columns = {**_KEY, **_MEASURES}
BY_PAGE: Columns = {**_KEY, "page": TEXT, **_MEASURES}
BY_PAGE_QUERY: Columns = {**_KEY, "page": TEXT, "query": TEXT, **_MEASURES}
BY_APPEARANCE: Columns = {**_KEY, "search_appearance": TEXT, **_MEASURES}

TYPES = ("WEB", "VIDEO")
