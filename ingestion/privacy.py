"""What is kept of a person's address: a hash, made on the way in, the same in all sources.

Not here: whose address it is (the journey's models join on the hash).
"""

import hashlib


def email_hash(email: str) -> str:
    """The same for all who write an address the same, but for case and outer spaces."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def known_email(email: object) -> str | None:
    """The hash of an address, None where a platform gives none."""
    return email_hash(email) if isinstance(email, str) and email.strip() else None
