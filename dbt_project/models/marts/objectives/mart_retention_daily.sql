-- One row per KPI of retention, video and day ('all' for what cannot be split by video).
{{ objective_daily('retention') }}
