"""Transform: dbt in two groups with the Python results between them.

`prepare` is what attribution and learning read; `serve` is all that needs their results.
dbt's tests are the asset checks; a failed one stops the run before anything is published.
What the same code would make of the same rows stays as it is (orchestration/due.py).
"""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets
from dbt.artifacts.resources.types import NodeType
from dbt.contracts.graph.manifest import Manifest

from orchestration.keys import PREPARE, SERVE, WRITER, DbtKeys
from orchestration.resources import BUILT_KINDS, Dbt, Refreshed, failures
from warehouse.settings import Settings

# By folder: what Python reads, and the rest. The two never overlap (tested).
FOLDERS = {
    PREPARE: ("staging", "intermediate", "marts.core"),
    SERVE: ("marts.attribution", "marts.objectives", "marts.governance", "published"),
}
SELECT = {
    group: " ".join(f"fqn:playhead.{folder}" for folder in folders)
    for group, folders in FOLDERS.items()
}
SELECT[PREPARE] += " resource_type:seed"
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
        manifest = dbt.parse()
        keys = {
            props["unique_id"]: DbtKeys(group).get_asset_key(props)
            for props in manifest.to_dict()["nodes"].values()
        }
        done = dbt.refresh(members(manifest)[group])
        for node, passed, metadata in _said(manifest, done):
            if node.resource_type is not NodeType.Test:
                key = keys[node.unique_id]
                yield dg.MaterializeResult(asset_key=key, metadata=metadata)
                continue
            attached = keys.get(getattr(node, "attached_node", None) or "")
            check = attached and dg.AssetCheckKey(attached, node.name)
            if check in context.selected_asset_check_keys:
                yield dg.AssetCheckResult(
                    asset_key=attached,
                    check_name=node.name,
                    passed=passed,
                    metadata=metadata,
                )
        wrong = failures(done)
        if wrong:
            said = "; ".join(f"{name}: {text}" for name, text in wrong.items())
            raise dg.Failure(description=said, allow_retries=False)

    return build


def members(manifest: Manifest) -> dict[str, set[str]]:
    """Ids of each group's models, seeds and tests; a test of both is of the later one."""
    folders = tuple(f"playhead.{folder}." for folder in FOLDERS[SERVE])
    late = {
        name
        for name, node in manifest.nodes.items()
        if node.resource_type is NodeType.Model
        and ".".join(node.fqn).startswith(folders)
    }
    late |= {
        name
        for name, node in manifest.nodes.items()
        if node.resource_type is NodeType.Test
        and not late.isdisjoint(node.depends_on_nodes)
    }
    every = {
        name
        for name, node in manifest.nodes.items()
        if node.resource_type in BUILT_KINDS
    }
    return {PREPARE: every - late, SERVE: late}


def _said(
    manifest: Manifest, done: Refreshed
) -> Iterator[tuple[Any, bool, dict[str, Any]]]:
    """Node, whether it passed, metadata: of all that stand, each after what it reads.

    What is unchanged stood or passed when it was made, or it would have been made now.
    """
    results = {each.node.unique_id: each for each in done.results}
    reads = {
        name: manifest.nodes[name].depends_on_nodes
        for name in (*results, *done.unchanged)
    }
    for name in TopologicalSorter(reads).static_order():
        result = results.get(name)
        if result is None:
            if name in reads:
                yield manifest.nodes[name], True, {"is_unchanged": True}
        elif str(result.status) == "success":
            yield result.node, True, {"seconds": round(result.execution_time, 3)}
        elif str(result.status) in TESTED:
            is_passed = str(result.status) != "fail"
            yield result.node, is_passed, {"failures": result.failures or 0}
