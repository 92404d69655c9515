"""What every source folder must have, whoever adds it: names what was forgotten."""

import importlib
import re
from pathlib import Path

import pytest
import yaml

import ingestion.sources
from ingestion.registry import sources
from ingestion.spec import SourceSpec
from ingestion.world.view import View
from orchestration.cli.sources import example
from warehouse.layout import raw

REPOSITORY = Path(__file__).parents[2]
STAGING = REPOSITORY / "dbt_project" / "models" / "staging"
FAMILIES = (REPOSITORY / "dbt_project" / "macros" / "families.sql").read_text()

every_source = pytest.mark.parametrize("name", sources())


def spec(name: str) -> SourceSpec:
    return sources()[name].SPEC


def folder(name: str) -> Path:
    return Path(ingestion.sources.__path__[0]) / name


def family(name: str) -> list[str] | None:
    """The sources that the macro lists for a family; None where it lists none."""
    found = re.search(rf'"{name}": \[([^\]]*)\]', FAMILIES)
    return re.findall(r'"(\w+)"', found[1]) if found else None


def test_every_folder_is_a_source_of_that_name() -> None:
    folders = {p.name for p in folder("").iterdir() if (p / "__init__.py").exists()}
    assert set(sources()) == folders
    assert all(re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) for name in sources())


@every_source
def test_source_has_its_sheet_and_its_columns(name: str) -> None:
    assert (folder(name) / "columns.py").exists()
    sheet = (folder(name) / "README.md").read_text()
    for what in ("zone", "re-read|restate"):
        assert re.search(what, sheet, re.IGNORECASE), f"{name}/README.md: {what}?"
    if spec(name).hosts:
        for what in ("quota|limit|version", r"v\d|version"):
            assert re.search(what, sheet, re.IGNORECASE), f"{name}/README.md: {what}?"


@every_source
def test_source_has_a_fake_that_answers_or_writes_files(
    name: str, unit_view: View
) -> None:
    fake = importlib.import_module(f"ingestion.sources.{name}.fake")
    if spec(name).hosts:
        assert fake.routes(unit_view)
    else:
        assert callable(fake.write_files)


@every_source
def test_dbt_knows_exactly_the_raw_tables_of_the_source(name: str) -> None:
    (path,) = (STAGING / name).glob("*__sources.yml")
    assert path.name == f"_{name}__sources.yml"
    (declared,) = yaml.safe_load(path.read_text())["sources"]
    assert (declared["name"], declared["schema"]) == (name, raw(name))
    tables = [table["name"] for table in declared["tables"]]
    assert sorted(tables) == sorted(table.name for table in spec(name).tables)


@every_source
def test_staging_models_carry_the_name_of_their_source(name: str) -> None:
    models = list((STAGING / name).glob("*.sql"))
    assert models
    assert all(model.name.startswith(f"stg_{name}__") for model in models)
    assert (STAGING / name / f"_{name}__models.yml").exists()


@every_source
def test_source_is_in_the_list_of_its_family(name: str) -> None:
    listed = family(spec(name).family)
    counted = family("counters") or []  # a platform without daily reports
    assert listed is None or name in {*listed, *counted}
    assert (name in (family("reported_totals") or ())) == spec(name).has_reported_totals


@every_source
def test_every_setting_says_what_it_is(name: str) -> None:
    assert all(setting.says for setting in spec(name).settings)


@every_source
def test_the_sheet_says_where_the_credential_comes_from(name: str) -> None:
    sheet = (folder(name) / "README.md").read_text()
    if spec(name).takes_credential:
        told = sheet.partition("\n## Credential\n")[2].partition("\n## ")[0]
        assert f"`playhead auth {name}`" in told, f"{name}/README.md: ## Credential?"


@every_source
def test_a_consent_has_settings_for_what_it_leaves(name: str) -> None:
    names = {setting.name for setting in spec(name).settings}
    consent = spec(name).consent
    if consent is None:
        assert "REFRESH_TOKEN" not in names, f"{name}: a consent gives that"
        return
    assert {*consent.client} <= names
    assert names & {"REFRESH_TOKEN", "ACCESS_TOKEN"}
    assert ("SERVICE_ACCOUNT" in names) == bool(consent.service_account)
    for url in (consent.authorize_url, consent.token_url):
        assert url.startswith("https://"), url


@every_source
def test_every_table_says_what_a_load_replaces(name: str) -> None:
    for table in spec(name).tables:
        assert set(table.grain) <= set(table.columns)
        if table.is_window:
            assert table.replaced_by == ("account_id", table.window_column), table.name
        if not table.is_list and not table.is_window:
            assert set(table.replaced_by) <= set(table.grain) | {"file"}, table.name


def test_the_example_file_is_what_the_command_writes() -> None:
    text = (REPOSITORY / ".env.example").read_text()
    assert text == example(), "write it: playhead sources --env > .env.example"
