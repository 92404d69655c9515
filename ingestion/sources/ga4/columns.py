"""Reports of GA4: dimensions and metrics as the Data API names them, and their raw columns.

Every value comes as text. The flags are those of the answer a row came in: rows may have
been withheld, estimated or folded together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from ingestion.spec import BOOL, DATE, FLOAT, INT, JSON, TEXT, Columns


@dataclass(frozen=True, slots=True)
class Report:
    """One question: at most nine dimensions and ten metrics, all compatible."""

    dimensions: Mapping[str, str]  # API name -> column
    metrics: Mapping[str, tuple[str, pa.DataType]]


FLAGS: Columns = {
    "time_zone": TEXT,
    "currency_code": TEXT,
    "data_loss_from_other_row": BOOL,
    "subject_to_thresholding": BOOL,
    "sampling_metadatas": JSON,
    "data_truncation_reasons": JSON,
}
LANDING_PAGES_DAILY = Report(
    dimensions={
        "date": "date",
        "landingPage": "landing_page",
        "sessionSource": "session_source",
        "sessionMedium": "session_medium",
        "sessionManualAdContent": "session_manual_ad_content",
    },
    metrics={
        "sessions": ("sessions", INT),
        "engagedSessions": ("engaged_sessions", INT),
        "keyEvents": ("key_events", FLOAT),  # attributed, hence with fractions
    },
)
# Fewer dimensions lose fewer rows: what the landing pages are compared with.
SESSIONS_DAILY = Report(
    dimensions={
        "date": "date",
        "sessionDefaultChannelGroup": "session_default_channel_group",
    },
    metrics={
        "sessions": ("sessions", INT),
        "engagedSessions": ("engaged_sessions", INT),
        "keyEvents": ("key_events", FLOAT),
    },
)
EVENTS_DAILY = Report(
    dimensions={"date": "date", "eventName": "event_name"},
    metrics={
        "eventCount": ("event_count", INT),
        "totalUsers": ("total_users", INT),
    },
)
REPORTS: Mapping[str, Report] = {
    "landing_pages_daily": LANDING_PAGES_DAILY,
    "sessions_daily": SESSIONS_DAILY,
    "events_daily": EVENTS_DAILY,
}


def typed(report: Report) -> Columns:
    """The raw columns of a report's table."""
    dimensions = {
        column: DATE if name == "date" else TEXT
        for name, column in report.dimensions.items()
    }
    return {"account_id": TEXT, **dimensions, **dict(report.metrics.values()), **FLAGS}
