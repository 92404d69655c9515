"""How far each attribution method is from a known truth: python -m benchmarks.attribution."""
