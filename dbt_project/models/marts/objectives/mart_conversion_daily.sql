-- One row per KPI of conversion, video and day ('all' for what cannot be split by video).
{{ objective_daily('conversion') }}
