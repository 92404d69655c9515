"""Salesforce: accounts, contacts and leads, opportunities, their stages and who stands in them.

GET /services/data/vXX.X/queryAll: what changed since the last load, deleted records too,
put over what is known. Not here: one person per person, what is the same as in another CRM
(dbt does). Version, limits, fields that may be hidden: README.md.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlencode

from ingestion.errors import AnswerUnreadable
from ingestion.privacy import known_email
from ingestion.source import Ask, Batch, Row
from ingestion.sources.salesforce import columns
from ingestion.sources.salesforce.columns import Kind
from ingestion.spec import Consent, Setting, SourceSpec, Table
from ingestion.transport import Api, default_verdict

LOGIN = "https://login.salesforce.com"
DATA = "/services/data/v68.0"
OVERLAP = timedelta(minutes=10)  # late commits; the window's own day comes on top
PASSING = frozenset({"UNABLE_TO_LOCK_ROW", "SERVER_UNAVAILABLE", "QUERY_TIMEOUT"})


def verdict(status: int, body: object) -> str:
    """Errors are lists; a used-up quota is a 403 like a missing right."""
    first = body[0] if isinstance(body, list) and body else {}
    code = first.get("errorCode") if isinstance(first, dict) else None
    if code == "REQUEST_LIMIT_EXCEEDED":
        return "quota"
    if code in PASSING or status == 406:
        return "retry"
    return default_verdict(status, body)


SPEC = SourceSpec(
    name="salesforce",
    family="journey",
    title="Salesforce",
    day_zone="UTC",
    lag_days=0,
    lookback_days=1,
    history_days=10_000,  # the first load takes every record there is
    tables=tuple(
        Table(name, kinds, grain=("account_id", "id"), replaced_by=("account_id", "id"))
        for name, kinds in columns.TABLES.items()
    ),
    settings=(
        Setting(
            "DOMAIN",
            "your My Domain, such as brand.my.salesforce.com",
            is_secret=False,
        ),
        Setting("CLIENT_ID", "consumer key of the connected app", is_secret=False),
        Setting("CLIENT_SECRET", "consumer secret of the connected app"),
        Setting("REFRESH_TOKEN", "scopes api and refresh_token"),
        Setting(
            "CURRENCY",
            "currency of an organisation that has only one; USD when unset",
            is_secret=False,
            is_required=False,
        ),
    ),
    consent=Consent(
        authorize_url=f"{LOGIN}/services/oauth2/authorize",
        token_url=f"{LOGIN}/services/oauth2/token",
        scopes=("api", "refresh_token"),
        loopback="localhost",
        tells={"instance_url": "DOMAIN"},
    ),
    hosts={"login": LOGIN},
    verdict=verdict,
)


def accounts(api: Api) -> Sequence[str]:
    """The organisation of the token."""
    rows = [row for page in _pages(api, "SELECT Id FROM Organization") for row in page]
    return tuple(str(row["Id"]) for row in rows)


def read(api: Api, ask: Ask) -> Mapping[str, Iterator[Batch]]:
    """Every table: records that changed in the window, with an overlap."""
    return {
        table: _changed(api, ask, table, kind) for table, kind in columns.KINDS.items()
    }


def _changed(api: Api, ask: Ask, table: str, kind: Kind) -> Iterator[Batch]:
    known = _fields(api, kind)
    asked = {c: f for c, f in kind.fields.items() if "." in f or f in known}
    soql = (
        f"SELECT {', '.join(asked.values())} FROM {kind.name} "
        f"WHERE {kind.changed} >= {_moment(ask, first=True)} "
        f"AND {kind.changed} < {_moment(ask, first=False)} "
        f"ORDER BY {kind.changed}, Id"
    )
    currency = api.optional("CURRENCY") if table == "opportunities" else None
    for number, page in enumerate(_pages(api, soql), 1):
        for account in ask.accounts:  # one token, one organisation
            rows = [{"account_id": account, **_row(each, asked)} for each in page]
            if currency:
                for row in rows:
                    row["currency_iso_code"] = row.get("currency_iso_code") or currency
            yield Batch(account, rows, f"{kind.name} page {number}")


def _row(record: Row, asked: Mapping[str, str]) -> Row:
    """A record in our columns. Campaign.Name is the field Name of a nested record."""
    row: Row = {}
    for column, field in asked.items():
        outer, _, inner = field.partition(".")
        value = record.get(outer)
        row[column] = value.get(inner) if inner and isinstance(value, dict) else value
        if column == columns.EMAIL:
            row[column] = known_email(value)
    return row


def _fields(api: Api, kind: Kind) -> frozenset[str]:
    """The fields the token may see: a hidden one is left out, a needed one is named."""
    told = api.follow(f"{_base(api)}{DATA}/sobjects/{kind.name}/describe")
    known = frozenset(str(field["name"]) for field in told["fields"])
    lacking = {*kind.needed, "Id", kind.changed} - known
    if lacking:
        raise AnswerUnreadable(
            f"Salesforce hides {', '.join(sorted(lacking))} of {kind.name} from this user: "
            "give its profile read access to these fields (docs/operations.md#salesforce)"
        )
    return known


def _pages(api: Api, soql: str) -> Iterator[list[Row]]:
    """The records of a query, page after page; deleted and archived ones too.

    Source: Salesforce REST API, QueryAll and nextRecordsUrl.
    """
    api.headers.setdefault("Sforce-Query-Options", "batchSize=2000")
    answer = api.follow(f"{_base(api)}{DATA}/queryAll?{urlencode({'q': soql})}")
    seen: set[str] = set()
    while True:
        yield answer["records"]
        following = answer.get("nextRecordsUrl")
        if answer.get("done", True) or following is None:
            return
        if following in seen:
            raise AnswerUnreadable(
                f"Salesforce gave the page {following!r} twice: the answer would never "
                "end. Run again later; the known rows stay"
            )
        seen.add(following)
        answer = api.follow(_base(api) + following)


def _moment(ask: Ask, *, first: bool) -> str:
    """A bound of the window as SOQL writes a moment."""
    day = ask.window.start if first else ask.window.end
    moment = datetime.combine(day, time(), UTC) - (OVERLAP if first else timedelta())
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _base(api: Api) -> str:
    """Each organisation has a host of its own."""
    return api.settings.sandbox_url or f"https://{api.setting('DOMAIN')}"
