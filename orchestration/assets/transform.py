"""Transform: dbt in two groups with the Python results between them.

`prepare` is what attribution and learning read; `serve` is all that needs their results.
dbt's tests are the asset checks; a failed one stops the run before anything is published.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.keys import PREPARE, SERVE, WRITER, DbtKeys
from orchestration.resources import Dbt, failures
from warehouse.settings import Settings

# By folder: what Python reads, and the rest. The two never overlap (tested).
SELECT = {
    PREPARE: "fqn:playhead.staging fqn:playhead.intermediate fqn:playhead.marts.core "
    "resource_type:seed",
    SERVE: "fqn:playhead.marts.attribution fqn:playhead.marts.objectives "
    "fqn:playhead.marts.governance fqn:playhead.published",
}
TESTED = ("pass", "warn", "fail")


def dbt_group(dbt: Dbt, group: str) -> dg.AssetsDefinition:
    """All models of one group as assets, their tests as checks."""

    @dbt_assets(
        manifest=dbt.manifest_path,
        select=SELECT[group],
        name=group,
        dagster_dbt_translator=DbtKeys(group),
        pool=WRITER,
    )
    def build(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
    ) -> Iterator[Any]:
        # `settings` brings the lock of the data folder, also to these models alone
        keys = {
            props["unique_id"]: DbtKeys(group).get_asset_key(props)
            for props in dbt.parse().to_dict()["nodes"].values()
        }
        result = dbt.build(SELECT[group].split())
        yield from _events(result.results, keys, context.selected_asset_check_keys)
        wrong = failures(result)
        if wrong:
            said = "; ".join(f"{name}: {text}" for name, text in wrong.items())
            raise dg.Failure(description=said, allow_retries=False)

    return build


def _events(
    results: Any, keys: dict[str, dg.AssetKey], checks: AbstractSet[dg.AssetCheckKey]
) -> Iterator[Any]:
    for each in results:
        node = each.node
        if node.resource_type in ("model", "seed") and str(each.status) == "success":
            yield dg.MaterializeResult(
                asset_key=keys[node.unique_id],
                metadata={"seconds": round(each.execution_time, 3)},
            )
        elif node.resource_type == "test" and str(each.status) in TESTED:
            attached = keys.get(getattr(node, "attached_node", None) or "")
            if attached and dg.AssetCheckKey(attached, node.name) in checks:
                yield dg.AssetCheckResult(
                    asset_key=attached,
                    check_name=node.name,
                    passed=str(each.status) != "fail",
                    metadata={"failures": each.failures or 0},
                )
