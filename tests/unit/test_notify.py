"""Alerts are told once while they stand, the worst first, and a failed sending is tried again."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.errors import WanamakerError
from pipelines.notify import alert_message, check_addresses, failure_message, new_alerts, send, tell_alerts
from pipelines.settings import load_settings

COLUMNS = (
    "alert_id varchar, severity varchar, tell varchar, tell_user_name varchar, account_name varchar,"
    " amount decimal(18,2), reason varchar, raised_on date, is_highest_level boolean"
)


def publish(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts")
        connection.execute(f"create table marts.alerts ({COLUMNS})")
        for row in rows:
            connection.execute("insert into marts.alerts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return path


def alert(name: str, severity: str = "warning", amount: str = "100.00", *, highest: bool = True) -> tuple[Any, ...]:
    return (name, severity, "finance", None, f"Account {name}", amount, f"why {name}", "2026-03-01", highest)


@contextmanager
def listener(status: int = 200) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    heard: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"json://127.0.0.1:{server.server_port}", heard
    finally:
        server.shutdown()
        server.server_close()


def test_the_worst_come_first_and_only_the_highest_level_of_an_item(tmp_path: Path) -> None:
    path = publish(
        tmp_path / "figures.duckdb",
        [
            alert("a", "info", "9.00"),
            alert("b", "critical", "1.00"),
            alert("c", "critical", "2.00"),
            alert("d", "critical", "8.00", highest=False),
        ],
    )
    alerts, standing = new_alerts(path, set())
    assert [found["alert_id"] for found in alerts] == ["c", "b", "a"]
    assert standing == {"a", "b", "c"}


def test_an_alert_is_told_once_and_again_when_it_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "figures.duckdb"
    with listener() as (address, heard):

        def tell(*names: str) -> int:
            return tell_alerts(publish(path, [alert(name) for name in names]), tmp_path, [address], "CNY", "2026-03-01")

        assert tell("a", "b") == 2
        assert tell("a", "b") == 0
        assert tell("b") == 0
        assert tell("a", "b") == 1
    assert [message["title"] for message in heard] == [
        "wanamaker: 2 new alerts as of 2026-03-01",
        "wanamaker: 1 new alert as of 2026-03-01",
    ]
    assert heard[1]["message"] == "[warning] finance: Account a, CNY 100.00: why a"


def test_what_could_not_be_sent_is_tried_again(tmp_path: Path) -> None:
    path = publish(tmp_path / "figures.duckdb", [alert("a")])
    with listener(500) as (address, _), pytest.raises(WanamakerError, match="the next run tries again"):
        tell_alerts(path, tmp_path, [address], "CNY", None)
    with listener() as (address, heard):
        assert tell_alerts(path, tmp_path, [address], "CNY", None) == 1
    assert len(heard) == 1


def test_a_long_list_is_cut_and_says_where_the_rest_is() -> None:
    rows = [
        {"severity": "info", "whom": "Wei", "account_name": "A", "amount": None, "reason": f"why {number}"}
        for number in range(1_025)
    ]
    message = alert_message(rows, "CNY", "2026-03-01")
    assert message is not None
    lines = message.body.splitlines()
    assert len(lines) == 21
    assert lines[0] == "[info] Wei: A, CNY 0.00: why 0"
    assert lines[-1] == "and 1,005 more; see them with: wanamaker report alerts"


def test_a_failed_run_is_told_with_its_reason() -> None:
    with listener() as (address, heard):
        assert send(failure_message(WanamakerError("aging does not tie")), [address])
    assert (heard[0]["title"], heard[0]["message"]) == ("wanamaker: nothing was published", "aging does not tie")


def test_without_addresses_nobody_is_told_and_nothing_fails() -> None:
    assert send(failure_message(ValueError("why")), [])


def test_an_address_nobody_knows_is_refused_without_printing_its_secret() -> None:
    with pytest.raises(WanamakerError, match=r"no service knows \(carrier-pigeon\)") as refused:
        check_addresses(["carrier-pigeon://secret"])
    assert "secret" not in str(refused.value)


def test_addresses_come_from_the_environment_and_no_model_sees_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WANAMAKER_NOTIFY", "json://127.0.0.1:1 wecombot://key")
    settings = load_settings()
    assert settings.notify == ["json://127.0.0.1:1", "wecombot://key"]
    assert "notify" not in settings.variables
    assert "wecombot" not in repr(settings)
