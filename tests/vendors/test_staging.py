"""Staging: what a vendor's rows become in the template's columns; the models' own SQL, on rows written here."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.contracts import ROOT, load_contracts
from pipelines.ingest.raw import create_tables

pytestmark = pytest.mark.dbt

Row = dict[str, Any]


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Empty raw tables of all contracts, and the folder of the staging models' SQL."""
    base = tmp_path_factory.mktemp("staging")
    with duckdb.connect(str(base / "raw.duckdb")) as connection:
        create_tables(connection, load_contracts())
    target = base / "target"
    environment = {"WANAMAKER_RAW": str(base / "raw.duckdb"), "WANAMAKER_BUILD": str(base / "build.duckdb")}
    done = subprocess.run(
        [
            Path(sys.executable).with_name("dbt"),
            *("compile", "--select", "path:models/staging", "--quiet", "--no-populate-cache", "--no-introspect"),
            *("--profiles-dir", str(ROOT), "--target-path", str(target), "--log-path", str(base / "logs")),
        ],
        cwd=ROOT,
        env=os.environ | environment | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return base / "raw.duckdb", target / "compiled" / "wanamaker" / "models" / "staging"


class Vendor:
    """Raw rows of one source, and what its staging models make of them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, source: str, models: Path) -> None:
        self.connection, self.source, self.models = connection, source, models

    def has(self, table: str, *rows: Row, exported_at: str = "2026-02-01") -> Vendor:
        """Rows of a table, as of one export."""
        for number, row in enumerate(rows, 1):
            values = row | {"_exported_at": exported_at, "_is_deleted": False, "_file_id": "f", "_row_number": number}
            keyed = load_contracts().table(self.source, table).has_row_key
            values |= {"_row_key": int(re.sub(r"\D", "", exported_at)) * 1000 + number} if keyed else {}
            marks = ", ".join("?" for _ in values)
            self.connection.execute(
                f"insert into raw.{self.source}.{table} ({', '.join(values)}) values ({marks})", list(values.values())
            )
        return self

    def gives(self, entity: str, columns: str) -> list[tuple[Any, ...]]:
        """Columns of the staged entity, in order; timestamps and dates as text."""
        sql = (self.models / self.source / f"stg_{self.source}__{entity}.sql").read_text(encoding="utf-8")
        rows = self.connection.execute(f"select {columns} from ({sql}) as staged order by all").fetchall()
        return [tuple(str(value) if hasattr(value, "isoformat") else value for value in row) for row in rows]


@pytest.fixture
def vendor(compiled: tuple[Path, Path], request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Vendor]:
    """The source that the test's parameter names, without a row."""
    raw, models = compiled
    copy = tmp_path / "raw.duckdb"
    copy.write_bytes(raw.read_bytes())
    with duckdb.connect() as connection:
        connection.execute(f"attach '{copy}' as raw")
        yield Vendor(connection, request.param, models)


def of(source: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("vendor", [source], indirect=True)


def test_every_entity_has_the_columns_of_the_template(compiled: tuple[Path, Path]) -> None:
    raw, models = compiled
    with duckdb.connect() as connection:
        connection.execute(f"attach '{raw}' as raw (read_only)")
        shapes: dict[str, dict[str, list[tuple[Any, ...]]]] = {}
        for path in models.glob("*/stg_*.sql"):
            source, entity = path.stem.removeprefix("stg_").split("__")
            columns = connection.execute(f"describe {path.read_text(encoding='utf-8')}").fetchall()
            shapes.setdefault(entity, {})[source] = [column[:2] for column in columns]
    assert len(shapes) > 50
    odd = {
        (entity, source)
        for entity, of in shapes.items()
        for source in of
        if of[source] != of["custom" if "custom" in of else min(of)]
    }
    assert odd == set()


@of("salesforce")
def test_a_change_of_owner_told_by_name_is_one_of_ids(vendor: Vendor) -> None:
    vendor.has(
        "users",
        {"user_id": "005A", "name": "Ann Lee"},
        {"user_id": "005B", "name": "Bo Wu"},
        {"user_id": "005C", "name": "Two Of Them"},
        {"user_id": "005D", "name": "Two Of Them"},
    ).has(
        "opportunity_history",
        {"opportunity_id": "O1", "field": "Owner", "old_value": "Ann Lee", "new_value": "Bo Wu"},
        {"opportunity_id": "O2", "field": "Opportunity Owner", "old_value": "005A", "new_value": "Two Of Them"},
        {"opportunity_id": "O3", "field": "StageName", "old_value": "Ann Lee", "new_value": "Closed Won"},
    )
    assert vendor.gives("opportunity_history", "opportunity_id, field, old_value, new_value") == [
        ("salesforce:O1", "owner_id", "005A", "005B"),
        ("salesforce:O2", "owner_id", "005A", "Two Of Them"),
        ("salesforce:O3", "stage", "Ann Lee", "Closed Won"),
    ]


@of("salesforce")
def test_an_activity_finds_the_lead_the_deal_and_the_account_that_it_is_about(vendor: Vendor) -> None:
    vendor.has("leads", {"lead_id": "L1"}).has("contacts", {"contact_id": "C1", "account_id": "A2"})
    vendor.has("opportunities", {"opportunity_id": "O1", "account_id": "A1"}).has("accounts", {"account_id": "A1"})
    vendor.has(
        "activities",
        {
            "activity_id": "T1",
            "who_id": "L1",
            "what_id": "O1",
            "call_type": "Inbound",
            "created_at": "2026-01-05 08:00",
        },
        {"activity_id": "T2", "who_id": "C1", "what_id": "gone", "activity_on": "2026-01-06"},
        {"activity_id": "T3", "who_id": "L1", "is_removed": True},
    )
    columns = "activity_id, lead_id, opportunity_id, account_id, direction, occurred_at"
    assert vendor.gives("activities", columns) == [
        ("salesforce:T1", "salesforce:L1", "salesforce:O1", "salesforce:A1", "in", "2026-01-05 08:00:00"),
        ("salesforce:T2", None, None, "salesforce:A2", "out", "2026-01-06 00:00:00"),
    ]


@of("salesforce")
def test_a_record_in_the_recycle_bin_is_deleted_and_stays_so_in_history(vendor: Vendor) -> None:
    vendor.has("opportunities", {"opportunity_id": "O1", "stage": "Prospecting"}, exported_at="2026-01-01")
    vendor.has("opportunities", {"opportunity_id": "O1", "stage": "Prospecting", "is_removed": True})
    assert vendor.gives("opportunities", "opportunity_id") == []
    assert vendor.gives("opportunity_versions", "exported_at, is_deleted") == [
        ("2026-01-01 00:00:00", False),
        ("2026-02-01 00:00:00", True),
    ]


@of("salesforce")
def test_a_closed_deal_was_closed_on_its_close_date(vendor: Vendor) -> None:
    vendor.has(
        "opportunities",
        {"opportunity_id": "O1", "is_closed": True, "close_on": "2026-01-31"},
        {"opportunity_id": "O2", "is_closed": False, "close_on": "2026-01-31"},
    )
    assert vendor.gives("opportunities", "opportunity_id, closed_at") == [
        ("salesforce:O1", "2026-01-31 00:00:00"),
        ("salesforce:O2", None),
    ]


@of("salesforce")
def test_an_id_of_15_characters_and_its_form_of_18_are_one_record(vendor: Vendor) -> None:
    """The known pair of Salesforce's own documents; of the other only the case of letters differs, and so its ending."""
    vendor.has("accounts", {"account_id": "001A0000006Vm9uIAC", "name": "Acme"}, exported_at="2026-01-01")
    vendor.has("accounts", {"account_id": "001A0000006Vm9u", "name": "Acme Ltd"}, {"account_id": "001a0000006vm9u"})
    vendor.has("opportunities", {"opportunity_id": "006Q000000abcDE", "account_id": "001A0000006Vm9u"})
    vendor.has("opportunities", {"opportunity_id": "Globex / Valves", "account_id": "InternationalCo"})
    assert vendor.gives("accounts", "account_id, name") == [
        ("salesforce:001A0000006Vm9uIAC", "Acme Ltd"),
        ("salesforce:001a0000006vm9uAAA", None),
    ]
    assert vendor.gives("opportunities", "opportunity_id, account_id") == [
        ("salesforce:006Q000000abcDEIAY", "salesforce:001A0000006Vm9uIAC"),
        ("salesforce:Globex / Valves", "salesforce:InternationalCo"),
    ]


@of("salesforce")
def test_history_names_owners_by_ids_of_either_length(vendor: Vendor) -> None:
    change = {"opportunity_id": "006Q000000abcDE", "field": "OwnerId", "old_value": "005A0000006Vm9u"}
    vendor.has("opportunity_history", change | {"new_value": "005A0000006Vm9vIAC"})
    assert vendor.gives("opportunity_history", "opportunity_id, old_value, new_value") == [
        ("salesforce:006Q000000abcDEIAY", "005A0000006Vm9uIAC", "005A0000006Vm9vIAC")
    ]


@of("hubspot")
def test_a_stage_loses_its_pipeline_and_an_owner_gets_his_id(vendor: Vendor) -> None:
    vendor.has("owners", {"user_id": "9", "first_name": "Ann", "last_name": "Lee"})
    vendor.has("companies", {"account_id": "80", "name": "Globex"})
    vendor.has(
        "contact_deals", {"contact_id": "2", "opportunity_id": "11"}, {"contact_id": "1", "opportunity_id": "11"}
    )
    vendor.has(
        "deals",
        {
            "opportunity_id": "11",
            "stage": "Demo (Sales)",
            "pipeline": "Sales",
            "account_ids": "77; 78",
            "owner_id": "Ann Lee",
        },
        {"opportunity_id": "12", "stage": "Demo (late)", "pipeline": "Sales", "account_ids": "Globex", "owner_id": "9"},
        {"opportunity_id": "13", "stage": "Won"},
    )
    assert vendor.gives("opportunities", "opportunity_id, stage, account_id, owner_id, lead_id") == [
        ("hubspot:11", "Demo", "hubspot:77", "hubspot:9", "hubspot:1"),
        ("hubspot:12", "Demo (late)", "hubspot:80", "hubspot:9", None),
        ("hubspot:13", "Won", None, None, None),
    ]


@of("hubspot")
def test_a_contact_who_asked_for_something_is_a_lead(vendor: Vendor) -> None:
    vendor.has(
        "contacts",
        {"contact_id": "1", "first_name": "Na", "last_name": "Li", "lifecycle_stage": "Lead"},
        {"contact_id": "2", "lifecycle_stage": "Subscriber"},
        {"contact_id": "3"},
    )
    assert vendor.gives("contacts", "contact_id, name") == [
        ("hubspot:1", "Na Li"),
        ("hubspot:2", None),
        ("hubspot:3", None),
    ]
    assert vendor.gives("leads", "lead_id, person_name") == [("hubspot:1", "Na Li"), ("hubspot:3", None)]


@of("neocrm")
def test_a_name_becomes_the_id_that_one_record_of_that_name_has(vendor: Vendor) -> None:
    vendor.has("users", *({"user_id": f"U{n}", "name": name} for n, name in enumerate(["李娜", "王强", "王强"], 1)))
    vendor.has("accounts", {"account_id": "C1", "name": "某公司"})
    vendor.has(
        "opportunities",
        {"opportunity_id": "O1", "account_id": "某公司", "owner_id": "李娜", "campaign_id": "展会"},
        {"opportunity_id": "O2", "account_id": "C9", "owner_id": "王强"},
    )
    expected = [
        ("neocrm:O1", "neocrm:C1", "neocrm:U1", "neocrm:展会"),
        ("neocrm:O2", "neocrm:C9", "neocrm:王强", None),
    ]
    assert vendor.gives("opportunities", "opportunity_id, account_id, owner_id, campaign_id") == expected
    assert vendor.gives("opportunity_versions", "opportunity_id, account_id, owner_id, campaign_id") == expected


@of("neocrm")
def test_each_claim_and_return_that_exports_tell_is_a_step(vendor: Vendor) -> None:
    lead = {"lead_id": "L1", "owner_id": "U1", "claimed_at": "2026-01-05 08:00"}
    vendor.has("leads", lead)
    vendor.has("leads", lead | {"recycled_at": "2026-02-03 08:00"}, exported_at="2026-03-01")
    later = {"recycled_at": "2026-02-03 08:00", "claimed_at": "2026-03-05 08:00", "owner_id": "U2"}
    vendor.has("leads", lead | later, exported_at="2026-04-01")
    vendor.has(
        "pool_events",
        {"kind": "分配", "lead_id": "L2", "owner_id": "U1", "occurred_at": "2026-01-06 08:00"},
        {"kind": "领取", "account_id": "C1", "owner_id": "U1", "occurred_at": "2026-01-06 08:00"},
    )
    assert vendor.gives("lead_events", "lead_id, occurred_at, kind, owner_id") == [
        ("neocrm:L1", "2026-01-05 08:00:00", "claimed", "neocrm:U1"),
        ("neocrm:L1", "2026-02-03 08:00:00", "recycled", "neocrm:U1"),
        ("neocrm:L1", "2026-03-05 08:00:00", "claimed", "neocrm:U2"),
        ("neocrm:L2", "2026-01-06 08:00:00", "assigned", "neocrm:U1"),
    ]
    assert vendor.gives("account_events", "account_id, kind") == [("neocrm:C1", "claimed")]


@of("google_ads")
def test_the_overview_card_counts_only_where_no_campaign_report_does(vendor: Vendor) -> None:
    vendor.has(
        "campaign_days",
        {"spent_on": "2026-01-05", "campaign_name": "Brand", "campaign_type": "Search", "cost": 10},
        {"spent_on": "2026-01-05", "campaign_name": "Clips", "campaign_id": "7", "cost": 5},
    ).has("account_days", {"spent_on": "2026-01-05", "cost": 15}, {"spent_on": "2026-01-06", "cost": 16})
    assert vendor.gives("spend", "spent_on, campaign_id, channel, cast(cost as bigint)") == [
        ("2026-01-05", "google_ads:7", "paid_search", 5),
        ("2026-01-05", "google_ads:Brand", "Search", 10),
        ("2026-01-06", None, "paid_search", 16),
    ]
    assert vendor.gives("campaigns", "campaign_id, name") == [("google_ads:7", "Clips"), ("google_ads:Brand", "Brand")]


@of("linkedin_ads")
def test_the_group_of_linkedin_is_the_campaign(vendor: Vendor) -> None:
    vendor.has(
        "campaign_days",
        {
            "spent_on": "2026-01-05",
            "campaign_group_name": "Spring",
            "campaign_id": "7",
            "campaign_name": "DE",
            "cost": 1,
        },
        {"spent_on": "2026-01-05", "campaign_name": "Alone", "cost": 5},
    )
    assert vendor.gives("campaigns", "campaign_id, name") == [
        ("linkedin_ads:Alone", "Alone"),
        ("linkedin_ads:Spring", "Spring"),
    ]


@of("web")
def test_a_paid_click_is_named_by_its_source_and_any_other_link_by_its_medium(vendor: Vendor) -> None:
    vendor.has(
        "visits",
        {"visit_id": "1", "utm_source": "google", "utm_medium": "CPC", "utm_campaign": " Spring "},
        {"visit_id": "2", "utm_source": "news", "utm_medium": "email"},
        {"visit_id": "3", "referrer": "https://a.b"},
        {"visit_id": "4"},
    ).has("forms", {"submission_id": "5", "utm_source": "partner"})
    assert vendor.gives("touchpoints", "touchpoint_id, channel, campaign_id, kind") == [
        ("web:1", "google / cpc", "web:spring", "visit"),
        ("web:2", "email", None, "visit"),
        ("web:3", "referral", None, "visit"),
        ("web:4", "direct", None, "visit"),
        ("web:5", "partner", None, "form"),
    ]
    assert vendor.gives("campaigns", "campaign_id, name") == [("web:spring", " Spring ")]


@of("mailchimp")
def test_a_click_names_its_campaign_by_title_or_by_id(vendor: Vendor) -> None:
    vendor.has("campaigns", {"campaign_id": "abc", "name": "Spring", "sent_at": "2026-02-05 10:00"})
    vendor.has(
        "recipient_activity",
        {"email": "a@b.c", "campaign_id": "Spring", "action": "Click"},
        {"email": "b@b.c", "campaign_id": "abc", "action": "open"},
    )
    assert vendor.gives("touchpoints", "email, campaign_id, channel, kind") == [
        ("a@b.c", "mailchimp:abc", "email", "click"),
        ("b@b.c", "mailchimp:abc", "email", "open"),
    ]


@of("meta_ads")
def test_ads_on_other_sites_are_told_from_those_on_facebook(vendor: Vendor) -> None:
    day = {"spent_on": "2026-01-05", "campaign_name": "Spring", "cost": 1}
    vendor.has("campaign_days", day, day | {"platform": "Audience Network"})
    assert vendor.gives("spend", "channel") == [("Audience Network",), ("paid_social",)]


@of("tencent_ads")
def test_ads_in_official_accounts_are_told_from_those_elsewhere(vendor: Vendor) -> None:
    day = {"spent_on": "2026-01-05", "campaign_name": "春季", "cost": 1}
    vendor.has("campaign_days", day, day | {"placement": "微信公众号与小程序"})
    assert vendor.gives("spend", "channel") == [("paid_social",), ("微信公众号与小程序",)]


@of("events")
def test_a_webinar_is_told_from_a_trade_show(vendor: Vendor) -> None:
    attendance = {"occurred_at": "2026-02-01 09:00:00", "event_name": "Online", "event_id": "E-1"}
    vendor.has("attendees", attendance | {"channel": "Webinar"}, attendance | {"event_id": "E-2"})
    assert vendor.gives("campaigns", "campaign_id, channel") == [("events:E-1", "Webinar"), ("events:E-2", "events")]
    assert vendor.gives("touchpoints", "campaign_id, channel") == [("events:E-1", "Webinar"), ("events:E-2", "events")]


@of("events")
def test_an_attendance_without_an_event_is_a_touch_of_no_campaign(vendor: Vendor) -> None:
    attendance = {"occurred_at": "2026-02-01 09:00:00", "kind": "badge_scan"}
    vendor.has(
        "attendees",
        {"event_name": "Spring fair", "event_id": "E-1", "email": "ann@acme.com"} | attendance,
        {"event_name": "Unnamed", "event_id": None, "email": "bo@acme.com"} | attendance,
    )
    assert vendor.gives("campaigns", "campaign_id, name") == [("events:E-1", "Spring fair")]
    assert vendor.gives("touchpoints", "email, campaign_id") == [("ann@acme.com", "events:E-1"), ("bo@acme.com", None)]


@of("hubspot")
def test_ids_of_other_systems_that_records_hold_are_told_with_their_source(vendor: Vendor) -> None:
    """Salesforce's own known pair: HubSpot holds the form of 15 characters or that of 18."""
    vendor.has("companies", {"account_id": "1", "name": "Acme", "salesforce_account": " 001A0000006Vm9u"})
    vendor.has("companies", {"account_id": "2", "name": "Bolt", "salesforce_account": " ", "erp_account": "C-7"})
    vendor.has(
        "deals", {"opportunity_id": "9", "name": "Saw", "stage": "Won", "salesforce_opportunity": "006Q000000abcDEIAY"}
    )
    vendor.has("contacts", {"contact_id": "5", "salesforce_lead": "00Q000000000001"})
    sql = (vendor.models / "all" / "all_stated_ids.sql").read_text(encoding="utf-8")
    found = "select entity, record_id, source_name, other_source, other_own_id"
    assert vendor.connection.execute(f"{found} from ({sql}) order by all").fetchall() == [
        ("account", "hubspot:1", "hubspot", "salesforce", "001A0000006Vm9uIAC"),
        ("account", "hubspot:2", "hubspot", "custom", "C-7"),
        ("lead", "hubspot:5", "hubspot", "salesforce", "00Q000000000001EAA"),
        ("opportunity", "hubspot:9", "hubspot", "salesforce", "006Q000000abcDEIAY"),
    ]
