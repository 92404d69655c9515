"""Stripe's dashboard exports: customers, subscriptions, invoices. Times are UTC.

Amounts are told in the major unit ("12.50"), unlike the API's. Not here: conversion.
"""

from ingestion.exports.shapes import Cell, Form, Rows
from ingestion.privacy import email_hash

_CUSTOMERS = {
    "id": Cell("id"),
    "created": Cell("created (utc)"),
    "email_sha256": Cell("email", wrap=email_hash),
    "currency": Cell("currency"),
}
_SUBSCRIPTIONS = {
    "id": Cell("id"),
    "customer": Cell("customer id"),
    "status": Cell("status"),
    "currency": Cell("currency"),
    "created": Cell("created (utc)"),
    "start_date": Cell("start (utc)|start date (utc)"),
    "canceled_at": Cell("canceled at (utc)"),
    "ended_at": Cell("ended at (utc)"),
}
_LINES = {
    "id": Cell("id"),  # a file tells an invoice as one line
    "invoice": Cell("id"),
    "customer": Cell("customer"),
    "subscription": Cell("subscription"),
    "status": Cell("status"),
    "created": Cell("date (utc)|created (utc)"),
    "period_start": Cell("minimum line item period start (utc)"),
    "period_end": Cell("maximum line item period end (utc)"),
    "currency": Cell("currency"),
    "amount_major": Cell("subtotal"),
}

FORMS = (
    Form(
        "Stripe customers",
        "stripe",
        ("id", "email", "created (utc)"),
        (Rows("customers", _CUSTOMERS, days=("created",)),),
        without=("customer id", "customer", "subtotal"),
    ),
    Form(
        "Stripe subscriptions",
        "stripe",
        ("id", "customer id", "status", "start (utc)|start date (utc)"),
        (Rows("subscriptions", _SUBSCRIPTIONS, days=("created",)),),
    ),
    Form(
        "Stripe invoices",
        "stripe",
        (
            "id",
            "customer",
            "subscription",
            "subtotal",
            "minimum line item period start (utc)",
        ),
        (Rows("invoice_lines", _LINES, days=("created",)),),
    ),
)
