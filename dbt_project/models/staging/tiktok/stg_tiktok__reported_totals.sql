-- One row per TikTok Studio export, period, breakdown value and metric, as its file tells it; a key that
-- comes twice in a file (two objects of one name) is two rows. Never mixed into daily facts.
{{ reported_totals('tiktok') }}
