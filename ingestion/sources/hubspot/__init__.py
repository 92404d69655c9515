"""HubSpot: contacts, companies and deals, the stages deals went through, who belongs to whom.

Lists of the CRM API v3, read whole every night, archived objects too, so that deletions are
seen; associations by the v4 batch. Not here: one person per person, currencies (dbt does).
Version, limits, what incremental search would bring: README.md.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache

from ingestion.errors import AnswerUnreadable
from ingestion.paging import Paging
from ingestion.privacy import known_email
from ingestion.source import Ask, Batch, Row
from ingestion.sources.hubspot import columns
from ingestion.sources.hubspot.emails import email_clicks
from ingestion.spec import STAMP, TEXT, Columns, Consent, Setting, SourceSpec, Table
from ingestion.transport import Api, default_verdict

OBJECTS = "/crm/v3/objects"
ASSOCIATIONS = "/crm/v4/associations"
LIST_LIMIT = 100
HISTORY_LIMIT = 50  # with propertiesWithHistory; more is refused
BATCH_LIMIT = 1_000

Listed = Callable[[str], list[Row]]
Living = Callable[[str], list[str]]


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
    lookback_days=2,  # of clicks; objects are read anew: any may change at any time
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
    """All tables of the portal; every list is fetched once."""

    @cache
    def listed(kind: str) -> list[Row]:
        both = ("false", "true")
        return [item for archived in both for item in _listed(api, kind, archived)]

    def living(kind: str) -> list[str]:
        return [item["id"] for item in listed(kind) if not item.get("archived")]

    def table(rows: Iterator[Row], where: str) -> Iterator[Batch]:
        for account in ask.accounts:  # one token, one portal
            found = [{"account_id": account, **row} for row in rows]
            yield Batch(account, found, where)

    tables = {
        "contacts": table(contacts(listed), "contacts"),
        "companies": table(companies(listed), "companies"),
        "deals": table(deals(api, listed), "deals"),
        "deal_stage_history": table(deal_stage_history(listed), "deals history"),
        "deal_contacts": table(
            associations(api, living, "deals", "contacts"), "deals to contacts"
        ),
        "contact_companies": table(
            associations(api, living, "contacts", "companies"), "contacts to companies"
        ),
        "pipeline_stages": table(pipeline_stages(api), "pipelines"),
    }
    if api.settings.is_simulated or api.optional("EMAIL_EVENTS"):
        clicks = email_clicks(api, ask.window)
        tables["email_clicks"] = table(clicks, "e-mail clicks")
    return tables


def contacts(listed: Listed) -> Iterator[Row]:
    for item in listed("contacts"):
        yield {
            **_object(item, columns.CONTACT_PROPERTIES),
            "email_sha256": known_email(item["properties"].get("email")),
        }


def companies(listed: Listed) -> Iterator[Row]:
    for item in listed("companies"):
        yield _object(item, columns.COMPANY_PROPERTIES)


def deals(api: Api, listed: Listed) -> Iterator[Row]:
    """A portal with one currency does not repeat it in its deals."""
    currency = _portal(api).get("companyCurrency")
    for item in listed("deals"):
        row = _object(item, columns.DEAL_PROPERTIES)
        yield {**row, "deal_currency_code": row["deal_currency_code"] or currency}


def deal_stage_history(listed: Listed) -> Iterator[Row]:
    """Every stage a deal was put into; HubSpot gives the newest first, 20 at most."""
    for item in listed("deals"):
        for change in item.get("propertiesWithHistory", {}).get("dealstage", ()):
            yield {
                "deal_id": item["id"],
                "value": change["value"],
                "timestamp": change["timestamp"],
                "source_type": change.get("sourceType"),
                "source_id": change.get("sourceId"),
            }


def associations(api: Api, living: Living, kind: str, to_kind: str) -> Iterator[Row]:
    """Pairs of ids. Ids are numbers here and strings elsewhere."""
    ids = living(kind)
    waiting = [{"id": each} for each in ids]
    seen: set[tuple[str, str]] = set()
    one, other = f"{_SINGULAR[kind]}_id", f"{_SINGULAR[to_kind]}_id"
    while waiting:
        asked, waiting = waiting[:BATCH_LIMIT], waiting[BATCH_LIMIT:]
        answer = api.post(
            "api", f"{ASSOCIATIONS}/{kind}/{to_kind}/batch/read", {"inputs": asked}
        )
        for result in answer.get("results", ()):
            found = str(result["from"]["id"])
            for to in result.get("to", ()):
                yield {
                    one: found,
                    other: str(to["toObjectId"]),
                    "association_types": to.get("associationTypes", []),
                }
            after = result.get("paging", {}).get("next", {}).get("after")
            if after is None:
                continue
            if (found, after) in seen:
                raise AnswerUnreadable(_endless(f"{to_kind} of {found}", after))
            seen.add((found, after))
            waiting.append({"id": found, "after": after})


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


_SINGULAR = {"deals": "deal", "contacts": "contact", "companies": "company"}
_PROPERTIES: Mapping[str, Columns] = {
    "contacts": {**columns.CONTACT_PROPERTIES, "email": TEXT},
    "companies": columns.COMPANY_PROPERTIES,
    "deals": columns.DEAL_PROPERTIES,
}


def _portal(api: Api) -> Row:
    answer: Row = api.get("api", "/account-info/v3/details")
    return answer


def _listed(api: Api, kind: str, archived: str) -> Iterator[Row]:
    """All objects of a kind, by id, a page at a time.

    Source: https://developers.hubspot.com/docs/api-reference/crm-objects-v3
    """
    params: dict[str, str | int] = {
        "limit": LIST_LIMIT,
        "properties": ",".join(_PROPERTIES[kind]),
        "archived": archived,
    }
    if kind == "deals":
        params |= {"limit": HISTORY_LIMIT, "propertiesWithHistory": "dealstage"}
    paging = Paging("HubSpot", kind)
    while True:
        page = api.get("api", f"{OBJECTS}/{kind}", params)
        after = page.get("paging", {}).get("next", {}).get("after")
        paging.take(page["results"], after)
        yield from page["results"]
        if after is None:
            return
        params["after"] = after


def _endless(what: str, after: str) -> str:
    return (
        f"HubSpot gave the cursor {after!r} of {what} twice: the list would never end. "
        "Run again later; the known rows stay"
    )


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
