"""The flow that `wanamaker serve` puts on a schedule: one run of the pipeline, then what is new to whom it concerns."""

from __future__ import annotations

import atexit
import os
from pathlib import Path

from prefect import flow

from pipelines.errors import RunActiveError
from pipelines.flows import Request, refresh
from pipelines.notify import failure_message, send, tell_alerts
from pipelines.settings import load_settings
from pipelines.status import published_file


@flow(name="scheduled", validate_parameters=False, persist_result=False)
def scheduled(exports: str, data: str, assignments: dict[str, str], rules: str | None = None) -> None:
    """Run the whole pipeline once, in a process of its own, and tell the alerts that are new.

    A run that finds another one active leaves without noise; any other failure is told, then raised, so that the
    history of runs shows it too.
    """
    atexit.register(_hush)
    settings = load_settings(data=Path(data), **assignments)
    try:
        outcome = refresh(Request(settings, Path(exports), Path(rules) if rules else None))
    except RunActiveError as error:
        print(f"left alone: {error}")
        return
    except Exception as error:
        send(failure_message(error), settings.notify)
        raise
    as_of = outcome.record.as_of_date
    told = tell_alerts(published_file(settings.data), settings.data, settings.notify, settings.company_currency, as_of)
    print(f"published {outcome.record.published} as of {as_of}; {told:,} new alerts")


def _hush() -> None:
    """Let the process end without the pages that DuckDB's binding prints in its teardown."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
