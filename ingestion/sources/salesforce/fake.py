"""How Salesforce answers: query, queryAll, nextRecordsUrl, describe, and errors as lists.

Proved with simple-salesforce (tests/clients). Of SOQL it knows what connectors send: fields of
one object and its parents, comparisons joined by AND, one ORDER BY. Not here: the records (org.py).
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from ingestion.sandbox.http import Reply, Request, Route
from ingestion.sources.salesforce.columns import KINDS
from ingestion.sources.salesforce.org import Org, Record
from ingestion.world.view import View

VERSIONS = range(61, 69)
LEAST, MOST = 200, 2_000  # records a page
LONGEST_URI = 16_384
HEADERS = {"Sforce-Limit-Info": "api-usage=18/100000"}
_QUERY = re.compile(
    r"SELECT\s+(?P<fields>.+?)\s+FROM\s+(?P<object>\w+)"
    r"(?:\s+WHERE\s+(?P<where>.+?))?(?:\s+ORDER\s+BY\s+(?P<order>[\w ,.]+?))?\s*",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(\w+)\s*(>=|<=|=|>|<)\s*('[^']*'|[\w:.+-]+)")
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    "=": lambda one, other: one == other,
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
}
_TYPES = {bool: "boolean", int: "int", float: "double"}


class Refused(Exception):
    """What is wrong with a query, as Salesforce says it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def routes(view: View) -> list[Route]:
    """Everything the connector and simple-salesforce ask for."""
    fake = _Fake(view)
    data = r"/services/data/v(?P<version>\d+)\.0"
    query = rf"{data}/(?P<verb>query|queryAll)"
    return [
        Route("GET", f"{query}/?", _guarded(fake.query)),
        Route("GET", f"{query}/(?P<locator>01g[^/]+)", _guarded(fake.more)),
        Route(
            "GET",
            rf"{data}/sobjects/(?P<object>\w+)/describe",
            _guarded(fake.describe),
        ),
    ]


def error(status: int, code: str, message: str) -> Reply:
    """Salesforce's envelope: a list."""
    return Reply([{"message": message, "errorCode": code}], status, HEADERS)


def _guarded(answer: Callable[[Request], Reply]) -> Callable[[Request], Reply]:
    def guarded(request: Request) -> Reply:
        if request.token in (None, "revoked"):
            said = "Session expired or invalid"
            return error(401, "INVALID_SESSION_ID", said)
        if int(request.found["version"]) not in VERSIONS:
            said = "The requested resource does not exist"
            return error(404, "NOT_FOUND", said)
        if sum(map(len, request.query.values())) > LONGEST_URI:
            return error(414, "URI_TOO_LONG", "URI and headers exceed 16,384 bytes")
        try:
            return answer(request)
        except Refused as refused:
            return error(400, refused.code, str(refused))

    return guarded


class _Fake:
    def __init__(self, view: View) -> None:
        self.org = Org(view)
        self.open: dict[
            str, list[Record]
        ] = {}  # answers that are not read to their end

    def describe(self, request: Request) -> Reply:
        name = request.found["object"]
        fields = self._fields(name)
        return Reply(
            {"name": name, "queryable": True, "fields": fields}, headers=HEADERS
        )

    def query(self, request: Request) -> Reply:
        found = self._found(
            request.query.get("q", ""), request.found["verb"] == "queryAll"
        )
        digest = hashlib.sha256(request.query["q"].encode()).hexdigest()[:12].upper()
        cursor = f"01g{digest}AAA"
        self.open[cursor] = found
        return self._page(request, cursor, 0)

    def more(self, request: Request) -> Reply:
        cursor, _, start = request.found["locator"].partition("-")
        if cursor not in self.open or not start.isdigit():
            raise Refused("INVALID_QUERY_LOCATOR", "invalid query locator")
        return self._page(request, cursor, int(start))

    def _page(self, request: Request, cursor: str, start: int) -> Reply:
        every = self.open[cursor]
        wanted = re.search(
            r"batchSize=(\d+)", request.headers.get("sforce-query-options", "")
        )
        size = min(max(int(wanted[1]) if wanted else MOST, LEAST), MOST)
        end = start + size
        body: Record = {
            "totalSize": len(every),
            "done": end >= len(every),
            "records": every[start:end],
        }
        if end < len(every):
            version, verb = request.found["version"], request.found["verb"]
            body["nextRecordsUrl"] = (
                f"/services/data/v{version}.0/{verb}/{cursor}-{end}"
            )
        return Reply(body, headers=HEADERS)

    def _known(self, name: str) -> list[Record]:
        if name not in self.org.records:
            raise Refused("INVALID_TYPE", f"sObject type '{name}' is not supported.")
        return self.org.records[name]

    def _fields(self, name: str) -> list[Record]:
        kinds: dict[str, str] = {}
        for record in self._known(name)[:50]:
            for field, value in record.items():
                kinds.setdefault(field, _TYPES.get(type(value), "string"))
        for field in (each for r in self._known(name)[-1:] for each in r):
            kinds.setdefault(field, "string")
        for kind in KINDS.values():  # an object without a record has its fields
            if kind.name == name and not self._known(name):
                told = {"Id", kind.changed, *kind.needed, *kind.fields.values()}
                kinds = dict.fromkeys((f.partition(".")[0] for f in told), "string")
        return [{"name": field, "type": kind} for field, kind in kinds.items()]

    def _found(self, soql: str, deleted_too: bool) -> list[Record]:
        parts = _QUERY.fullmatch(soql)
        if parts is None:
            raise Refused("MALFORMED_QUERY", f"unexpected token: {soql[:60]!r}")
        name = parts["object"]
        records = self._known(name)
        known = {field["name"] for field in self._fields(name)} | {"Id"}
        fields = [field.strip() for field in parts["fields"].split(",")]
        for field in fields:
            if field.partition(".")[0] not in known:
                said = f"No such column '{field}' on entity '{name}'."
                raise Refused("INVALID_FIELD", said)
        for field, operator, literal in _conditions(parts["where"]):
            if field not in known:
                said = f"No such column '{field}' on entity '{name}'."
                raise Refused("INVALID_FIELD", said)
            keeps = _COMPARE[operator]
            bound = _comparable(literal)
            records = [r for r in records if keeps(_comparable(r[field]), bound)]
        if not deleted_too:
            records = [r for r in records if not r.get("IsDeleted")]
        order = [each.split()[0] for each in (parts["order"] or "Id").split(",")]
        records = sorted(records, key=lambda r: tuple(str(r[each]) for each in order))
        return [_shown(name, record, fields) for record in records]


def _conditions(where: str | None) -> list[tuple[str, str, str]]:
    if where is None:
        return []
    found = []
    for part in re.split(r"\s+AND\s+", where, flags=re.IGNORECASE):
        match = _CONDITION.fullmatch(part.strip())
        if match is None:
            raise Refused("MALFORMED_QUERY", f"unexpected token: {part[:60]!r}")
        found.append((match[1], match[2], match[3]))
    return found


def _comparable(value: Any) -> Any:
    """Moments of records and of SOQL in one form; they then compare as text."""
    text = str(value).strip("'")
    moment = re.fullmatch(
        r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{3}))?(Z|\+0000)", text
    )
    return f"{moment[1]}.{moment[2] or '000'}" if moment else text


def _shown(name: str, record: Record, fields: list[str]) -> Record:
    """A record with what was asked for, and what Salesforce adds unasked."""
    shown: Record = {"attributes": {"type": name, "url": f"/sobjects/{record['Id']}"}}
    for field in fields:
        outer, _, inner = field.partition(".")
        value = record.get(outer)
        if inner and isinstance(value, dict):
            nested = shown.setdefault(outer, {"attributes": value["attributes"]})
            nested[inner] = value.get(inner)
        else:
            shown[outer] = value
    return shown
