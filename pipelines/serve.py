"""`wanamaker serve`: Prefect's server on this machine and the pipeline on a schedule."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.errors import WanamakerError
from pipelines.flows import prefect_environment
from pipelines.notify import check_addresses
from pipelines.settings import Settings

HOST = "127.0.0.1"
_PATIENCE_SECONDS = 120


def serve(
    exports: Path,
    settings: Settings,
    assignments: dict[str, str],
    every: str,
    port: int,
    rules: Path | None,
    announce: Callable[[str], None],
) -> None:
    """Start the server, put the flow on its schedule, and work until interrupted.

    `every` is a cron line in the time zone of the settings. Raises WanamakerError where the line cannot be read, the
    exports are not there, or the port is taken.
    """
    if not exports.exists():
        raise WanamakerError(f"{exports}: there is no such file or folder; give the folder that exports arrive in")
    prefect_environment(settings.data)
    os.environ["PREFECT_API_URL"] = f"http://{HOST}:{port}/api"  # before Prefect is imported, or it starts another
    check_cron(every)
    check_addresses(settings.notify)
    settings.data.mkdir(parents=True, exist_ok=True)
    with _server(port, settings.data / "prefect" / "server.log"):
        announce(f"history of runs: http://{HOST}:{port}")
        announce(f"runs {exports} by the schedule {every} ({settings.timezone}); stop with Ctrl-C")
        _serve_flow(exports, settings, assignments, every, rules)


def _serve_flow(exports: Path, settings: Settings, assignments: dict[str, str], every: str, rules: Path | None) -> None:
    from prefect.schedules import Cron
    from prefect.types.entrypoint import EntrypointType

    from pipelines.scheduled import scheduled

    scheduled.serve(
        name="schedule",
        schedules=[Cron(every, timezone=settings.timezone)],
        parameters={
            "exports": str(exports.resolve()),
            "data": str(settings.data.resolve()),
            "assignments": assignments,
            "rules": str(rules.resolve()) if rules else None,
        },
        entrypoint_type=EntrypointType.MODULE_PATH,
        print_starting_message=False,
        limit=1,
    )


def check_cron(every: str) -> None:
    """Raise WanamakerError where `every` is not a cron line of five fields."""
    from prefect.client.schemas.schedules import CronSchedule
    from pydantic import ValidationError

    try:
        CronSchedule(cron=every)
    except (ValidationError, ValueError) as error:
        raise WanamakerError(
            f"--every {every!r} is not a schedule; write minute hour day month weekday, such as '30 6 * * 1-5'"
        ) from error


@contextmanager
def _server(port: int, log: Path) -> Iterator[None]:
    """Prefect's server with its pages, heard on this machine only, its words kept in `log`."""
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            raise WanamakerError(f"port {port} is taken by another program; give another with --port")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)],
            stdout=words,
            stderr=words,
            env={**os.environ, "PREFECT_UI_API_URL": f"http://{HOST}:{port}/api"},
        )
    try:
        _wait_for(process, port, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise WanamakerError(f"Prefect's server ended at once (code {process.returncode}); its words are in {log}")
        try:
            with urllib.request.urlopen(f"http://{HOST}:{port}/api/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise WanamakerError(f"Prefect's server did not answer within {_PATIENCE_SECONDS} s; its words are in {log}")
