"""One loopback server that answers as the platforms do, from the simulated company."""
