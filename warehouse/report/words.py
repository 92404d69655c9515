"""Names: what a key, a code or a column is called on the page.

Not here: sentences (text.py). An unknown code is shown as it is, with spaces.
"""

OBJECTIVES = {
    "awareness": ("Awareness", "Were the right people reached, and did they watch?"),
    "acquisition": ("Acquisition", "Did they come closer?"),
    "conversion": ("Conversion", "Did it close business?"),
    "retention": ("Retention", "Do they stay and grow?"),
    "credibility": ("Credibility", "Do they believe us?"),
    "unset": ("No objective", "What is it for?"),
}
# Which of an objective's indicators leads its card, where it has several.
LEADING = (
    "hook_rate",
    "view_to_lead_rate",
    "attributed_revenue",
    "returning_viewers",
    "proof_coverage",
)
GRADES = {
    "A": ("experiment", "caused"),
    "B": ("quasi-experiment", "very likely caused"),
    "C": ("calibrated model", "is expected to bring"),
    "D": ("attribution", "goes along with"),
    "E": ("correlation", "goes along with"),
}
# What a figure rests on: the name of its kind, and how it was seen.
EVIDENCE = {
    "experiment": ("experiment", "in tests with it and without"),
    "flights": ("flights by region", "region beside region"),
    "visits": (
        "visits compared",
        "among visits that became a lead and those that did not",
    ),
}
# Why a lift test corrects no credit.
UNUSED_TESTS = {
    "unsound": "it is not sound",
    "in_flights": "the flights read the same days",
    "unknown_channel": "the channel is in no figure",
    "not_read": "not read yet",
}
GRADE_NOTES = (
    ("A", "experiment: may say “caused”"),
    ("B", "quasi-experiment that passed its placebo: “very likely caused”"),
    ("C", "model calibrated by experiments or by its own forecasts: “expected”"),
    ("D", "attribution: “goes along with”, may only trigger a test"),
    ("E", "correlation: “goes along with”, may only trigger a test"),
)
MOVES_MONEY = frozenset("ABC")
CHANNELS = {
    "youtube_organic": "YouTube, unpaid",
    "youtube_ads": "YouTube ads",
    "meta": "Meta ads",
    "retargeting": "Retargeting",
    "linkedin_ads": "LinkedIn ads",
    "tiktok_ads": "TikTok ads",
    "social_organic": "Social, unpaid",
    "site_player": "Own site",
    "sales_room": "Sales room",
    "email": "E-mail",
    "organic_search": "Unpaid search",
    "paid_search": "Paid search",
    "referral": "Referral",
    "direct": "Direct visits",
    "not_caused": "Would have come anyway",
    "unattributed": "No touch on record",
    "unmapped": "Unknown channel",
    "all": "all channels",
}
ACRONYMS = {"cpm", "cpv", "cpcv", "roas", "iroas", "nps", "nrr", "grr", "mql", "cac"}
ACRONYMS |= {"ctr", "sql", "crm", "id"}
PRODUCTS = {
    "youtube": "YouTube",
    "facebook_pages": "Facebook Pages",
    "instagram": "Instagram",
    "tiktok": "TikTok",
    "linkedin_pages": "LinkedIn Pages",
    "google_ads": "Google Ads",
    "meta_ads": "Meta Ads",
    "tiktok_ads": "TikTok Ads",
    "linkedin_ads": "LinkedIn Ads",
    "search_console": "Search Console",
    "ga4": "GA4",
    "hubspot": "HubSpot",
    "salesforce": "Salesforce",
    "site_events": "Site events",
    "wistia": "Wistia",
    "stripe": "Stripe",
    "surveys": "Surveys",
    "reviews": "Reviews",
    "catalogue": "The team's catalogue",
}
CONVERSIONS = {
    "lead": ("lead", "leads"),
    "opportunity": ("opportunity", "opportunities"),
    "won": ("won deal", "won deals"),
}
ACTIONS = {
    "scale": "Give more to",
    "hold": "Keep as it is:",
    "retire": "Stop",
    "vary": "Make a new cut of",
    "reuse": "Bring back",
    "shift": "Move money to",
    "test": "Test",
}
SUCCESSES = {
    "hook_rate": "three-second plays",
    "link_ctr": "clicks",
    "play_rate": "plays",
    "quartile_reach_75": "plays of three quarters",
    "like_rate": "likes",
    "view_to_lead_rate": "leads",
}
SUBJECTS = {
    "spend": "media spend that belongs to a known video",
    "mapped_spend": "media spend that belongs to a video of the catalogue",
    "watch_seconds": "seconds watched that belong to a known video",
    "sessions": "site sessions with a known origin",
    "visits": "site visits of people known by address or login",
    "leads": "leads who were seen on the site",
    "deals": "deals with a contact who was seen watching",
}
TOUCHES = {
    "social": "views, watch time and retention curves of unpaid video",
    "paid": "spend, costs per result and every ranking by cost",
    "seo": "search clicks and the demand for the brand",
    "journey": "leads, deals, attribution and what is learnt from them",
    "own": "objectives, targets and production costs",
}
FAMILIES = {
    "social": "unpaid video",
    "paid": "paid media",
    "seo": "search",
    "journey": "journey",
    "own": "catalogue",
}
LABELS = {
    "grades": "How sure is that?",
    "numbers": "The numbers",
    "behind": "Details",
    "parts": "Parts",
    "source": "Source",
    "evidence": "evidence",
}
PARTS = (
    ("sentences", "In three sentences"),
    ("objectives", "Five objectives"),
    ("alternatives", "Here rather than there"),
    ("news", "Since last time"),
    ("videos", "Videos"),
    ("system", "How video feeds the system"),
    ("reuse", "Reuse"),
    ("record", "Track record"),
    ("trust", "Can this be trusted?"),
)


def plain(code: str | None) -> str:
    """hook_rate -> Hook rate; cpm -> CPM."""
    if not code:
        return "unknown"
    words = [w.upper() if w in ACRONYMS else w for w in code.split("_") if w]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def inline(code: str | None) -> str:
    """The same inside a sentence: link CTR, hook rate."""
    first, _, rest = plain(code).partition(" ")
    first = first if first.lower() in ACRONYMS else first.lower()
    return f"{first} {rest}".strip()


def objective(code: str | None) -> str:
    return OBJECTIVES[code][0] if code in OBJECTIVES else plain(code)


def channel(code: str | None) -> str:
    return CHANNELS.get(code or "", plain(code))


def platform(code: str | None) -> str:
    return PRODUCTS.get(code or "", plain(code))


def subject(code: str) -> str:
    """What a share of coverage is a share of; views stand beside their definition."""
    name, _, definition = code.partition(": ")
    if name == "mapped_views":
        return f"views that belong to a video of the catalogue ({inline(definition)})"
    return SUBJECTS.get(code, plain(code))


def verb(grade: str) -> str:
    """What a grade of evidence may say; an unknown grade claims the least."""
    return GRADES.get(grade, GRADES["E"])[1]


def conversions(code: str, number: float) -> str:
    one, many = CONVERSIONS.get(code, (code, code))
    return one if number == 1 else many
