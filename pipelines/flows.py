"""The flow `refresh`: ingest → build → publish, with retries where a retry can help and a record of the run."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from pipelines.contracts import load_contracts
from pipelines.errors import FiguresFailedError, WanamakerError, rows_in_words
from pipelines.foresight import stops
from pipelines.ingest.discover import MAPPING_NAMES, Problem
from pipelines.ingest.load import Options, Report, ingest
from pipelines.ingest.mapping import Mapping, read_mapping
from pipelines.publish import POINTER, publish
from pipelines.runs import RunRecord, new_run_id, now, only_run
from pipelines.settings import Settings
from pipelines.transform import BuildResult, build

if TYPE_CHECKING:
    from collections.abc import Iterator

_PASSING = {errno.EAGAIN, errno.EBUSY, errno.EINTR, errno.EIO, errno.ESTALE, errno.ETIMEDOUT}
_SHOWN_TESTS = 5
_Result = TypeVar("_Result")


@dataclass(frozen=True)
class Request:
    """What a run is asked to do; without `exports` raw is brought in line with what landed before."""

    settings: Settings
    exports: Path | None = None
    rules: Path | None = None
    mapping: Path | None = None
    exported_at: datetime | None = None
    accept_shrink: bool = False
    rebuild: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a run did."""

    record: RunRecord
    report: Report
    build: BuildResult


def may_pass(error: BaseException) -> bool:
    """Whether trying again can help: a busy file or network drive, never a full disk or a wrong file."""
    if isinstance(error, OSError):
        return error.errno in _PASSING
    return isinstance(error, duckdb.IOException) and "lock" in str(error).lower()


def refresh(request: Request, progress: Callable[[str], None] = lambda _: None) -> Outcome:
    """Run the whole pipeline once as a Prefect flow; one at a time in a data folder.

    Raises RunActiveError where another run works, FiguresFailedError where a test of a figure failed
    (nothing is published), and WanamakerError for what a user can mend.
    """
    data = request.settings.data
    with only_run(data):
        record = RunRecord(new_run_id(data), now().isoformat())
        try:
            prefect_environment(data)
            return _flow(request, record, progress)
        except BaseException as error:
            if record.status == "running":
                record.status = "error"
                record.message = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
            raise
        finally:
            record.finished_at = now().isoformat()
            record.write(data)


def _flow(request: Request, record: RunRecord, progress: Callable[[str], None]) -> Outcome:
    with _timed(record, "prefect_import"):
        from prefect import flow, task

    def step(name: str, function: Callable[..., _Result]) -> Callable[..., _Result]:
        def timed(*arguments: Any) -> _Result:
            progress(name)
            with _timed(record, name):
                return function(*arguments)

        return task(  # type: ignore[no-any-return, call-overload]
            timed,
            name=name,
            retries=2,
            retry_delay_seconds=[2, 10],
            retry_condition_fn=lambda _task, _run, state: may_pass(state.result(raise_on_failure=False)),
            persist_result=False,
            cache_policy=None,
            log_prints=False,
        )

    @flow(name="refresh", validate_parameters=False, persist_result=False)
    def walk() -> Outcome:
        report = step("ingest", ingest_step)(request, progress)
        record.files = [asdict(file) for file in report.files]
        record.problems = [asdict(problem) for problem in report.problems]
        result = step("build", build_step)(request)
        record.seconds |= {name: round(seconds, 3) for name, seconds in result.seconds.items()}
        note_tests(record, result)
        if result.failed:
            words = failure_words(result, report, foresee(request))
            record.status, record.message = "failed", words
            raise FiguresFailedError(record.message)
        path = step("publish", publish_step)(request, record, result, report)
        record.status, record.published = "published", path.name
        return Outcome(record, report, result)

    before = time.monotonic()
    try:
        return walk()
    finally:
        steps = sum(record.seconds.get(name, 0.0) for name in ("ingest", "build", "publish"))
        record.seconds["prefect_flow"] = round(time.monotonic() - before - steps, 3)


def ingest_step(request: Request, progress: Callable[[str], None]) -> Report:
    """Load the exports, or derive raw again from landing."""
    settings, contracts = request.settings, load_contracts()
    if request.rebuild:
        for suffix in ("", ".wal"):
            (settings.data / f"raw.duckdb{suffix}").unlink(missing_ok=True)
    options = Options(settings.timezone, request.exported_at, request.accept_shrink, settings.memory_limit)
    report = ingest(request.exports, settings.data, contracts, find_mapping(request), options, progress)
    if request.exports is not None and not report.files and report.problems:
        first = report.problems[0]
        more = f" (and {len(report.problems) - 1} more; see wanamaker check)" if len(report.problems) > 1 else ""
        raise WanamakerError(
            f"no file could be loaded: {first.name}: {first.message}{more}; what was published before stays"
        )
    return report


def find_mapping(request: Request) -> Mapping | None:
    """The mapping file that was named, else the one in the exports folder."""
    path = request.mapping
    if path is None and request.exports is not None and request.exports.is_dir():
        path = next((found for name in sorted(MAPPING_NAMES) if (found := request.exports / name).is_file()), None)
    return read_mapping(path, load_contracts()) if path is not None else None


def build_step(request: Request) -> BuildResult:
    """Build and test every model."""
    return build(request.settings.data, request.settings.variables, request.rules)


def publish_step(request: Request, record: RunRecord, result: BuildResult, report: Report) -> Path:
    """Publish what was built."""
    with duckdb.connect(str(result.path), read_only=True) as connection:
        row = connection.execute("select as_of_date from core.run_settings").fetchone()
    record.as_of_date = str(row[0]) if row else None
    return publish(result.path, request.settings.data, record, result.tests, report.problems)


def note_tests(record: RunRecord, result: BuildResult) -> None:
    """Keep what the tests said in the run's record."""
    record.tests_passed = sum(test.status == "pass" for test in result.tests)
    record.tests_warned = sum(test.status == "warn" for test in result.tests)
    record.failed_tests = [asdict(test) for test in result.failed]


def foresee(request: Request) -> list[Problem]:
    """The values in raw that no rule and no rate knows, with the file and line of each."""
    settings = request.settings
    return stops(settings.data, load_contracts(), settings.data / POINTER, request.rules, settings.company_currency)


def failure_words(result: BuildResult, report: Report | None = None, causes: Sequence[Problem] = ()) -> str:
    """What failed, with some of the rows that broke it, what to do, what else was wrong, and what stays."""
    lines = [
        "nothing was published: " + ("a model could not be built" if result.errors else "a test of a figure failed")
    ]
    for test in result.failed[:_SHOWN_TESTS]:
        detail = rows_in_words(test.failures) if test.failures else test.message
        lines.append(f"  {test.name} ({detail})" + "".join(f"\n    {row}" for row in test.sample))
        lines += [f"    to mend it: {test.mend}"] if test.mend else []
    if len(result.failed) > _SHOWN_TESTS:
        lines.append(f"  and {len(result.failed) - _SHOWN_TESTS} more")
    lines += [f"  {cause.name}, {cause.message}" for cause in causes[:_SHOWN_TESTS]]
    problems = report.problems if report else []
    lines += [f"  not loaded: {problem.name}: {problem.message}" for problem in problems[:_SHOWN_TESTS]]
    if len(problems) > _SHOWN_TESTS:
        lines.append(f"  and {len(problems) - _SHOWN_TESTS} more files; see wanamaker check")
    if rejected := sum(file.rejected for file in report.files) if report else 0:
        lines.append(f"  {rows_in_words(rejected)} of these files rejected; to see which: wanamaker check EXPORTS")
    lines.append("what was published before stays; mend the export or the rules and run again")
    return "\n".join(lines)


def prefect_environment(data: Path) -> None:
    """Keep Prefect's files in the data folder, its telemetry off and its voice down; a running server is used."""
    home = (data / "prefect").resolve()
    home.mkdir(parents=True, exist_ok=True)
    defaults = {
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_SERVER_LEVEL": "CRITICAL",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


@contextmanager
def _timed(record: RunRecord, name: str) -> Iterator[None]:
    before = time.monotonic()
    try:
        yield
    finally:
        record.seconds[name] = round(time.monotonic() - before, 3)
