-- One row: the first day anything was measured.
select min(performance_date) as first_day from published.video_performance_daily
