"""Columns of the Stripe tables: the API's names; moments come as epoch seconds.

Amounts stay in the currency's minor unit (`amount`); files tell them in the major one
(`amount_major`). Names are not asked for; addresses become hashes on the way in.
"""

from ingestion.spec import BOOL, INT, MONEY, STAMP, TEXT, Columns

CUSTOMERS: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "created": STAMP,
    "email_sha256": TEXT,
    "currency": TEXT,
    "delinquent": BOOL,
}
SUBSCRIPTIONS: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "customer": TEXT,
    "status": TEXT,
    "currency": TEXT,
    "created": STAMP,
    "start_date": STAMP,
    "canceled_at": STAMP,
    "ended_at": STAMP,
    "cancel_at_period_end": BOOL,
    "cancellation_reason": TEXT,
}
INVOICE_LINES: Columns = {
    "account_id": TEXT,
    "id": TEXT,
    "invoice": TEXT,
    "customer": TEXT,
    "subscription": TEXT,
    "status": TEXT,
    "created": STAMP,
    "period_start": STAMP,
    "period_end": STAMP,
    "currency": TEXT,
    "amount": INT,
    "amount_major": MONEY,
    "proration": BOOL,
}
