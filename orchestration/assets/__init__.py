"""One file per verb. An asset is a sentence: it calls one function and reports."""
