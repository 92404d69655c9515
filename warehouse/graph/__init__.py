"""The video graph, where no rule knows a video: proposals, and the file that takes them.

`run.py` reads the unmapped objects and the cuts of the catalogue from the warehouse,
`proposals.py` ranks the cuts for an object by `likeness.py`, `placements_file.py` adds
what a person accepts to the catalogue's file, `links.py` writes the codes by which rules
recognise a link. Not here: the rules themselves (dbt: int_assets__matched_objects).
"""
