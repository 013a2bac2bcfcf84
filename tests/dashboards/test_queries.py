"""Queries against a published file with the marts' own columns."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from dashboards import queries
from dashboards.queries import AgingFilter
from tests.dashboards import published

AS_OF = published.AS_OF


def scalar(data: Path, sql: str) -> Decimal:
    """Give one value straight from the published file."""
    with duckdb.connect(os.path.realpath(data / "wanamaker.duckdb"), read_only=True) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    return Decimal(str(row[0]))


def test_no_pointer_means_nothing_was_published(folder: Path) -> None:
    with pytest.raises(queries.NothingPublishedError):
        queries.run()
    (folder / "wanamaker.duckdb").symlink_to("published/gone.duckdb")
    with pytest.raises(queries.NothingPublishedError):
        queries.run()


def test_a_file_that_is_no_database_is_unreadable(folder: Path) -> None:
    (folder / "wanamaker.duckdb").write_text("not a database, but long enough to be looked at" * 200)
    with pytest.raises(queries.UnreadableError):
        queries.run()


def test_a_missing_mart_or_column_is_named(folder: Path) -> None:
    published.build(folder, without=["channel_roi"])
    with pytest.raises(queries.MissingMartError, match="channel_roi"):
        queries.roi_models()
    with pytest.raises(queries.MissingMartError, match="no_such_column"):
        queries.fetch("select no_such_column from marts.lead_funnel")


def test_a_new_version_is_seen_at_once_while_the_old_one_is_held_open(folder: Path) -> None:
    old = published.build(folder)
    assert queries.run().run_id == "20261115T221500"
    with duckdb.connect(old, read_only=True, config=queries._SETTINGS):

        def rename(rows: dict[str, list[published.Row]]) -> None:
            rows["meta.runs"][0]["run_id"] = "20261116T080000"

        published.build(folder, changed=rename)
        assert queries.run().run_id == "20261116T080000"


def test_the_run_is_read_as_utc(company: Path) -> None:
    run = queries.run()
    assert run.as_of_date == AS_OF
    assert run.company_currency == "CNY"
    assert run.finished_at.utcoffset() is not None
    assert run.tests_passed == 214


def test_only_a_newest_run_that_published_nothing_counts_as_failed(folder: Path) -> None:
    runs = folder / "runs"
    runs.mkdir()
    (runs / "1.json").write_text(
        json.dumps({"run_id": "1", "status": "failed", "started_at": "2026-11-01T00:00:00+00:00"})
    )
    (runs / "2.json").write_text(
        json.dumps({"run_id": "2", "status": "published", "started_at": "2026-11-02T00:00:00"})
    )
    (runs / "3.json").write_text("{ torn")
    assert queries.failed_run() is None
    record = {"run_id": "4", "status": "error", "started_at": "2026-11-04T00:00:00", "message": "disk full"}
    (runs / "4.json").write_text(json.dumps(record))
    failed = queries.failed_run()
    assert failed is not None
    assert (failed.run_id, failed.message, failed.failed_tests) == ("4", "disk full", ())


def test_channels_add_up_to_the_total_in_every_model(company: Path) -> None:
    since, until = date(2025, 11, 1), date(2026, 10, 1)
    assert queries.roi_models() == ["first", "last", "linear"]
    for model in queries.roi_models():
        channels, total = queries.roi_by_channel(model, since, until), queries.roi_total(model, since, until).iloc[0]
        for name in ("cost", "booked_amount", "wins"):
            assert round(channels[name].sum(), 2) == round(total[name], 2)
            assert round(queries.roi_by_month(model, since, until)[name].sum(), 2) == round(total[name], 2)
        assert total["roi_booked"] == pytest.approx((total["booked_amount"] - total["cost"]) / total["cost"])
    outside = list(queries.roi_by_channel("linear", since, until)["channel"].tail(2))
    assert sorted(outside) == ["unassigned", "unattributed"]


def test_a_channel_without_spend_has_no_return(company: Path) -> None:
    rows = queries.roi_by_channel("linear", date(2025, 11, 1), date(2026, 10, 1)).set_index("channel")
    assert rows["roi_booked"].isna()["unattributed"]
    assert rows["roi_booked"]["unassigned"] == -1


def test_aging_adds_up_by_bucket_account_and_ledger(company: Path) -> None:
    for on in (AS_OF, date(2026, 6, 30)):
        aged, ledger = queries.tie_out(on)
        assert aged == pytest.approx(ledger, abs=0.001)
        for basis in ("due", "invoice"):
            chosen = AgingFilter(basis)
            assert sum(queries.aging(on, chosen).values()) == pytest.approx(ledger, abs=0.01)
            assert queries.aging_accounts(on, chosen, None).frame["amount"].sum() == pytest.approx(ledger, abs=0.01)


def test_aging_filters_narrow_every_view_alike(company: Path) -> None:
    chosen = AgingFilter("due", region="North", currency="CNY")
    expected = scalar(
        company,
        "select sum(amount) from marts.receivables_aging where basis = 'due' and region = 'North' and currency = 'CNY' "
        f"and reporting_date = date '{AS_OF}'",
    )
    assert sum(queries.aging(AS_OF, chosen).values()) == pytest.approx(float(expected), abs=0.01)
    assert queries.aging_accounts(AS_OF, chosen, None).frame["amount"].sum() == pytest.approx(float(expected), abs=0.01)
    last = queries.aging_history(AS_OF, 24, chosen).groupby("reporting_date")["amount"].sum().iloc[-1]
    assert last == pytest.approx(float(expected), abs=0.01)
    assert chosen.is_narrowed
    assert not AgingFilter("invoice").is_narrowed


def test_a_value_with_a_quote_is_only_a_value(company: Path) -> None:
    assert queries.aging(AS_OF, AgingFilter(region="' or 1=1 --")) == {}


def test_fewer_accounts_are_shown_than_there_are_and_the_number_is_told(company: Path) -> None:
    few = queries.aging_accounts(AS_OF, AgingFilter(), 3)
    assert few.frame["account_id"].nunique() == 3
    assert few.total == queries.aging_accounts(AS_OF, AgingFilter(), None).frame["account_id"].nunique()


@pytest.mark.parametrize("basis", ["due", "invoice"])
def test_documents_add_up_to_the_cell_that_opens_them(company: Path, basis: str) -> None:
    chosen = AgingFilter(basis)
    cells = queries.aging_accounts(AS_OF, chosen, None).frame
    for cell in cells[cells["bucket"] != "unapplied"].head(40).to_dict("records"):
        found = queries.open_items(AS_OF, chosen, str(cell["account_id"]), str(cell["bucket"]))
        assert found.frame["balance_amount"].sum() == pytest.approx(cell["amount"], abs=0.01)
        assert set(found.frame["file"]) == {"invoices_2026-11-15.csv"}
        assert found.frame["row_number"].notna().all()


def test_only_known_dimensions_can_be_asked_for(company: Path) -> None:
    assert "North" in queries.aging_choices("region")
    with pytest.raises(ValueError, match="amount"):
        queries.aging_choices("amount")


def test_levels_of_the_forecast_add_up_to_the_company(company: Path) -> None:
    company_row = queries.forecast(AS_OF, "2026-Q4").iloc[0]
    assert queries.forecast_levels(AS_OF, "2026-Q4") == ["team", "rep"]
    for level in ("team", "rep"):
        rows = queries.forecast_by(AS_OF, "2026-Q4", level).frame
        assert rows["won_amount"].sum() == pytest.approx(company_row["won_amount"], abs=0.05)
    assert queries.forecast_history("2026-Q4", date(2026, 10, 1), AS_OF)["reporting_date"].is_monotonic_increasing


def test_rows_of_every_file_are_accounted_for(company: Path) -> None:
    files = queries.files()
    parts = files.frame[["loaded", "unchanged", "duplicate", "rejected", "excluded"]].sum(axis=1)
    assert (files.frame["rows_read"] == parts).all()
    assert queries.sources()["rejected"].sum() == queries.rejects().total
    assert set(queries.rejects("leads_2026-11-15.csv").frame["file"]) == {"leads_2026-11-15.csv"}


def test_only_unclean_checks_are_listed(company: Path) -> None:
    assert list(queries.unclean_tests()["name"]) == ["every_split_adds_up_to_one"]


def test_sql_stands_in_queries_alone() -> None:
    home = Path(queries.__file__).parent
    offenders = [
        path.name
        for path in home.parent.rglob("*.py")
        if path.parent != home and ("duckdb" in path.read_text() or "queries.fetch(" in path.read_text())
    ]
    assert offenders == []
