-- One row per channel as a whole (video 'all') and per video that is switched by region on
-- purpose: what it added, the most first, beside what last touch says.
select
    evidence.channel,
    evidence.video_key,
    videos.title,
    evidence.evidence,
    evidence.evidence_grade as grade,
    evidence.leads,
    evidence.leads_p05 as low,
    evidence.leads_p95 as high,
    evidence.last_touch_leads as last
from published.attribution_evidence as evidence
left join published.videos using (video_key)
where evidence.leads is not null
order by evidence.leads desc, evidence.channel, evidence.video_key
