-- One row per KPI.
select
    kpi,
    objective,
    level,
    kind,
    unit,
    good,
    cast(version as varchar) as version,
    coalesce(says, '') as says,
    coalesce(formula, '') as formula,
    coalesce(evidence_grade, 'E') as evidence_grade
from published.kpis
order by objective, kpi
