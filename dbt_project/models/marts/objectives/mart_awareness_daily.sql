-- One row per KPI of awareness, video and day ('all' for what cannot be split by video).
{{ objective_daily('awareness') }}
