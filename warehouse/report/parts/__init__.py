"""One module per part of the page: what is shown, in which order, with which sentence."""
