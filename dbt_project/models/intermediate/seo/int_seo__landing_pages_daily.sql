-- One row per platform, property, day, landing page, source, medium and tag: sessions as a web
-- analytics service counts them, without those who refuse to be counted. They stand beside our
-- own visits and are never added to them.
{{ union_rows('landing_pages', 'landing_pages_daily', 'landing_pages') }}
