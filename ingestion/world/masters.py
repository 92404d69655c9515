"""The forty master videos as the marketing team lists them, and the pages of the site.

Literal tables only. What a video can do to people is not written here: it is drawn in catalogue.py,
or set by a story, and reaches no file that a fake serves. `part` is a word of this code alone.
"""

from __future__ import annotations

from typing import NamedTuple


class Master(NamedTuple):
    part: str  # which planted story it plays in; "" for none
    title: str
    objective: str
    role: str
    theme: str
    seconds: int
    published_day: int


# Objective and usual role: awareness attract, acquisition clarify, conversion convert,
# retention retain, credibility convince. Five differ on purpose. The first sixteen make a small
# world; the themes "compliance" and "growing teams" have no conversion video.
# fmt: off
MASTERS = (
    Master("brand", "Every shift has a story", "awareness", "attract",
           "calm mornings", 45, -190),
    Master("explainer", "Why rosters break on Tuesdays", "awareness", "clarify",
           "fair rosters", 88, -140),
    Master("demo", "A full tour in four minutes", "conversion", "convert",
           "less overtime", 236, -300),
    Master("testimonial", "How Hale & Sons filled every gap", "credibility", "convince",
           "calm mornings", 112, -260),
    Master("reminder", "Still planning on paper?", "conversion", "convert",
           "less overtime", 20, -75),
    Master("tiring", "Ten seconds to a full roster", "acquisition", "clarify",
           "fair rosters", 24, 52),
    Master("cut", "Swap a shift from your van", "acquisition", "clarify",
           "mobile crews", 30, -45),
    Master("onboarding", "Your first roster", "retention", "retain",
           "fair rosters", 140, -220),
    Master("embedded", "What planners do differently", "acquisition", "attract",
           "less overtime", 95, 170),
    Master("launch", "Meet the live board", "awareness", "attract",
           "mobile crews", 60, 240),
    Master("deep", "The Sunday that plans itself", "credibility", "convince",
           "fair rosters", 150, -12),
    Master("clip", "Rota chaos, one take", "acquisition", "clarify",
           "mobile crews", 16, 76),
    Master("unrelated", "Brindlemoor Trails: the charity ride", "awareness", "attract",
           "community", 82, -90),
    Master("", "Open shifts, filled", "conversion", "convert", "mobile crews", 48, -160),
    Master("", "Reading your labour report", "retention", "retain",
           "less overtime", 126, -130),
    Master("", "Rules that follow the law", "credibility", "convert",
           "compliance", 76, -110),
    Master("", "A day with a dispatcher", "awareness", "attract",
           "calm mornings", 64, -210),
    Master("", "Crews that find their way", "awareness", "attract", "mobile crews", 38, 24),
    Master("", "The cost of one missed visit", "awareness", "attract",
           "less overtime", 70, 96),
    Master("", "Planner talk: spring rush", "awareness", "attract",
           "growing teams", 58, 132),
    Master("", "Planner talk: holidays", "awareness", "attract", "fair rosters", 52, 12),
    Master("", "What fair looks like", "awareness", "convince", "fair rosters", 93, 205),
    Master("", "From 12 vans to 60", "awareness", "attract", "growing teams", 104, 286),
    Master("", "Shift planning in 60 seconds", "acquisition", "clarify",
           "fair rosters", 60, -240),
    Master("", "Five ways to lose a Monday", "acquisition", "clarify",
           "calm mornings", 72, -30),
    Master("", "Overtime, explained", "acquisition", "clarify", "less overtime", 54, 40),
    Master("", "Rest times made simple", "acquisition", "clarify", "compliance", 66, 115),
    Master("", "Import your spreadsheet", "acquisition", "convert",
           "growing teams", 42, 158),
    Master("", "Set up a crew in two minutes", "conversion", "convert",
           "mobile crews", 118, -170),
    Master("", "Pricing without surprises", "conversion", "convert",
           "less overtime", 57, -100),
    Master("", "What happens after you sign", "conversion", "convert",
           "calm mornings", 84, -20),
    Master("", "Compare: board or spreadsheet", "conversion", "convert",
           "fair rosters", 91, 66),
    Master("", "Connect your payroll", "conversion", "convert", "less overtime", 105, 145),
    Master("", "Answers for your IT team", "conversion", "convince",
           "calm mornings", 133, 222),
    Master("", "Invite your crew", "retention", "retain", "mobile crews", 62, -150),
    Master("", "Templates for busy weeks", "retention", "retain", "fair rosters", 74, -60),
    Master("", "Year-end reports", "retention", "retain", "compliance", 98, 30),
    Master("", "New: live board in depth", "retention", "retain", "mobile crews", 152, 252),
    Master("", "Meridian Lifts on compliance", "credibility", "convince",
           "compliance", 120, -80),
    Master("", "Tarn Electric, one year in", "credibility", "convince",
           "growing teams", 87, 180),
)
# fmt: on

OWNERS = ("Noor Brandt", "Isla Ferreira", "Tomas Lindqvist", "Ada Okafor")


class Page(NamedTuple):
    path: str
    kind: str  # home, product, content, form, app, support, other
    theme: str


# fmt: off
CONTENT_PAGES = tuple(
    Page(path, "content", theme)
    for path, theme in (
        ("/guides/shift-patterns", "fair rosters"),
        ("/guides/rota-template", "fair rosters"),
        ("/guides/overtime-rules", "less overtime"), ("/guides/rest-times", "compliance"),
        ("/guides/on-call-planning", "calm mornings"),
        ("/guides/route-planning", "mobile crews"),
        ("/guides/field-service-kpis", "growing teams"),
        ("/guides/hiring-a-dispatcher", "growing teams"),
        ("/guides/split-shifts", "fair rosters"), ("/guides/night-work", "compliance"),
        ("/guides/absence-cover", "calm mornings"),
        ("/guides/labour-cost-calculator", "less overtime"),
        ("/guides/shift-swap-policy", "fair rosters"),
        ("/guides/time-sheets", "less overtime"),
        ("/guides/van-stock", "mobile crews"), ("/guides/winter-rush", "calm mornings"),
        ("/guides/capacity-planning", "growing teams"),
        ("/guides/two-week-rota", "fair rosters"),
        ("/guides/lone-workers", "compliance"), ("/guides/shift-handover", "calm mornings"),
        ("/guides/overtime-calculator", "less overtime"),
        ("/guides/dispatch-board", "mobile crews"),
        ("/product/rosters", "fair rosters"), ("/product/live-board", "mobile crews"),
        ("/product/time-tracking", "less overtime"), ("/product/compliance", "compliance"),
        ("/product/mobile-app", "mobile crews"), ("/product/reports", "less overtime"),
        ("/industries/hvac", "calm mornings"), ("/industries/electrical", "growing teams"),
    )
)
# fmt: on
OTHER_PAGES = (
    Page("/", "home", "calm mornings"),
    Page("/pricing", "product", "less overtime"),
    Page("/demo", "form", "less overtime"),
    Page("/signup", "form", "fair rosters"),
    Page("/customers", "product", "calm mornings"),
    Page("/app/welcome", "app", "fair rosters"),
    Page("/app/billing", "app", "less overtime"),
    Page("/login", "support", "calm mornings"),
    Page("/help/reset-password", "support", "calm mornings"),
    Page("/trails", "other", "community"),
    Page("/room", "room", "calm mornings"),
)
PAGES = OTHER_PAGES + CONTENT_PAGES
