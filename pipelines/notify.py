"""Tell people what a run found: alerts that stand since the last time, or why nothing was published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

from pipelines.errors import WanamakerError

TOLD = "told.json"
_MOST_LINES = 20
_SEVERITIES = ("critical", "warning", "info")


@dataclass(frozen=True)
class Message:
    """What is sent: a title, a body of plain lines, and what kind of news it is."""

    title: str
    body: str
    kind: Literal["warning", "failure"]


def new_alerts(published: Path, told: set[str]) -> tuple[list[dict[str, Any]], set[str]]:
    """The alerts that stand and were not told, the worst first, and the ids of all that stand.

    Of an item past several dunning levels only the highest one is told. Amounts are in company currency.
    """
    with duckdb.connect(str(published), read_only=True) as connection:
        rows = connection.execute(
            "select alert_id, severity, coalesce(tell_user_name, tell) as whom, account_name, amount, reason"
            " from marts.alerts where is_highest_level order by raised_on desc, alert_id"
        )
        names = [column[0] for column in rows.description]
        standing = [dict(zip(names, row, strict=True)) for row in rows.fetchall()]
    unknown = [alert for alert in standing if alert["alert_id"] not in told]
    unknown.sort(key=lambda alert: (_SEVERITIES.index(alert["severity"]), -(alert["amount"] or 0)))
    return unknown, {alert["alert_id"] for alert in standing}


def alert_message(alerts: Sequence[dict[str, Any]], currency: str, as_of: str | None) -> Message | None:
    """The alerts as a message, each with whom it concerns, or nothing where there are none."""
    if not alerts:
        return None
    lines = [
        f"[{alert['severity']}] {alert['whom']}: {alert['account_name']}, {currency} {alert['amount'] or 0:,.2f}: "
        f"{alert['reason']}"
        for alert in alerts[:_MOST_LINES]
    ]
    if len(alerts) > _MOST_LINES:
        lines.append(f"and {len(alerts) - _MOST_LINES:,} more; see them with: wanamaker report alerts")
    noun = "alert" if len(alerts) == 1 else "alerts"
    return Message(f"wanamaker: {len(alerts):,} new {noun} as of {as_of}", "\n".join(lines), "warning")


def failure_message(error: BaseException) -> Message:
    """Why a run published nothing."""
    words = str(error) or type(error).__name__
    return Message("wanamaker: nothing was published", words, "failure")


def send(message: Message, addresses: Sequence[str]) -> bool:
    """Send to every address; says whether all of them took it. Without addresses there is nobody to tell: true."""
    from apprise import Apprise, NotifyFormat

    if not addresses:
        return True
    sender = Apprise()
    for address in addresses:
        if not sender.add(address):
            raise WanamakerError(_unknown(address))
    return bool(
        sender.notify(title=message.title, body=message.body, notify_type=message.kind, body_format=NotifyFormat.TEXT)
    )


def check_addresses(addresses: Sequence[str]) -> None:
    """Raise WanamakerError for an address that no service knows, before anything is run."""
    if not addresses:
        return
    from apprise import Apprise

    for address in addresses:
        if not Apprise().add(address):
            raise WanamakerError(_unknown(address))


def tell_alerts(published: Path, data: Path, addresses: Sequence[str], currency: str, as_of: str | None) -> int:
    """Send what is new, then remember it: an alert is told once while it stands, and again when it comes back.

    Gives the number of alerts told. What could not be sent is not remembered, so the next run tries again.
    """
    alerts, standing = new_alerts(published, _read_told(data))
    message = alert_message(alerts, currency, as_of)
    if message is not None and not send(message, addresses):
        raise WanamakerError(
            f"{len(alerts):,} new alerts could not be sent to every address of `notify`; the next run tries again"
        )
    _write_told(data, standing)
    return len(alerts)


def _unknown(address: str) -> str:
    scheme = address.split("://", 1)[0] if "://" in address else "an address without ://"
    return (
        f"the setting notify has an address that no service knows ({scheme}); write it as Apprise does, "
        "such as wecombot://KEY, dingtalk://TOKEN, feishu://TOKEN, slack://… or mailto://user:password@host"
    )


def _read_told(data: Path) -> set[str]:
    try:
        return set(json.loads((data / TOLD).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return set()


def _write_told(data: Path, ids: set[str]) -> None:
    partial = data / f"{TOLD}.partial"
    partial.write_text(json.dumps(sorted(ids)), encoding="utf-8")
    partial.replace(data / TOLD)
