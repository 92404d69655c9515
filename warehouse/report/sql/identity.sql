-- One row: which generation this is.
select
    generation,
    as_of,
    mode,
    is_simulated
from published.snapshot
