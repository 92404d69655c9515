"""Names of the warehouse's layers: folder = layer = schema.

A row's way: raw_<source> -> staging -> intermediate -> analysis -> marts -> published.
"""

STAGING = "staging"
INTERMEDIATE = "intermediate"
ANALYSIS = "analysis"
MARTS = "marts"
PUBLISHED = "published"
META = "meta"
QUARANTINE = "quarantine"


def raw(source: str) -> str:
    """Schema of a source's raw tables."""
    return f"raw_{source}"
