"""Every sentence of the page and the summary, one module per part of the page.

A sentence has a number, a comparison, a certainty and a consequence; what is not known
is said to be unknown. Plain text: the template escapes it. Not here: names of codes
(words.py), how a number looks (numbers.py), which sentence is asked for (the parts).
"""
