-- One row per platform, channel, interaction and window: its claim beside our own count.
select * from {{ ref('mart_platform_claims') }}
