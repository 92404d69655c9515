-- One row per month of the close date: the CRM beside the finance file.
select * from {{ ref('mart_finance_reconciliation') }}
