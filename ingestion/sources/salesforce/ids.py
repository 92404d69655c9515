"""Record ids as Salesforce prints them: 15 characters that know case and 3 that spell it out.

Used by the fakes alone. Not here: which record has which id (org.py).
"""

ACCOUNT, CONTACT, LEAD, OPPORTUNITY = "001", "003", "00Q", "006"
ORGANIZATION, HISTORY, ROLE, CAMPAIGN, MEMBER = "00D", "008", "00K", "701", "00v"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def salesforce_id(prefix: str, number: str | int) -> str:
    """The record of a kind (its prefix) with a number of ours."""
    left, digits = int(number), ""
    while left:
        left, digit = divmod(left, 62)
        digits = _BASE62[digit] + digits
    return lengthened(prefix + "5g" + digits.rjust(10, "0"))


def lengthened(short: str) -> str:
    """15 -> 18 characters: each of three checks tells which of five letters are upper case.

    Source: Salesforce, "18 character ID" (the case-safe form that the API returns).
    """
    checks = ""
    for start in (0, 5, 10):
        part = short[start : start + 5]
        bits = sum(1 << place for place, letter in enumerate(part) if letter.isupper())
        checks += _CHECKS[bits]
    return short + checks
