"""The persons who may become customers, and the accounts that half of them work for.

Everything here is hidden: a View shows people only as contacts, events and counts. Persons are
numbered region by region, so that a region is a slice. Not here: daily intent (exposure.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.world.channels import STOCKED
from ingestion.world.company import REGIONS
from ingestion.world.frames import Array, text
from ingestion.world.hashing import hash01, normal
from ingestion.world.settings import WorldSettings

ACCOUNT_SHARE = 0.04  # accounts per person
BORN_LATER = 0.38  # of persons, evenly over the days below
BIRTH_DAYS = 430
NEVER_SHARE = 0.03


@dataclass(frozen=True)
class People:
    """One value per person unless said otherwise."""

    region: Array
    bounds: Array  # (regions + 1,) first person of each region
    account: Array  # row of accounts, -1 for those on their own
    group: Array  # shares its market state: the account, or the person alone
    groups: int
    born: Array  # day from which the person exists
    intent: Array  # static z
    never: Array  # never buys
    affinity: Array  # (channels, persons), liking of a feed
    held_out: Array  # never shown retargeting: the audience hold-out
    small: Array  # buys the self-serve plan, if anything
    account_fit: Array  # per account
    account_region: Array  # per account


def build_people(settings: WorldSettings) -> People:
    seed, count = settings.seed, settings.persons
    number = np.arange(count)
    accounts = max(1, round(count * ACCOUNT_SHARE)) if settings.sales_led else 0
    edges = np.cumsum([region.share for region in REGIONS])[:-1]
    if accounts:
        size = np.cumsum(
            np.exp(0.9 * normal(seed, "account size", np.arange(accounts)))
        )
        pick = np.searchsorted(size, hash01(seed, "account", number) * size[-1])
        account = np.where(number < count // 2, pick, -1)
        fit = normal(seed, "fit", np.arange(accounts))
        home = np.searchsorted(
            edges, hash01(seed, "account region", np.arange(accounts))
        )
    else:
        account, fit, home = (
            np.full(count, -1),
            np.zeros(1),
            np.zeros(1, dtype=np.int64),
        )
    alone = account < 0
    region = np.where(
        alone, np.searchsorted(edges, hash01(seed, "region", number)), home[account]
    )
    order = np.argsort(region, kind="stable")
    account, region, alone = account[order], region[order], alone[order]
    group = np.where(alone, accounts + np.cumsum(alone) - 1, account)
    luck = hash01(seed, "born", number)
    channel = np.arange(STOCKED)[:, None]
    intent = normal(seed, "intent", number) + np.where(alone, 0.0, 0.5 * fit[account])
    return People(
        region=region,
        bounds=np.searchsorted(region, np.arange(len(REGIONS) + 1)),
        account=account,
        group=group.astype(np.int64),
        groups=int(accounts + alone.sum()),
        born=np.where(
            luck < BORN_LATER, np.floor(luck / BORN_LATER * BIRTH_DAYS), -999
        ).astype(int),
        intent=intent.astype(np.float32),
        never=hash01(seed, "never", number) < NEVER_SHARE,
        affinity=np.exp(0.6 * normal(seed, "affinity", channel, number)).astype(
            np.float32
        ),
        held_out=hash01(seed, "hold-out", number) < 0.30,
        small=(hash01(seed, "small", number) < np.where(account < 0, 0.62, 0.12)),
        account_fit=fit,
        account_region=home,
    )


def emails(people: People) -> Array:
    """Address of each person: work addresses tell the account, private ones do not."""
    return text(
        f"p{person + 1:05d}@"
        + ("mail.example" if account < 0 else f"firm-{account + 1}.example")
        for person, account in enumerate(people.account.tolist())
    )
