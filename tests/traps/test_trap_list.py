"""Every trap that known systems fall into has a test: the list, by number.

The numbers are those of the project's list of traps; what each asserts says its name.
"""

import re
from pathlib import Path

HERE = "tests/traps/test_traps.py"
UNIT = "tests/unit"
TRAPS: dict[int, tuple[str, ...]] = {
    1: (f"{HERE}::test_a_measure_a_platform_lacks_is_null_and_no_other_measure",),
    2: (f"{HERE}::test_money_is_converted_at_the_dated_rate_or_flagged",),
    3: (f"{HERE}::test_claims_of_platforms_are_kept_apart_beside_our_own_count",),
    4: (f"{HERE}::test_spend_without_a_conversion_stays_visible",),
    5: (f"{HERE}::test_a_late_conversion_is_in_the_period_and_in_its_cohort",),
    6: (f"{HERE}::test_reach_is_nowhere_summed",),
    7: (f"{HERE}::test_percentage_viewed_is_time_over_time_and_no_mean_of_ratios",),
    8: (f"{HERE}::test_a_renamed_campaign_keeps_the_name_of_the_day",),
    9: (f"{HERE}::test_all_four_quartiles_are_kept_and_never_rise",),
    10: (f"{HERE}::test_rows_of_one_breakdown_do_not_overwrite_one_another",),
    11: (f"{UNIT}/ingestion/test_pipeline.py::"
         "test_a_reread_window_is_replaced_emptied_days_included",),
    12: (f"{HERE}::test_every_source_rereads_as_far_back_as_its_platform_restates",),
    13: (f"{UNIT}/ingestion/test_cast.py::test_missing_is_null_and_zero_is_zero",
         f"{HERE}::test_what_was_never_asked_for_is_null",),
    14: (f"{HERE}::test_an_error_is_no_empty_list",
         f"{UNIT}/ingestion/test_pipeline.py::"
         "test_a_list_that_shrinks_by_more_than_a_fifth_is_refused"),
    15: (f"{HERE}::test_search_totals_come_from_the_days_and_the_rest_is_coverage",),
    16: (f"{HERE}::test_appearances_are_never_added",),
    17: (f"{HERE}::test_an_event_that_came_late_is_in_the_journey",),
    18: (f"{UNIT}/ingestion/test_windows.py::test_split_covers_every_day_once",),
    19: ("tests/integration/test_dbt_project.py::"
         "test_every_grain_is_tested_there_or_in_the_mart_it_repeats",),
    20: (f"{HERE}::test_a_deal_won_before_its_first_contact_is_flagged_and_open_ones_count",
         "tests/integration/test_kpis_by_hand.py::"
         "test_cycle_medians_equal_the_survival_estimate_of_a_library"),
    21: (f"{HERE}::test_an_unknown_origin_is_shown_and_never_ranked",),
    22: (f"{UNIT}/learning/test_posteriors_recovery.py::"
         "test_best_variant_promises_what_it_keeps_where_a_raw_winner_does_not",),
    23: (f"{HERE}::test_nothing_is_lost_or_doubled_between_layers",),
    24: (f"{UNIT}/exports/test_export_files.py::"
         "test_file_is_read_alike_however_it_is_written",
         f"{UNIT}/exports/test_export_forms.py::"
         "test_ads_report_keeps_what_adds_up_and_its_total_row_apart",
         f"{UNIT}/exports/test_export_cells.py::"
         "test_heading_is_compared_without_soft_hyphens_and_odd_spaces",
         f"{UNIT}/exports/test_export_faults.py::test_file_is_refused_in_one_line"),
    25: (f"{HERE}::test_days_keep_their_zone_and_a_short_night_loses_nothing",
         f"{UNIT}/world/test_world_frames.py::"
         "test_days_are_bounded_by_local_midnight_through_the_clock_change"),
    26: (f"{HERE}::test_views_are_marked_at_a_redefinition_and_not_added_across_it",),
    27: (f"{HERE}::test_what_has_no_video_is_kept_as_unmatched",
         "tests/real/test_real_exports.py::test_channel_views_are_never_video_views"),
}  # fmt: skip


def test_every_trap_names_its_test() -> None:
    assert sorted(TRAPS) == list(range(1, 28))
    root = Path(__file__).parents[2]
    for name in (name for names in TRAPS.values() for name in names):
        path, test = name.split("::")
        assert re.search(rf"^def {test}\(", (root / path).read_text(), re.M), name
