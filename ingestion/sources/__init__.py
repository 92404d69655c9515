"""One folder, one source."""
