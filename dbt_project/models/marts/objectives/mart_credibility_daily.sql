-- One row per KPI of credibility, video and day ('all' for what cannot be split by video).
{{ objective_daily('credibility') }}
