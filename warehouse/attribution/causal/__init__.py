"""The flagship: what would not have happened without a channel, and how sure that is.

`model.attribute` takes arrays and gives credits per conversion and touch, a remainder
`not_caused`, and intervals. The steps, in order: doorways, rates, index, intent, scan, exposure,
moment, panel, hazards, demand, posterior, averaged, credits, lift. Not here: files
(touch_files.py), tables, SQL. Method and measured error: docs/attribution.md.
"""
