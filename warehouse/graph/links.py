"""Links that the rules recognise: the words of a channel, and the code of a placement.

The code goes into utm_content: the placement's tag, or `ph-<variant>-<channel>`, which
dbt makes the same way (macro tagging_code). Not here: which placement is meant.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# utm_source and utm_medium by which a visit's channel is known without its code, too
# (macro channel_of).
WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "youtube_organic": ("youtube", "video"),
        "youtube_ads": ("youtube", "paid_video"),
        "meta": ("facebook", "paid_social"),
        "retargeting": ("facebook", "retargeting"),
        "linkedin_ads": ("linkedin", "paid_social"),
        "tiktok_ads": ("tiktok", "paid_social"),
        "social_organic": ("social", "social"),
        "sales_room": ("sales_room", "referral"),
        "email": ("newsletter", "email"),
        "paid_search": ("google", "cpc"),
    }
)
# Own posts name their network.
NETWORKS: Mapping[str, str] = MappingProxyType(
    {
        "linkedin_pages": "linkedin",
        "facebook_pages": "facebook",
        "instagram": "instagram",
        "tiktok": "tiktok",
    }
)
_PLAIN = re.compile(r"[A-Za-z0-9._~-]+")


class LinkRefused(Exception):
    """No link can be made of this; the message quotes the value and the remedy."""


def code(variant_id: str, channel: str) -> str:
    """The code of a variant in a channel.

    Raises: LinkRefused where the variant's id holds what links write otherwise.
    """
    if not _PLAIN.fullmatch(variant_id):
        raise LinkRefused(
            f'"{variant_id}" holds other characters than letters, digits and . _ ~ -, '
            "which links write otherwise: give its placement a tag in placements.csv"
        )
    return f"ph-{variant_id}-{channel.replace('_', '-')}".lower()


def tagged(
    page: str, channel: str, campaign: str, content: str, *, platform: str = ""
) -> str:
    """The page's address with the four words; other parameters and the anchor stay.

    Raises: LinkRefused for what is no web address, or a channel that takes no link.
    """
    if channel not in WORDS:
        raise LinkRefused(
            f'"{channel}" takes no link: use one of {", ".join(sorted(WORDS))}'
        )
    parts = urlsplit(page)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise LinkRefused(
            f'"{page}" is no web address: write it in full, as https://example.com/demo'
        )
    source, medium = WORDS[channel]
    if channel == "social_organic":
        source = NETWORKS.get(platform, source)
    kept = [
        pair
        for pair in parse_qsl(parts.query, keep_blank_values=True)
        if pair[0] not in ("utm_source", "utm_medium", "utm_campaign", "utm_content")
    ]
    words = [
        ("utm_source", source),
        ("utm_medium", medium),
        ("utm_campaign", campaign),
        ("utm_content", content),
    ]
    return urlunsplit(
        (
            parts.scheme,
            parts.netloc,
            parts.path or "/",
            urlencode([*kept, *words]),
            parts.fragment,
        )
    )
