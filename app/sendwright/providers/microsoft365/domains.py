"""The domains that organisations have from their beginning."""

INITIAL_DOMAINS = (".onmicrosoft.com", ".onmicrosoft.us", ".partner.onmschina.cn")
"""Every organisation has a domain below one of these. From there it reaches 100 external recipients a day (5.7.236)."""
