"""The files of the catalogue: one model per file, one field per column.

The models say what a row must hold; columns.py takes the raw columns from them. Not here:
how a cell is read (values.py), what rows must share with each other (files.py).
"""

from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ingestion.sources.catalogue.values import (
    Amount,
    Currency,
    Day,
    Key,
    Month,
    Number,
    Objective,
    Positive,
    Role,
    VideoObjective,
)

ENDS_BEFORE = "ends before it starts"
NO_CURRENCY_GIVEN = "has an amount without currency_code"
NOBODY = "names neither deal_id nor account"
NOT_ONE = "is the rate of USD to itself"
NO_SHARE = "has a control_share that is no share"
BELOW_0 = "counts less than nobody"
MORE_THAN_ALL = "has more conversions than units in an arm"
ROW_REMEDIES = {
    ENDS_BEFORE: "swap the dates",
    NO_CURRENCY_GIVEN: "say in which currency the amount is",
    NOBODY: "fill in one of them",
    NOT_ONE: "USD is always 1: remove the row",
    NO_SHARE: "write the share held out, above 0 and below 1",
    BELOW_0: "correct the count",
    MORE_THAN_ALL: "count each unit once",
}


class Entry(BaseModel):
    """A row of a file. Columns nobody declared are kept as text."""

    model_config = ConfigDict(extra="allow", str_strip_whitespace=True)

    key: ClassVar[tuple[str, ...]] = ()  # () = rows have no key but their line
    refers: ClassVar[dict[str, str]] = {}  # column -> file whose key it must be in


class Video(Entry):
    key = ("video_id",)

    video_id: Key
    title: Key
    objective: VideoObjective
    role: Role | None = None  # the role it was made for
    theme: str | None = None
    duration_seconds: Positive | None = None
    key_message_seconds: Number | None = None  # where the message stands in the video
    published_date: Day | None = None
    expected_life_months: Positive | None = None  # its cost is spread over these
    owner: str | None = None


class Variant(Entry):
    key = ("variant_id",)
    refers = {"video_id": "videos"}

    variant_id: Key
    video_id: Key
    format: str | None = None
    language: str | None = None
    duration_seconds: Positive | None = None
    created_date: Day | None = None
    adaptation_cost: Amount | None = None  # what making it from the master cost
    new_asset_quote: Amount | None = None  # what shooting it anew would have cost
    currency_code: Currency | None = None

    @model_validator(mode="after")
    def _has_currency(self) -> Self:
        amounts = (self.adaptation_cost, self.new_asset_quote)
        if any(a is not None for a in amounts) and self.currency_code is None:
            raise ValueError(NO_CURRENCY_GIVEN)
        return self


class Placement(Entry):
    key = ("placement_id",)
    refers = {"variant_id": "variants"}

    placement_id: Key
    variant_id: Key
    channel: Key
    platform: Key
    # `account_id` in the file; in our tables that name means the catalogue itself.
    platform_account_id: str | None = Field(default=None, alias="account_id")
    platform_object_id: str | None = None  # the post, the ad; empty on own pages
    platform_video_id: str | None = None  # the video inside it, where that has an id
    page_path: str | None = None
    tag: str | None = None
    start_date: Day | None = None
    end_date: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start_date and self.end_date and self.end_date < self.start_date:
            raise ValueError(ENDS_BEFORE)
        return self


class ProductionCost(Entry):
    refers = {"video_id": "videos", "variant_id": "variants"}

    video_id: Key
    variant_id: str | None = None
    cost_date: Day
    category: Key
    amount: Amount
    currency_code: Currency
    note: str | None = None


class DeclaredObjective(Entry):
    """What a video was made for, said before it was published."""

    key = ("video_id", "objective")
    refers = {"video_id": "videos"}

    video_id: Key
    objective: Objective
    indicator: str | None = None
    second_indicator: str | None = None
    owner: str | None = None
    set_date: Day | None = None
    review_date: Day | None = None
    note: str | None = None


class Target(Entry):
    """What a KPI should reach; an empty video_id speaks for the whole objective."""

    key = ("video_id", "objective", "kpi", "period_start")
    refers = {"video_id": "videos"}

    video_id: str | None = None
    objective: Objective
    kpi: Key
    target: Number
    period_start: Day | None = None
    period_end: Day | None = None
    set_date: Day | None = None
    owner: str | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if (
            self.period_start
            and self.period_end
            and self.period_end < self.period_start
        ):
            raise ValueError(ENDS_BEFORE)
        return self


class Experiment(Entry):
    key = ("experiment_id",)
    refers = {"video_id": "videos"}

    experiment_id: Key
    name: str | None = None
    kind: Key  # holdout, geo, split, page
    channel: str | None = None
    video_id: str | None = None
    unit: str | None = None  # what was assigned: person, region, page
    treated: str | None = None  # who or what, parted by |
    control: str | None = None
    control_share: Number | None = None
    treated_units: Number | None = None
    control_units: Number | None = None
    treated_conversions: Number | None = None
    control_conversions: Number | None = None
    start_date: Day
    end_date: Day | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end_date and self.end_date < self.start_date:
            raise ValueError(ENDS_BEFORE)
        return self

    @model_validator(mode="after")
    def _arms_can_be(self) -> Self:
        share = self.control_share
        if share is not None and not 0 < share < 1:
            raise ValueError(NO_SHARE)
        for units, conversions in (
            (self.treated_units, self.treated_conversions),
            (self.control_units, self.control_conversions),
        ):
            counts = [each for each in (units, conversions) if each is not None]
            if any(each < 0 for each in counts):
                raise ValueError(BELOW_0)
            if len(counts) == 2 and counts[1] > counts[0]:
                raise ValueError(MORE_THAN_ALL)
        return self


class PageChange(Entry):
    refers = {"video_id": "videos"}

    change_date: Day
    page_path: Key
    change: Key  # embed, removal, failure, edit
    video_id: str | None = None
    note: str | None = None


class DefinitionChange(Entry):
    """A platform counts otherwise from this day on."""

    key = ("platform", "metric", "changed_date")

    platform: Key
    metric: Key
    changed_date: Day
    says: Key


class FxRate(Entry):
    key = ("date", "currency_code")

    date: Day
    currency_code: Currency
    rate_to_usd: Positive

    @model_validator(mode="after")
    def _usd_is_one(self) -> Self:
        if self.currency_code == "USD" and self.rate_to_usd != 1:
            raise ValueError(NOT_ONE)
        return self


class FinanceRow(Entry):
    """What accounting booked: the CRM is reconciled to it."""

    month: Month
    deal_id: str | None = None
    account: str | None = None
    amount: Amount
    currency_code: Currency

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if not (self.deal_id or self.account):
            raise ValueError(NOBODY)
        return self


# Table (and file) name -> model; masters before what refers to them.
FILES: dict[str, type[Entry]] = {
    "videos": Video,
    "variants": Variant,
    "placements": Placement,
    "production_costs": ProductionCost,
    "objectives": DeclaredObjective,
    "targets": Target,
    "experiments": Experiment,
    "page_changes": PageChange,
    "definition_changes": DefinitionChange,
    "fx_rates": FxRate,
    "finance": FinanceRow,
}
