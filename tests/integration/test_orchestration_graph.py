"""The asset graph: one lineage from API table to report, without gaps or phantoms."""

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

import orchestration.definitions
from ingestion.registry import sources
from orchestration.assets.transform import SELECT, members
from orchestration.definitions import build_defs
from orchestration.keys import (
    CLOCK,
    PREPARE,
    REPORT,
    SERVE,
    SNAPSHOT,
    WRITER,
    DbtKeys,
    raw_key,
)
from orchestration.resources import Dbt
from orchestration.runner import STAGES, stage_of
from warehouse.layout import ANALYSIS, META, PUBLISHED, QUARANTINE
from warehouse.settings import Settings


@pytest.fixture(scope="module")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    return Dbt(Settings(data_dir=Path(tmp_path_factory.mktemp("graph"))))


@pytest.fixture(scope="module")
def definitions(dbt: Dbt) -> dg.Definitions:
    return build_defs(dbt.settings, dbt)


@pytest.fixture(scope="module")
def graph(definitions: dg.Definitions) -> Any:
    return definitions.resolve_asset_graph()


@pytest.fixture(scope="module")
def manifest(dbt: Dbt) -> dict[str, Any]:
    return dbt.parse().to_dict()


def ancestors(graph: Any, key: dg.AssetKey) -> set[dg.AssetKey]:
    found: set[dg.AssetKey] = set()
    left = [key]
    while left:
        for parent in graph.get(left.pop()).parent_keys - found:
            found.add(parent)
            left.append(parent)
    return found


def test_every_key_is_a_table_somebody_makes(graph: Any) -> None:
    assert not graph.external_asset_keys, "a phantom: read, and made by no asset"
    schemas = {f"raw_{name}" for name in sources()}
    schemas |= {"staging", "intermediate", "marts"}
    schemas |= {ANALYSIS, META, PUBLISHED, QUARANTINE}
    for key in graph.get_all_asset_keys():
        assert len(key.path) == 2, key
        assert key.path[0] in schemas, key


def test_every_raw_table_is_an_asset_of_its_source(graph: Any) -> None:
    for name, source in sources().items():
        for table in source.SPEC.tables:
            node = graph.get(raw_key(name, table.name))
            assert node.is_materializable
            assert node.parent_keys == {CLOCK}
            assert node.tags["family"] == source.SPEC.family
            assert node.tags["cadence"] == source.SPEC.cadence


def test_every_table_that_dbt_reads_has_an_asset_upstream(
    graph: Any, manifest: dict[str, Any]
) -> None:
    for source in manifest["sources"].values():
        key = dg.AssetKey([source["schema"], source["name"]])
        assert graph.get(key).is_materializable, key


def test_every_model_has_the_parents_that_dbt_gives_it(
    graph: Any, manifest: dict[str, Any]
) -> None:
    nodes = {**manifest["nodes"], **manifest["sources"]}
    named = DbtKeys("any")
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            wanted = {
                named.get_asset_key(nodes[parent])
                for parent in node["depends_on"]["nodes"]
            }
            assert graph.get(named.get_asset_key(node)).parent_keys == wanted


def test_report_descends_from_the_clock_and_from_every_source(graph: Any) -> None:
    above = ancestors(graph, REPORT)
    assert {CLOCK, SNAPSHOT} <= above
    assert {f"raw_{name}" for name in sources()} <= {key.path[0] for key in above}
    # how fresh each source is comes from what its load wrote down
    status = dg.AssetKey([META, "source_status"])
    assert status in above
    assert {key.path[0] for key in ancestors(graph, status)} == {
        META,
        *(f"raw_{name}" for name in sources()),
    }


def test_every_published_table_is_in_the_snapshot(graph: Any) -> None:
    published = {
        key
        for key in graph.materializable_asset_keys
        if key.path[0] == PUBLISHED and key not in (SNAPSHOT, REPORT)
    }
    assert published
    assert graph.get(SNAPSHOT).parent_keys == published


def test_both_dbt_groups_together_are_all_models_and_never_overlap(
    definitions: dg.Definitions, manifest: dict[str, Any]
) -> None:
    by_group: dict[str, set[dg.AssetKey]] = {PREPARE: set(), SERVE: set()}
    for made in definitions.assets or ():
        if isinstance(made, dg.AssetsDefinition) and made.op.name in by_group:
            by_group[made.op.name] = set(made.keys)
    named = DbtKeys("any")
    models = {
        named.get_asset_key(node)
        for node in manifest["nodes"].values()
        if node["resource_type"] in ("model", "seed")
    }
    assert by_group[PREPARE] & by_group[SERVE] == set()
    assert by_group[PREPARE] | by_group[SERVE] == models


def test_what_prepare_makes_never_waits_for_python_or_serve(graph: Any) -> None:
    for key in graph.materializable_asset_keys:
        if graph.get(key).group_name == PREPARE:
            groups = {graph.get(parent).group_name for parent in ancestors(graph, key)}
            assert groups <= {PREPARE, "ingest"}, key


def test_every_selector_of_a_group_matches_something(manifest: dict[str, Any]) -> None:
    folders = {
        ".".join(node["fqn"][: depth + 1])
        for node in manifest["nodes"].values()
        for depth in range(len(node["fqn"]))
    }
    for selector in " ".join(SELECT.values()).split():
        kind, _, value = selector.partition(":")
        if kind == "fqn":
            assert value in folders, f"{selector} selects nothing"


def test_one_pool_serves_every_asset_that_writes(definitions: dg.Definitions) -> None:
    for made in definitions.assets or ():
        if isinstance(made, dg.AssetsDefinition):
            assert made.op.pool == WRITER, made.op.name


def test_every_step_counts_to_a_stage_that_the_summary_shows(
    definitions: dg.Definitions,
) -> None:
    steps = [node.name for node in definitions.resolve_job_def("nightly").nodes]
    assert len(steps) > len(STAGES)
    assert {stage_of(step) for step in steps} == set(STAGES)


def test_dagster_finds_the_whole_graph_and_nothing_else() -> None:
    # `dagster dev -m orchestration.definitions` takes what dir() names
    assert dir(orchestration.definitions) == ["defs"]


def test_every_dbt_test_on_a_model_is_a_check_of_its_asset(
    graph: Any, manifest: dict[str, Any]
) -> None:
    tests = {
        node["name"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "test" and node.get("attached_node")
    }
    checks = {key.name for key in graph.asset_check_keys}
    assert tests <= checks
    assert {k.name for k in graph.asset_check_keys if k.name == "fresh"} == {"fresh"}


def test_what_a_group_makes_is_what_the_graph_says_it_makes(
    graph: Any, dbt: Dbt
) -> None:
    manifest = dbt.parse()
    for group, names in members(manifest).items():
        made = [manifest.nodes[n] for n in names if not n.startswith("test.")]
        keys = {dg.AssetKey([node.schema, node.alias]) for node in made}
        assert keys == {
            key
            for key in graph.get_all_asset_keys()
            if graph.get(key).group_name == group
        }


def test_test_that_reads_both_groups_waits_for_the_later_one(dbt: Dbt) -> None:
    names = members(dbt.parse())
    both = "test.playhead.assert_every_method_sums_to_what_was_booked"
    assert both in names[SERVE]
    assert both not in names[PREPARE]
