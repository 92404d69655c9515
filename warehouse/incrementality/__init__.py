"""Incrementality: what would not have happened without it, read from tests by region.

`lift.measure` compares treated regions with what the others say would have happened there;
`plan.plan` says beforehand which regions and how many days a test needs, `choose.choose`
which channel is worth one. `store.py` alone holds a connection to the warehouse. Not here:
credits of single conversions (warehouse/attribution), which stored tests correct.
"""
