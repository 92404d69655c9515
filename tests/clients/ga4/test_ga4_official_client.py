"""Google's own client asks the fake: what it decodes, Google would answer."""

from collections.abc import Iterator

import pytest
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.services.beta_analytics_data.transports import (
    BetaAnalyticsDataRestTransport,
)
from google.analytics.data_v1beta.types import (
    CheckCompatibilityRequest,
    Compatibility,
    DateRange,
    Dimension,
    Metric,
    RunReportRequest,
)
from google.api_core.exceptions import BadRequest, TooManyRequests
from google.auth.exceptions import RefreshError
from google.oauth2.credentials import Credentials

from ingestion.sandbox.faults import Fault
from ingestion.sandbox.http import Reply
from ingestion.sandbox.server import Sandbox, serving
from ingestion.sources.ga4 import fake
from ingestion.world import View


@pytest.fixture
def sandbox(unit_view: View) -> Iterator[Sandbox]:
    with serving(fake.routes(unit_view)) as running:
        yield running


def client(sandbox: Sandbox, token: str = "t") -> BetaAnalyticsDataClient:
    transport = BetaAnalyticsDataRestTransport(
        host=sandbox.url.removeprefix("http://"),
        url_scheme="http",
        credentials=Credentials(token),
    )
    return BetaAnalyticsDataClient(transport=transport)


def question(view: View, *names: str, metric: str = "sessions") -> RunReportRequest:
    return RunReportRequest(
        property=fake.PROPERTY,
        dimensions=[Dimension(name=name) for name in names],
        metrics=[Metric(name=metric)],
        date_ranges=[DateRange(start_date=str(view.start), end_date=str(view.as_of))],
        return_property_quota=True,
    )


def test_client_reads_a_report_with_its_flags(
    sandbox: Sandbox, unit_view: View
) -> None:
    told = client(sandbox).run_report(question(unit_view, "date", "landingPage"))
    assert told.row_count == len(told.rows) > 50
    assert [head.name for head in told.dimension_headers] == ["date", "landingPage"]
    assert sum(int(row.metric_values[0].value) for row in told.rows) > 100
    assert told.metadata.time_zone == "America/New_York"
    assert not told.metadata.data_loss_from_other_row
    assert told.property_quota.tokens_per_day.remaining > 0


def test_client_sees_that_rows_were_withheld(sandbox: Sandbox, unit_view: View) -> None:
    told = client(sandbox).run_report(
        question(unit_view, "date", "eventName", metric="totalUsers")
    )
    assert told.metadata.subject_to_thresholding


def test_client_checks_what_goes_together(sandbox: Sandbox) -> None:
    asked = CheckCompatibilityRequest(
        property=fake.PROPERTY,
        dimensions=[Dimension(name="itemName")],
        metrics=[Metric(name="sessions")],
    )
    told = client(sandbox).check_compatibility(asked)
    (metric,) = told.metric_compatibilities
    assert metric.compatibility == Compatibility.INCOMPATIBLE


def test_client_raises_what_google_raises(sandbox: Sandbox, unit_view: View) -> None:
    with pytest.raises(BadRequest, match="not a valid dimension"):
        client(sandbox).run_report(question(unit_view, "landing"))
    with pytest.raises(
        RefreshError
    ):  # 401: it would renew the token, and has nothing to
        client(sandbox, "revoked").run_report(question(unit_view, "date"))
    error = {"code": 429, "message": "tokens", "status": "RESOURCE_EXHAUSTED"}
    sandbox.faults.add(Fault(":runReport$", Reply({"error": error}, 429), times=9))
    with pytest.raises(TooManyRequests):
        client(sandbox).run_report(question(unit_view, "date"), retry=None)
