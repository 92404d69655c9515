"""Since last time: decisions, restated figures, new warnings."""

from warehouse.report.model import Page
from warehouse.report.text import head
from warehouse.report.text import news as say
from warehouse.report.views import Block, Fact


def blocks(page: Page) -> list[Block]:
    facts = [Fact(say.decisions(page.issued)), Fact(say.taken_back(page.counters))]
    warnings = _warnings(page)
    if not warnings:
        facts.append(Fact(say.NO_NEWS))
    return [Block(facts=[*facts, *warnings])]


def _warnings(page: Page) -> list[Fact]:
    said = [head.stale(one) for one in page.sources if one.status == "stale"]
    said += [say.new_columns(one) for one in page.sources if one.new_columns]
    if page.counters.gaps:
        said.append(say.gaps(page.counters))
    said += [say.redefined(one.platform, one.definitions) for one in page.definitions]
    if page.spend.unconverted_rows:
        said.append(say.unconverted(page.spend.unconverted_rows))
    return [Fact(text, is_warning=True) for text in said]
