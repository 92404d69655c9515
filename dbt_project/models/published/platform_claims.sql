-- One row per platform and channel: what it claims beside our own count.
select * from {{ ref('mart_platform_claims') }}
