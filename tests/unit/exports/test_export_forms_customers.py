"""Files of Salesforce and Stripe: known by their headings, turned into what the API says."""

from datetime import UTC, date, datetime
from decimal import Decimal

from ingestion.privacy import email_hash
from tests.support.export_folder import Folder


def test_data_loader_file_of_opportunities_is_what_the_api_says(folder: Folder) -> None:
    folder.write(
        "org/opps.csv",
        '"ID","ACCOUNTID","STAGENAME","AMOUNT","CURRENCYISOCODE","CLOSEDATE","ISCLOSED",'
        '"ISWON","CREATEDDATE","ISDELETED"\n'
        '"0065g0000000001AAA","0015g0000000001AAA","Closed Won","1000.5","EUR",'
        '"2026-03-01","true","true","2026-01-02T10:00:00.000Z","false"\n',
    )
    (row,) = folder.rows("salesforce.opportunities")
    assert row["crm_account_id"] == "0015g0000000001AAA"
    assert (row["amount"], row["currency_iso_code"]) == (Decimal("1000.5"), "EUR")
    assert (row["is_closed"], row["is_won"], row["is_deleted"]) == (True, True, False)
    assert row["close_date"] == date(2026, 3, 1)
    assert row["created_date"] == datetime(2026, 1, 2, 10, tzinfo=UTC)


def test_report_of_opportunities_knows_by_the_stage_what_is_closed(
    folder: Folder,
) -> None:
    folder.write(
        "org/report.csv",
        "Opportunity ID,Stage,Amount,Close Date,Created Date\n"
        "0065g1,Closed Lost,20,2026-03-01,2026-01-02\n"
        "0065g2,Evaluation,30,2026-05-01,2026-01-03\n",
    )
    lost, still_open = folder.rows("salesforce.opportunities")
    assert (lost["is_closed"], lost["is_won"]) == (True, False)
    assert (still_open["is_closed"], still_open["is_won"]) == (False, False)


def test_leads_and_contacts_lose_their_addresses(folder: Folder) -> None:
    folder.write(
        "org/leads.csv",
        "Id,Email,Status,IsConverted,CreatedDate\n"
        "00Q1,Ada@One.example,Open,false,2026-01-02T10:00:00.000+0000\n",
    )
    folder.write(
        "org/contacts.csv",
        "Id,Email,AccountId,CreatedDate\n"
        "0031,ada@one.example,0011,2026-02-02T10:00:00.000Z\n",
    )
    (lead,), (contact,) = (
        folder.rows(f"salesforce.{table}") for table in ("leads", "contacts")
    )
    assert lead["email_sha256"] == email_hash("ada@one.example")
    assert contact["email_sha256"] == lead["email_sha256"]
    assert lead["is_converted"] is False


def test_stripe_invoices_tell_the_major_unit_and_the_service_period(
    folder: Folder,
) -> None:
    folder.write(
        "billing/invoices.csv",
        "id,Customer,Subscription,Subtotal,Total,Currency,Status,Date (UTC),"
        "Minimum Line Item Period Start (UTC),Maximum Line Item Period End (UTC)\n"
        "in_1,cus_1,sub_1,12.50,14.88,eur,paid,2026-01-01 00:00:00,"
        "2026-01-01 00:00:00,2026-02-01 00:00:00\n",
    )
    (row,) = folder.rows("stripe.invoice_lines")
    # without tax: 12.50, not 14.88
    assert (row["amount_major"], row["amount"]) == (Decimal("12.50"), None)
    assert row["period_end"] == datetime(2026, 2, 1, tzinfo=UTC)
    assert (row["id"], row["subscription"]) == ("in_1", "sub_1")


def test_stripe_customers_and_subscriptions_are_two_forms(folder: Folder) -> None:
    folder.write(
        "billing/customers.csv",
        "id,Description,Email,Name,Created (UTC)\n"
        "cus_1,,ada@one.example,Ada,2026-01-01 00:00:00\n",
    )
    folder.write(
        "billing/subscriptions.csv",
        "id,Customer ID,Customer Email,Plan,Currency,Status,Created (UTC),Start (UTC),"
        "Canceled At (UTC),Ended At (UTC)\n"
        "sub_1,cus_1,ada@one.example,basic,usd,canceled,2026-01-01 00:00:00,"
        "2026-01-01 00:00:00,2026-03-01 00:00:00,2026-03-01 00:00:00\n",
    )
    (customer,) = folder.rows("stripe.customers")
    (subscription,) = folder.rows("stripe.subscriptions")
    assert customer["email_sha256"] == email_hash("ada@one.example")
    assert subscription["ended_at"] == datetime(2026, 3, 1, tzinfo=UTC)
    assert subscription["customer"] == "cus_1"
