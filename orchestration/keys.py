"""Asset keys = [schema, table] = name in the warehouse; group names; the one writer pool."""

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

from warehouse.layout import ANALYSIS, META, PUBLISHED, raw

WRITER = "warehouse_writer"  # DuckDB has one writing process
CLOCK = dg.AssetKey([META, "clock"])
SNAPSHOT = dg.AssetKey([PUBLISHED, "snapshot"])
REPORT = dg.AssetKey([PUBLISHED, "report"])
CREDITS = dg.AssetKey([ANALYSIS, "attribution_credits"])
CHANNEL_CREDITS = dg.AssetKey([ANALYSIS, "attribution_channels"])
EVIDENCE = dg.AssetKey([ANALYSIS, "attribution_evidence"])
USED_TESTS = dg.AssetKey([ANALYSIS, "attribution_tests"])
LIFT_TESTS = dg.AssetKey([ANALYSIS, "lift_tests"])
POSTERIORS = dg.AssetKey([ANALYSIS, "posterior_state"])
RECOMMENDATIONS = dg.AssetKey([ANALYSIS, "recommendation_ledger"])

INGEST = "ingest"
RECORDED = "records"
PREPARE = "prepare"
SERVE = "serve"


def raw_key(source: str, table: str) -> dg.AssetKey:
    return dg.AssetKey([raw(source), table])


class DbtKeys(DagsterDbtTranslator):
    """Sources: schema + table. Models: schema + name. Tests become asset checks."""

    def __init__(self, group: str) -> None:
        super().__init__(
            settings=DagsterDbtTranslatorSettings(enable_asset_checks=True)
        )
        self._group = group

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        props = dbt_resource_props
        name = props.get("identifier") or props.get("alias") or props["name"]
        return dg.AssetKey([props["schema"], name])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return self._group
