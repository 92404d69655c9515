-- One row per KPI of acquisition, video and day ('all' for what cannot be split by video).
{{ objective_daily('acquisition') }}
