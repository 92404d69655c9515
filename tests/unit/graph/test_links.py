"""Tagged links: what stands in them, and that dbt's macros say the same."""

import csv
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from jinja2 import Environment

from warehouse.graph import links

DBT = Path(__file__).parents[3] / "dbt_project"


def macros(name: str) -> Any:
    """The macros of a file, which need nothing of dbt."""
    text = (DBT / "macros" / f"{name}.sql").read_text()
    found: ModuleType = Environment().from_string(text).module  # type: ignore[assignment]
    return found


def asked(expression: str) -> Any:
    row = duckdb.sql(f"select {expression}").fetchone()
    assert row is not None
    return row[0]


def seed_channels() -> set[str]:
    with (DBT / "seeds" / "journey_channels.csv").open() as file:
        return {row["channel"] for row in csv.DictReader(file)}


def test_every_channel_of_a_link_is_one_of_the_journey() -> None:
    assert set(links.WORDS) <= seed_channels()


@pytest.mark.parametrize("channel", sorted(set(links.WORDS) - {"sales_room"}))
def test_words_of_a_link_tell_its_channel_without_the_code(channel: str) -> None:
    source, medium = links.WORDS[channel]
    expression = macros("channel_of").channel_of(
        f"'{source}'", f"'{medium}'", "null", "null"
    )
    assert asked(expression) == channel


@pytest.mark.parametrize("channel", sorted(seed_channels()))
def test_code_is_what_dbt_makes_of_variant_and_channel(channel: str) -> None:
    expression = macros("keys").tagging_code("'Tour-Wide_2'", f"'{channel}'")
    assert asked(expression) == links.code("Tour-Wide_2", channel)


def test_code_stands_in_the_words_of_an_ad_s_name() -> None:
    code = links.code("tour-wide", "tiktok_ads")
    assert code == "ph-tour-wide-tiktok-ads"
    for name in (f"EU|{code}|v2", f"EU {code.upper()}", f"eu_{code}_v2", code):
        assert code in asked(macros("dialect").name_words(f"'{name}'")), name


def test_code_of_an_odd_id_is_refused() -> None:
    with pytest.raises(links.LinkRefused, match='"größe 1" holds other characters'):
        links.code("größe 1", "meta")


def test_link_keeps_the_page_s_own_parameters_and_anchor() -> None:
    page = "https://x.example/demo?a=1&utm_source=old&b=#top"
    found = urlsplit(links.tagged(page, "meta", "tour", "ph-1"))
    assert parse_qs(found.query, keep_blank_values=True) == {
        "a": ["1"],
        "b": [""],
        "utm_source": ["facebook"],
        "utm_medium": ["paid_social"],
        "utm_campaign": ["tour"],
        "utm_content": ["ph-1"],
    }
    assert found[:3] == ("https", "x.example", "/demo")
    assert found.fragment == "top"


def test_link_of_an_own_post_names_its_network() -> None:
    found = links.tagged(
        "https://x.example", "social_organic", "tour", "c", platform="linkedin_pages"
    )
    assert found.startswith("https://x.example/?utm_source=linkedin&utm_medium=social&")


@pytest.mark.parametrize("page", ["demo", "ftp://x.example/", "https://", "/a?b"])
def test_link_to_no_web_address_is_refused(page: str) -> None:
    with pytest.raises(links.LinkRefused, match="is no web address: write it in full"):
        links.tagged(page, "meta", "tour", "c")


def test_link_in_a_channel_without_links_is_refused() -> None:
    with pytest.raises(links.LinkRefused, match='"direct" takes no link: use one of'):
        links.tagged("https://x.example/", "direct", "tour", "c")
