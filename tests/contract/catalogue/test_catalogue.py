"""The catalogue's files: what is read, what is refused and how it says so."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ingestion.cast import cast
from ingestion.errors import CatalogueInvalid
from ingestion.ingest import ingest
from ingestion.source import Ask
from ingestion.sources import catalogue
from ingestion.sources.catalogue import fake
from ingestion.sources.catalogue.files import read_folder
from ingestion.sources.catalogue.models import FILES
from ingestion.transport import Api
from ingestion.windows import Window
from ingestion.world.view import View
from warehouse import db
from warehouse.settings import Settings

EXAMPLE = Path(catalogue.__file__).parent / "example"
VIDEOS = "video_id,title,objective\nv1,One,awareness\nv2,Two,conversion\n"
VARIANTS = "variant_id,video_id\na1,v1\na2,v2\n"
PLACEMENTS = (
    "placement_id,variant_id,channel,platform,account_id,platform_object_id,tag"
)
ARMS = (
    "control_share,treated_units,control_units,treated_conversions,control_conversions"
)
EARLY_END = "e,geo,2026-02-02,2026-02-01\n"
AS_OF = date(2026, 3, 1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "catalogue"
    made.mkdir()
    return made


def write(folder: Path, **files: str | bytes) -> None:
    for name, text in files.items():
        content = text.encode() if isinstance(text, str) else text
        (folder / f"{name}.csv").write_bytes(content)


def refused(folder: Path) -> str:
    with pytest.raises(CatalogueInvalid) as caught:
        read_folder(folder)
    return str(caught.value)


def test_example_is_read_whole() -> None:
    rows = read_folder(EXAMPLE)
    assert {name for name, found in rows.items() if found} == set(FILES)
    for table in catalogue.SPEC.tables:
        typed = cast(table, rows[table.name])
        assert (typed.rejected, typed.new_columns) == ([], ()), table.name


def test_missing_folder_is_an_empty_catalogue(tmp_path: Path) -> None:
    assert all(rows == [] for rows in read_folder(tmp_path / "nowhere").values())


def test_missing_files_are_empty_tables(folder: Path) -> None:
    write(folder, fx_rates="date,currency_code,rate_to_usd\n2026-01-01,EUR,1.08\n")
    rows = read_folder(folder)
    assert len(rows["fx_rates"]) == 1 and rows["videos"] == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_are_read_right_however_they_save(
    folder: Path, encoding: str, end: str, delimiter: str
) -> None:
    lines = [
        "video_id,title,objective",
        "v1,Über Nacht,awareness",
        ",,",
        "v2,B,conversion",
    ]
    text = end.join(line.replace(",", delimiter) for line in lines) + end
    write(folder, videos=text.encode(encoding))
    rows = read_folder(folder)["videos"]
    assert [(r["video_id"], r["title"]) for r in rows] == [
        ("v1", "Über Nacht"),
        ("v2", "B"),
    ]
    assert rows[1]["row_number"] == 4  # the header is line 1, the empty line is 3


def test_semicolon_files_may_write_decimal_commas(folder: Path) -> None:
    write(
        folder,
        finance="month;account;amount;currency_code\n2026-02;A;-1234,50;EUR\n",
    )
    (row,) = read_folder(folder)["finance"]
    assert row["amount"] == Decimal("-1234.50")
    assert row["month"] == date(2026, 2, 1)


def test_quoted_cells_may_hold_delimiters_and_line_ends(folder: Path) -> None:
    write(folder, videos='video_id,title,objective\nv1,"One, two\nthree",awareness\n')
    assert read_folder(folder)["videos"][0]["title"] == "One, two\nthree"


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (
            {"videos": VIDEOS + "v1,Again,awareness\n"},
            'catalogue/videos.csv row 4: "v1" stands in row 2 already. Remove one.',
        ),
        (
            {"videos": VIDEOS + "v3,Three,fame\n"},
            'catalogue/videos.csv row 4: "fame" in column objective is no objective. '
            "Use one of awareness, acquisition, conversion, retention, credibility.",
        ),
        (
            {"videos": VIDEOS + "v3,,awareness\n"},
            "catalogue/videos.csv row 4: column title is empty. "
            "Fill it in, or remove the row.",
        ),
        (
            {"videos": "video_id,titel,objective\nv1,One,awareness\n"},
            'catalogue/videos.csv row 1: "title" is a column that this file needs. '
            'Rename "titel".',
        ),
        (
            {"videos": VIDEOS + "v3,Three, and more,awareness\n"},
            "catalogue/videos.csv row 4: has 4 cells where the header has 3. "
            'Put quotes round texts that hold a ",".',
        ),
        (
            {"videos": VIDEOS + 'v3,"Three,awareness\n'},
            "catalogue/videos.csv row 4: cannot be split into cells "
            "(unexpected end of data). "
            "Close the quotes, or save the file again from the spreadsheet.",
        ),
        (
            {"videos": b"video_id,title,objective\nv1,\xdcber,awareness\n"},
            "catalogue/videos.csv row 2: is not written in UTF-8. "
            'Save it as "CSV UTF-8".',
        ),
        (
            {"video": VIDEOS},
            "catalogue/video.csv: is no file of the catalogue. "
            "Rename it videos.csv, or move it elsewhere.",
        ),
        (
            {"videos": VIDEOS, "variants": VARIANTS + "a3,v9\n"},
            'catalogue/variants.csv row 4: "v9" in column video_id is not in '
            "videos.csv. Add it to videos.csv, or correct it.",
        ),
        (
            {
                "videos": VIDEOS,
                "variants": VARIANTS,
                "production_costs": "video_id,variant_id,cost_date,category,amount,"
                "currency_code\nv1,a2,2026-01-01,crew,10,EUR\n",
            },
            'catalogue/production_costs.csv row 2: "a2" is a variant of v2, not of v1. '
            "Correct one of the two.",
        ),
        (
            {
                "videos": VIDEOS,
                "variants": "variant_id,video_id,adaptation_cost,currency_code\n"
                "a1,v1,90,EUR\n",
                "production_costs": "video_id,variant_id,cost_date,category,amount,"
                "currency_code\nv1,a1,2026-01-01,adaptation,90,EUR\n",
            },
            'catalogue/production_costs.csv row 2: "a1" has its adaptation_cost in '
            "variants.csv already. Keep one of the two.",
        ),
        (
            {
                "videos": VIDEOS,
                "variants": VARIANTS,
                "placements": f"{PLACEMENTS}\n"
                "p1,a1,meta,meta_ads,1,77,t1\np2,a2,meta,meta_ads,1,77,t2\n",
            },
            'catalogue/placements.csv row 3: "77" is placed by row 2 already. '
            "Remove one: what a platform shows is one placement.",
        ),
        (
            {
                "videos": VIDEOS,
                "variants": VARIANTS,
                "placements": f"{PLACEMENTS}\n"
                "p1,a1,meta,meta_ads,1,77,t1\np2,a2,meta,meta_ads,1,78,t1\n",
            },
            'catalogue/placements.csv row 3: "t1" is the tag of row 2 already. '
            "Give each placement a tag of its own, or leave it empty.",
        ),
        (
            {"page_changes": "change_date,page_path,change\n31.12.2025,/,edit\n"},
            'catalogue/page_changes.csv row 2: "31.12.2025" in column change_date is '
            "no date. Write dates as 2026-03-31.",
        ),
        (
            {
                "page_changes": "change_date,page_path,change\n"
                "2026-01-01,/,edit\n2026-01-01,/,edit\n"
            },
            'catalogue/page_changes.csv row 3: "this row" stands in row 2 already. '
            "Remove one, or tell them apart in a column note.",
        ),
        (
            {"experiments": "experiment_id,kind,start_date,end_date\n" + EARLY_END},
            'catalogue/experiments.csv row 2: "e" ends before it starts. '
            "Swap the dates.",
        ),
        *(
            (
                {"experiments": f"experiment_id,kind,start_date,{ARMS}\n" + cells},
                f'catalogue/experiments.csv row 2: "h" {why}',
            )
            for cells, why in (
                (
                    "h,holdout,2026-01-01,1.5,9,9,1,1\n",
                    "has a control_share that is no share. Write the share held out, "
                    "above 0 and below 1.",
                ),
                (
                    "h,holdout,2026-01-01,0.5,9,-9,1,\n",
                    "counts less than nobody. Correct the count.",
                ),
                (
                    "h,holdout,2026-01-01,0.5,9,9,10,1\n",
                    "has more conversions than units in an arm. Count each unit once.",
                ),
            )
        ),
        (
            {"fx_rates": "date,currency_code,rate_to_usd\n2026-01-01,eur,1.1\n"},
            'catalogue/fx_rates.csv row 2: "eur" in column currency_code is no currency '
            "code. Use three capital letters such as EUR.",
        ),
        (
            {"fx_rates": "date,currency_code,rate_to_usd\n2026-01-01,EUR,0\n"},
            'catalogue/fx_rates.csv row 2: "0" in column rate_to_usd is not above 0. '
            "Correct the number.",
        ),
        (
            {
                "finance": 'month,account,amount,currency_code\n2026-02,A,"1,234.5",EUR\n'
            },
            'catalogue/finance.csv row 2: "1,234.5" in column amount is no number. '
            "Write numbers as 1234.56, without thousands separators.",
        ),
        (
            {"finance": "month;account;amount;currency_code\n2026-02;A;1.234;EUR\n"},
            'catalogue/finance.csv row 2: "1.234" in column amount may mean thousands '
            "or decimals. Write 1234 or 1.2340, so that it means one thing.",
        ),
        (
            {"finance": "month,account,amount,currency_code\n2026-02-14,A,1,EUR\n"},
            'catalogue/finance.csv row 2: "2026-02-14" in column month is no month. '
            "Write months as 2026-03.",
        ),
        (
            {"finance": "month,amount,currency_code\n2026-02,12,EUR\n"},
            'catalogue/finance.csv row 2: "2026-02" names neither deal_id nor account. '
            "Fill in one of them.",
        ),
        (
            {
                "finance": "month,account,amount,currency_code,row_number\n2026-02,A,1,EUR,1\n"
            },
            'catalogue/finance.csv row 1: "row_number" is a column that Playhead writes '
            "itself. Rename it.",
        ),
    ],
)
def test_wrong_row_is_refused_with_file_row_value_and_remedy(
    folder: Path, files: dict[str, str], says: str
) -> None:
    write(folder, **files)
    assert refused(folder) == says


def settings_of(folder: Path, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data", mode="accounts", own_catalogue_dir=folder
    )


def count(settings: Settings, table: str) -> int:
    with db.reader(settings.warehouse_path) as con:
        found = con.execute(f"select count(*) from raw_catalogue.{table}").fetchone()
    assert found is not None
    return int(found[0])


def test_wrong_file_keeps_the_last_good_catalogue(folder: Path, tmp_path: Path) -> None:
    settings = settings_of(folder, tmp_path)
    write(folder, videos=VIDEOS, variants=VARIANTS)
    assert ingest(catalogue, settings, as_of=AS_OF).status == "fresh"
    write(folder, videos=VIDEOS, variants=VARIANTS + "a3,v9\n")
    outcome = ingest(catalogue, settings, as_of=AS_OF)
    assert outcome.status == "stale"
    assert outcome.reason is not None and "variants.csv row 4" in outcome.reason
    assert (count(settings, "videos"), count(settings, "variants")) == (2, 2)


def test_catalogue_that_lost_most_rows_is_taken_when_that_is_said_to_be_right(
    folder: Path, tmp_path: Path
) -> None:
    settings = settings_of(folder, tmp_path)
    many = VIDEOS + "".join(f"w{i},More,retention\n" for i in range(30))
    write(folder, videos=many)
    ingest(catalogue, settings, as_of=AS_OF)
    write(folder, videos=VIDEOS)
    refused = ingest(catalogue, settings, as_of=AS_OF)
    assert "2 videos" in str(refused.reason) and "--accept-shrink" in str(
        refused.reason
    )
    assert count(settings, "videos") == 32  # a copy that broke off looks the same
    meant = replace(settings, accept_shrink=True)
    assert ingest(catalogue, meant, as_of=AS_OF).status == "fresh"
    assert count(settings, "videos") == 2


def test_unknown_columns_are_kept_and_named(folder: Path, tmp_path: Path) -> None:
    write(folder, videos="video_id,title,objective,mood\nv1,One,awareness,calm\n")
    outcome = ingest(catalogue, settings_of(folder, tmp_path), as_of=AS_OF)
    assert outcome.new_columns == {"videos": ("mood",)}


def test_nothing_is_read_before_it_is_iterated(folder: Path, tmp_path: Path) -> None:
    write(folder, videos="broken")
    api = Api(catalogue.SPEC, settings_of(folder, tmp_path))
    catalogue.read(api, Ask(("catalogue",), Window(AS_OF, AS_OF), AS_OF))


def test_sandbox_files_are_a_right_catalogue(unit_view: View, tmp_path: Path) -> None:
    fake.write_files(unit_view, tmp_path)
    rows = read_folder(tmp_path)
    assert len(rows["videos"]) == len(unit_view.videos)
    assert len(rows["variants"]) == len(unit_view.variants)
    assert len(rows["placements"]) == len(unit_view.placements)
    shown = {row["placement_id"]: row for row in rows["placements"]}
    for placement in unit_view.placements.rows():
        row = shown[placement["placement_id"]]
        ended = placement["end_day"] < unit_view.days
        assert (row["end_date"] is not None) == ended


def test_sandbox_files_stay_untouched_when_nothing_changed(
    unit_view: View, tmp_path: Path
) -> None:
    fake.write_files(unit_view, tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    fake.write_files(unit_view, tmp_path)
    assert {p.name: p.stat().st_mtime_ns for p in tmp_path.iterdir()} == before
