"""The dbt project itself: its unit tests, its descriptions, its groups, its contracts."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from dbt.cli.main import dbtRunner

from orchestration.resources import Dbt
from tests.support.handmade import write_raw
from warehouse.settings import Settings

LAYERS = {"staging", "intermediate", "marts", "published"}


@pytest.fixture(scope="module")
def dbt(tmp_path_factory: pytest.TempPathFactory) -> Dbt:
    """The project parsed once, over raw tables that are empty and typed."""
    settings = Settings(data_dir=Path(tmp_path_factory.mktemp("dbt")), mode="accounts")
    write_raw(settings, date(2026, 6, 30), {})
    return Dbt(settings)


@pytest.fixture(scope="module")
def models(dbt: Dbt) -> list[dict[str, Any]]:
    nodes = dbt.parse().to_dict()["nodes"].values()
    return [node for node in nodes if node["resource_type"] == "model"]


def test_unit_tests_beside_the_models_pass(dbt: Dbt) -> None:
    folder, target = str(dbt.settings.dbt_dir), str(dbt.target)
    result = dbtRunner(manifest=dbt.parse()).invoke(
        [
            *("--quiet", "build", "--select", "+test_type:unit", "--threads", "2"),
            *("--indirect-selection", "buildable"),
            *("--project-dir", folder, "--profiles-dir", folder),
            *("--target-path", target, "--log-path", target),
        ]
    )
    statuses = {r.node.name: str(r.status) for r in result.result.results}  # type: ignore[union-attr]
    wrong = {n: s for n, s in statuses.items() if s not in ("success", "pass")}
    assert not wrong
    assert sum(s == "pass" for s in statuses.values()) >= 7


def test_every_model_says_its_grain_first(models: list[dict[str, Any]]) -> None:
    silent = [m["name"] for m in models if "-- One row per" not in m["raw_code"][:400]]
    assert silent == []


def test_every_model_is_described_by_its_grain(models: list[dict[str, Any]]) -> None:
    silent = [
        m["name"] for m in models if not m["description"].startswith("One row per")
    ]
    assert silent == []


def test_every_grain_is_tested_there_or_in_the_mart_it_repeats(
    dbt: Dbt, models: list[dict[str, Any]]
) -> None:
    tested = {
        node["attached_node"]
        for node in dbt.parse().to_dict()["nodes"].values()
        if node.get("test_metadata", {}).get("name") == "unique_grain"
    }
    untested = [
        model["name"]
        for model in models
        if model["unique_id"] not in tested
        and not (
            model["schema"] == "published"
            and tested.intersection(model["depends_on"]["nodes"])
        )
    ]
    assert untested == []


def test_folder_is_layer_is_schema(models: list[dict[str, Any]]) -> None:
    for model in models:
        layer = Path(model["path"]).parts[0]
        assert layer in LAYERS
        assert model["schema"] == layer, model["name"]


def test_only_published_models_have_contracts_and_all_of_them_do(
    models: list[dict[str, Any]],
) -> None:
    for model in models:
        enforced = model["config"]["contract"]["enforced"]
        assert enforced == (model["schema"] == "published"), model["name"]


def test_every_public_column_is_described_once(models: list[dict[str, Any]]) -> None:
    for model in models:
        if model["schema"] == "published":
            for column in model["columns"].values():
                assert column["description"], (model["name"], column["name"])


def test_nothing_asks_the_wall_clock(models: list[dict[str, Any]]) -> None:
    for model in models:
        code = model["raw_code"].lower()
        for word in ("now()", "current_date", "current_timestamp", "today()"):
            assert word not in code, (model["name"], word)


def test_staging_reads_sources_and_nothing_else_does(
    models: list[dict[str, Any]],
) -> None:
    for model in models:
        reads = [n for n in model["depends_on"]["nodes"] if n.startswith("source.")]
        raw = [
            n
            for n in reads
            if n.split(".")[2] not in ("meta", "analysis", "quarantine")
        ]
        assert not raw or model["schema"] == "staging", model["name"]
