"""HubSpot: contacts, companies and deals, the stages deals went through, who belongs to whom.

Whole lists at first and once a week, between them what changed, put over what is known;
deletions every night. Not here: how lists are paged (lists.py), how changes are found
(search.py), one person per person, currencies (dbt does). Version, limits: README.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import cache

from ingestion.privacy import known_email
from ingestion.source import Ask, Batch, Row
from ingestion.sources.hubspot import columns
from ingestion.sources.hubspot.emails import email_clicks
from ingestion.sources.hubspot.lists import HISTORY, Lists, Told
from ingestion.sources.hubspot.search import Changes
from ingestion.spec import STAMP, Columns, Consent, Setting, SourceSpec, Table
from ingestion.transport import Api, default_verdict

SATURDAY = 5


def verdict(status: int, body: object) -> str:
    """429 ends the night only where the day's quota is meant; 423 and 477 pass by."""
    policy = body.get("policyName") if isinstance(body, dict) else None
    if status == 429 and policy == "DAILY":
        return "quota"
    if status in (423, 477):
        return "retry"
    if status == 530:  # a malformed token
        return "refused"
    return default_verdict(status, body)


def hint(headers: Mapping[str, str], body: object) -> float | None:
    """The limits are windows of a second or of ten: one of them passes."""
    policy = body.get("policyName") if isinstance(body, dict) else None
    return {"SECONDLY": 1.0, "TEN_SECONDLY_ROLLING": 10.0}.get(str(policy))


SCOPES = (
    "crm.objects.contacts.read",
    "crm.objects.companies.read",
    "crm.objects.deals.read",
)
_KEY = ("account_id", "id")
SPEC = SourceSpec(
    name="hubspot",
    family="journey",
    title="HubSpot",
    day_zone="UTC",
    lag_days=0,
    lookback_days=2,  # of clicks, and of changes: search tells of them minutes late
    tables=(
        Table("contacts", columns.CONTACTS, grain=_KEY),
        Table("companies", columns.COMPANIES, grain=_KEY),
        Table("deals", columns.DEALS, grain=_KEY),
        Table(
            "deal_stage_history",
            columns.DEAL_STAGE_HISTORY,
            grain=("account_id", "deal_id", "timestamp", "value"),
        ),
        Table(
            "deal_contacts",
            columns.DEAL_CONTACTS,
            grain=("account_id", "deal_id", "contact_id"),
        ),
        Table(
            "contact_companies",
            columns.CONTACT_COMPANIES,
            grain=("account_id", "contact_id", "company_id"),
        ),
        Table(
            "pipeline_stages",
            columns.PIPELINE_STAGES,
            grain=("account_id", "pipeline_id", "id"),
        ),
        Table(
            "email_clicks",
            columns.EMAIL_CLICKS,
            grain=("account_id", "id"),
            replaced_by=("account_id", "created_date"),
            window_column="created_date",
        ),
    ),
    settings=(
        Setting(
            "ACCESS_TOKEN", f"private app or service key; scopes {', '.join(SCOPES)}"
        ),
        Setting("CLIENT_ID", "your public app, where a person consents", False, False),
        Setting("CLIENT_SECRET", "its secret", is_required=False),
        Setting("REFRESH_TOKEN", "of that consent", is_required=False),
        Setting(
            "EMAIL_EVENTS",
            "yes: clicks in marketing e-mails too; their scope is content",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=Consent(
        authorize_url="https://app.hubspot.com/oauth/authorize",
        token_url="https://api.hubapi.com/oauth/v1/token",
        scopes=("oauth", *SCOPES),
        pkce=False,
        loopback="localhost",
    ),
    hosts={"api": "https://api.hubapi.com"},
    verdict=verdict,
    hint=hint,
)


def accounts(api: Api) -> Sequence[str]:
    """The portal of the token."""
    return (str(_portal(api)["portalId"]),)


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """All tables of the portal; what several of them need is fetched once."""

    @cache
    def told() -> Told:
        changes = Changes.since(api, ask.window.start) if _by_date(api, ask) else None
        return changes or Lists(api)

    def table(
        rows: Callable[[Told], Iterator[Row]], where: str, **kinds: str
    ) -> Iterator[Batch]:
        for account in ask.accounts:  # one token, one portal
            found = [{"account_id": account, **row} for row in rows(told())]
            patches = told().patches(kinds)
            where = where if patches is None else f"changed {where}"
            yield Batch(account, found, where, patches=patches)

    def alone(rows: Iterator[Row], where: str) -> Iterator[Batch]:
        for account in ask.accounts:
            yield Batch(
                account, [{"account_id": account, **row} for row in rows], where
            )

    tables = {
        "contacts": table(contacts, "contacts", id="contacts"),
        "companies": table(companies, "companies", id="companies"),
        "deals": table(lambda told: deals(api, told), "deals", id="deals"),
        "deal_stage_history": table(
            deal_stage_history, "deals history", deal_id="deals"
        ),
        "deal_contacts": table(
            lambda told: told.pairs("deals", "contacts"),
            "deals to contacts",
            deal_id="deals",
            contact_id="contacts",
        ),
        "contact_companies": table(
            lambda told: told.pairs("contacts", "companies"),
            "contacts to companies",
            contact_id="contacts",
            company_id="companies",
        ),
        "pipeline_stages": alone(pipeline_stages(api), "pipelines"),
    }
    if api.settings.is_simulated or api.optional("EMAIL_EVENTS"):
        tables["email_clicks"] = alone(email_clicks(api, ask.window), "e-mail clicks")
    return tables


def _by_date(api: Api, ask: Ask) -> bool:
    """Whether what changed is enough: on nights of a week whose lists are known.

    A Saturday among the new days ends the week, also one that nobody ran: calculated
    properties may change without a new date, and only a whole list tells of them.
    """
    if ask.known_to is None or api.settings.accept_shrink:
        return False
    new = (ask.window.last - ask.known_to).days
    days = (ask.window.last - timedelta(days=back) for back in range(new))
    return new >= 0 and all(day.weekday() != SATURDAY for day in days)


def contacts(told: Told) -> Iterator[Row]:
    for item in told.objects("contacts"):
        yield {
            **_object(item, columns.CONTACT_PROPERTIES),
            "email_sha256": known_email(item["properties"].get("email")),
        }


def companies(told: Told) -> Iterator[Row]:
    for item in told.objects("companies"):
        yield _object(item, columns.COMPANY_PROPERTIES)


def deals(api: Api, told: Told) -> Iterator[Row]:
    """A portal with one currency does not repeat it in its deals."""
    currency = _portal(api).get("companyCurrency")
    for item in told.objects("deals"):
        row = _object(item, columns.DEAL_PROPERTIES)
        yield {**row, "deal_currency_code": row["deal_currency_code"] or currency}


def deal_stage_history(told: Told) -> Iterator[Row]:
    """Every stage a deal was put into; HubSpot gives the newest first, 20 at most."""
    for item in told.objects("deals"):
        history = item.get("propertiesWithHistory", {})
        for change in history.get(HISTORY["deals"], ()):
            yield {
                "deal_id": item["id"],
                "value": change["value"],
                "timestamp": change["timestamp"],
                "source_type": change.get("sourceType"),
                "source_id": change.get("sourceId"),
            }


def pipeline_stages(api: Api) -> Iterator[Row]:
    answer = api.get("api", "/crm/v3/pipelines/deals")
    for pipeline in answer["results"]:
        for stage in pipeline["stages"]:
            metadata = stage.get("metadata", {})
            yield {
                "pipeline_id": pipeline["id"],
                "pipeline_label": pipeline["label"],
                "id": stage["id"],
                "label": stage["label"],
                "display_order": stage.get("displayOrder"),
                "probability": metadata.get("probability"),
                "is_closed": metadata.get("isClosed"),
                "archived": stage.get("archived", False),
            }


def _portal(api: Api) -> Row:
    answer: Row = api.get("api", "/account-info/v3/details")
    return answer


def _object(item: Row, properties: Columns) -> Row:
    """Values come as text whatever they are; a date stands for its midnight in UTC."""
    told = item["properties"]
    row = {
        "id": item["id"],
        "created_at": item.get("createdAt"),
        "updated_at": item.get("updatedAt"),
        "archived": item.get("archived", False),
        "archived_at": item.get("archivedAt"),
    }
    for name, kind in properties.items():
        value = told.get(name)
        if value and len(value) == 10 and kind == STAMP and "-" in value:
            value = f"{value}T00:00:00Z"
        row[name] = value
    return row
