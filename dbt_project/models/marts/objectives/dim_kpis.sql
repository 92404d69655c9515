-- One row per KPI: the dictionary, from the catalogue.
{{ kpi_dimension() }}
