"""The command `wanamaker`. Commands are thin: they call plain functions and print what these give."""

from __future__ import annotations

import atexit
import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from pipelines.errors import WanamakerError, rows_in_words, shown

if TYPE_CHECKING:
    from rich.table import Table

    from pipelines.ingest.load import Report
    from pipelines.settings import Settings

app = typer.Typer(
    name="wanamaker",
    help="From first lead to last payment: exports in, figures out, dashboards on top.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Exports = Annotated[Path, typer.Argument(help="Folder (or file) of exports.", show_default=False)]
Data = Annotated[Path | None, typer.Option("--data", help="Data folder.", show_default="data/")]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="Mapping file.", show_default="mapping.yml in EXPORTS")
]
Rules = Annotated[Path | None, typer.Option("--rules", help="Folder of CSV files that replace seeds of the same name.")]
Assignments = Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE of a variable; may be repeated.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="Day for which figures are shown, such as 2026-09-30.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

_SHOWN_REJECTS = 5
_FILE_COLUMNS = ("rows_read", "loaded", "unchanged", "duplicate", "rejected", "excluded")


def main() -> None:
    """Run a command; what a user can mend ends in one clear line and an exit code."""
    try:
        _command()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    _leave(code)


def _leave(code: int) -> NoReturn:
    """End without the interpreter's teardown, in which DuckDB's binding prints pages about dbt's open objects."""
    atexit._run_exitfuncs()  # noqa: SLF001 (Prefect stops its server there)
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _command() -> None:
    try:
        app()
    except WanamakerError as error:
        _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        _fail("interrupted; what was published before stays, and the next run goes on from here", 130)
    except OSError as error:
        _fail_for_system(error)
    except Exception as error:
        _fail_for_database(error)


def _fail(message: str, code: int) -> NoReturn:
    print(f"wanamaker: {shown(message)}", file=sys.stderr)
    sys.exit(code)


def _fail_for_system(error: OSError) -> NoReturn:
    import errno

    if isinstance(error, BrokenPipeError):
        sys.exit(0)
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        _fail(f"{where}the disk is full; nothing is lost, make room and run again", 2)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        _fail(f"{where}it cannot be written or read ({error.strerror}); give permission or choose another --data", 2)
    raise error


def _fail_for_database(error: Exception) -> NoReturn:
    import duckdb

    text = str(error)
    if isinstance(error, duckdb.Error):
        full = ("no space left", "disk is full", "file too large", "max_temp_directory_size")
        if any(word in text.lower() for word in full):
            _fail("the disk is full; nothing is lost, make room and run again", 2)
        if "Permission denied" in text or "read-only" in text.lower():
            _fail(f"{text.splitlines()[0]}; give permission or choose another --data", 2)
        if "lock" in text.lower():
            _fail(f"another program holds the warehouse open ({text.splitlines()[0]}); close it and run again", 3)
    raise error


def _settings(data: Path | None, as_of: str | None = None, assignments: list[str] | None = None) -> Settings:
    from pipelines.settings import load_settings, parse_assignments

    given: dict[str, Any] = dict(parse_assignments(assignments or []))
    if as_of is not None:
        given["as_of_date"] = as_of
    return load_settings(data=data, **given)


def _settings_as_published(data: Path | None, as_of: str | None, assignments: list[str] | None) -> Settings:
    """The settings, and where nobody said otherwise the variables with which the published figures were made."""
    from pipelines.settings import like_published
    from pipelines.status import published_settings

    settings = _settings(data, as_of, assignments)
    return like_published(settings, published_settings(settings.data))


def _moment(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise WanamakerError(f"{option} {text}: write it as 2026-01-31 or 2026-01-31T18:00") from error


@contextmanager
def _progress() -> Iterator[Any]:
    """A line that says what is being done, on a terminal only, once it takes longer than two seconds."""
    if not sys.stdout.isatty():
        yield lambda _: None
        return
    import threading

    from rich.console import Console

    status = Console().status("starting")
    timer = threading.Timer(2, status.start)
    timer.start()
    try:
        yield status.update
    finally:
        timer.cancel()
        status.stop()


def _print(table: Table) -> None:
    from rich.console import Console

    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _print_json(content: Any) -> None:
    print(json.dumps(content, ensure_ascii=False, indent=1, default=str))


def _file_table(report: Report) -> Table:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("file", overflow="fold")
    table.add_column("table")
    for name in ("read", *_FILE_COLUMNS[1:]):
        table.add_column(name, justify="right")
    for file in report.files:
        status = "" if file.status == "loaded" else f" ({file.status})"
        table.add_row(
            Text(shown(file.name)), file.table + status, *(f"{getattr(file, name):,}" for name in _FILE_COLUMNS)
        )
    return table


def _print_report(report: Report) -> None:
    if report.files:
        _print(_file_table(report))
    for file in report.files:
        for note in filter(None, file.notes.splitlines()):
            print(shown(f"  {file.name}: {note}"))
        if file.duplicate:
            print(
                shown(
                    f"  {file.name}: {rows_in_words(file.duplicate)} of {file.rows_read:,} with an id that another row "
                    "of that day has too; the last one stands"
                )
            )
    for problem in report.problems:
        print(shown(f"  not loaded: {problem.name}: {problem.message}"))
    for change in report.drift:
        print(shown(f"  changed: {change.name}: {change.message}"))


@app.command()
def run(
    exports: Exports,
    data: Data = None,
    as_of: AsOf = None,
    rules: Rules = None,
    mapping: MappingFile = None,
    assignments: Assignments = None,
    exported_at: Annotated[
        str | None, typer.Option("--exported-at", help="When files without a date of their own were exported.")
    ] = None,
    accept_shrink: Annotated[
        bool, typer.Option("--accept-shrink", help="Believe a full export that lacks more than half of the live rows.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the whole pipeline: ingest, build, test, publish.

    Example: wanamaker run exports --as-of 2026-09-30 --set company_currency=USD
    """
    from pipelines.demo import refuse_to_mix
    from pipelines.flows import Request

    settings = _settings(data, as_of, assignments)
    refuse_to_mix(settings.data, exports)
    _run(
        Request(settings, exports, rules, mapping, _moment(exported_at, "--exported-at"), accept_shrink),
        as_json=as_json,
    )


@app.command()
def demo(data: Data = None, as_json: Json = False) -> None:
    """Simulate a company, run the pipeline on it, and print its five headline figures.

    Example: wanamaker demo
    """
    from dataclasses import asdict

    from pipelines.demo import demo as run_demo
    from pipelines.demo import headlines
    from pipelines.status import published_file

    settings = _settings(data)
    with _progress() as progress:
        outcome = run_demo(settings, progress)
    found = headlines(published_file(settings.data))
    if as_json:
        _print_json({"record": asdict(outcome.record), "headlines": [asdict(headline) for headline in found]})
        return
    _print_demo(outcome, found, settings.data)


def _print_demo(outcome: Any, found: list[Any], data: Path) -> None:
    from rich import box
    from rich.table import Table

    record, files = outcome.record, outcome.report.files
    newest = max((file.exported_at for file in files if file.exported_at is not None), default=None)
    for number, headline in enumerate(found, 1):
        print(f"{number}. {headline.title}: {headline.answer}")
        if headline.rows:
            table = Table(*headline.rows[0], box=box.SIMPLE_HEAD, pad_edge=False)
            for column in table.columns[1:]:
                column.justify = "right"
            for row in headline.rows[1:]:
                table.add_row(*row)
            _print(table)
        print(f"   opened with: wanamaker explain {headline.explain}{_option(data)}")
    rows = sum(file.rows_read for file in files)
    rejected = sum(file.rejected for file in files)
    print(f"as of {record.as_of_date}; newest export {newest:%Y-%m-%d %H:%M}; {len(files)} files, {rows:,} rows read,")
    print(f"{rejected:,} rejected (wanamaker rejects{_option(data)}); {record.tests_passed:,} tests of figures passed")
    took = ", ".join(f"{name} {record.seconds.get(name, 0):.0f} s" for name in ("ingest", "build", "publish"))
    print(f"pipeline: {took}")
    print(
        "open the dashboards with: make dashboard" if not _option(data) else f"open: wanamaker dashboard{_option(data)}"
    )


def _option(data: Path) -> str:
    return "" if data == Path("data") else f" --data {data}"


@app.command()
def rebuild(
    data: Data = None, rules: Rules = None, as_of: AsOf = None, assignments: Assignments = None, as_json: Json = False
) -> None:
    """Derive raw and all figures again from what landed.

    Example: wanamaker rebuild --data data
    """
    from pipelines.flows import Request

    settings = _settings(data, as_of, assignments)
    if not (settings.data / "landing").is_dir():
        raise WanamakerError(f"{settings.data}: nothing has landed there yet; start with: wanamaker run EXPORTS")
    _run(Request(settings, rules=rules, rebuild=True), as_json=as_json)


def _run(request: Any, *, as_json: bool) -> None:
    from dataclasses import asdict

    from pipelines.flows import refresh

    with _progress() as progress:
        outcome = refresh(request, progress)
    if as_json:
        _print_json(asdict(outcome.record))
        return
    _print_report(outcome.report)
    if rejected := sum(file.rejected for file in outcome.report.files):
        print(f"  {rows_in_words(rejected)} rejected; to see which: wanamaker rejects{_option(request.settings.data)}")
    record = outcome.record
    print(f"tests of figures: {record.tests_passed:,} passed, {record.tests_warned:,} warned, 0 failed")
    for test in outcome.build.tests:
        if test.status == "warn":
            print(
                f"  warned: {test.name} ({rows_in_words(test.failures)})"
                + "".join(f"\n    {row}" for row in test.sample)
            )
    took = ", ".join(
        f"{name} {seconds:.1f} s" for name, seconds in record.seconds.items() if name in ("ingest", "build", "publish")
    )
    print(f"published {record.published} as of {record.as_of_date} ({took})")
    print(f"open it with: wanamaker dashboard --data {request.settings.data}")


@app.command()
def check(
    exports: Exports,
    mapping: MappingFile = None,
    data: Data = None,
    rules: Rules = None,
    assignments: Assignments = None,
    as_json: Json = False,
) -> None:
    """Say what would be recognised, what has changed since the last run, and every problem, changing nothing.

    Example: wanamaker check exports
    """
    from dataclasses import asdict

    from pipelines.contracts import load_contracts
    from pipelines.flows import Request, find_mapping
    from pipelines.foresight import stops
    from pipelines.ingest.drift import read_before
    from pipelines.ingest.load import Options
    from pipelines.ingest.load import check as check_exports
    from pipelines.publish import POINTER

    settings = _settings(data, None, assignments)
    published = settings.data / POINTER
    with tempfile.TemporaryDirectory() as folder, _progress() as progress:
        found = find_mapping(Request(settings, exports, mapping=mapping))
        options = Options(settings.timezone, memory_limit=settings.memory_limit, before=read_before(published, "meta"))
        contracts = load_contracts()
        report, rejects = check_exports(exports, contracts, found, options, Path(folder), progress)
        ahead = stops(Path(folder), contracts, published, rules, settings.company_currency)
    if as_json:
        _print_json(
            {
                "files": [asdict(file) for file in report.files],
                "problems": [asdict(p) for p in report.problems],
                "drift": [asdict(p) for p in report.drift],
                "rejects": rejects,
                "stops": [asdict(p) for p in ahead],
            }
        )
    else:
        _print_report(report)
        for line in reject_lines(rejects):
            print(line)
        for stop in ahead:
            print(shown(f"  would stop a run: {stop.name}, {stop.message}"))
        if not report.problems and not rejects and not ahead:
            print("every file and row can be read")
    if report.problems and not report.files:
        raise typer.Exit(2)


@app.command("map")
def map_files(
    files: Annotated[list[Path], typer.Argument(help="Files of an unknown export.", show_default=False)],
    out: Annotated[Path | None, typer.Option("--out", help="Write the mapping file there.")] = None,
    as_json: Json = False,
) -> None:
    """Propose a mapping file for an unknown export, by its headers and its values.

    Example: wanamaker map downloads/receivables.csv --out mapping.yml
    """
    from pipelines.commands import map as proposing
    from pipelines.ingest.propose import as_yaml

    if out is not None and out.exists():
        raise WanamakerError(f"{out}: it exists already; give another name, or remove it")
    with _progress():
        found = proposing.proposals_for(files, _settings(None).timezone)
    if as_json:
        _print_json(proposing.as_json(found))
        return
    for proposal in found:
        _print(proposing.as_table(proposal))
        for note in proposal.notes:
            print(shown(f"  {note}"))
        print()
    text = as_yaml(found)
    if out is None:
        print(text, end="")
        return
    out.write_text(text, encoding="utf-8")
    print(f"wrote {out}; check what is marked there, then: wanamaker check EXPORTS --mapping {out}")


def reject_lines(rejects: list[dict[str, Any]]) -> list[str]:
    """Rejects in words, the first few of each file, column and kind, so that many of one kind hide no other."""
    kinds: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for reject in rejects:
        kinds.setdefault((reject["name"], reject["column_name"], reject["value"] is None), []).append(reject)
    lines = []
    for (name, column, _), found in kinds.items():
        lines += [f"  {reject_words(reject)}" for reject in found[:_SHOWN_REJECTS]]
        if len(found) > _SHOWN_REJECTS:
            where = f"{name}, column {column}" if column else name
            lines.append(shown(f"  and {len(found) - _SHOWN_REJECTS:,} more in {where}"))
    rows = len({(reject["name"], reject["table_name"], reject["record"]) for reject in rejects})
    return [*lines, f"  {rows_in_words(rows)} would be rejected"] if rejects else []


def reject_words(reject: dict[str, Any]) -> str:
    """One reject in words: file, line, column, value and reason."""
    where = (
        f"{reject['name']}, line {reject['line']}" if reject["line"] else f"{reject['name']}, record {reject['record']}"
    )
    column = f", column {reject['column_name']}" if reject["column_name"] else ""
    value = f": {reject['value']!r}" if reject["value"] is not None else ""
    return shown(f"{where}{column}{value} {reject['reason']}")


@app.command()
def status(data: Data = None, as_json: Json = False) -> None:
    """Say what the last runs did, how fresh each source is, what was rejected and which tests failed.

    Example: wanamaker status
    """
    from pipelines.status import read_status

    found = read_status(_settings(data).data)
    if as_json:
        _print_json(found)
        return
    from rich import box
    from rich.table import Table

    style: dict[str, Any] = {"box": box.SIMPLE_HEAD, "pad_edge": False}
    runs = Table("run", "status", "as of", "files", "passed", "warned", "failed", "message", **style)
    for entry in found["runs"]:
        first = (entry["message"] or "").splitlines()
        counts = len(entry["files"]), entry["tests_passed"], entry["tests_warned"], len(entry["failed_tests"])
        runs.add_row(
            entry["run_id"], entry["status"], entry["as_of_date"] or "–", *map(str, counts), first[0] if first else ""
        )
    _print(runs)
    if found["sources"]:
        fresh = Table("source", "table", "newest export", "files", "rows read", "rejected", **style)
        for row in found["sources"]:
            fresh.add_row(
                row["source"],
                row["table"],
                str(row["newest"]),
                str(row["files"]),
                f"{row['rows_read']:,}",
                f"{row['rejected']:,}",
            )
        _print(fresh)
    print(f"published: {found['published'] or 'nothing yet'}")
    for test in found["failed_tests"]:
        print(
            f"  failed in the last run: {test['name']} ({test['failures']} rows)"
            + "".join(f"\n    {row}" for row in test["sample"])
        )


@app.command()
def rejects(
    data: Data = None,
    file: Annotated[str | None, typer.Option("--file", help="Only this file (its name, or part of it).")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Write the rows as CSV, to mend and load again.")] = None,
    as_json: Json = False,
) -> None:
    """List rejected rows with line, column, value and reason, or write them out to mend and reload.

    Example: wanamaker rejects --file invoices --out mend.csv
    """
    from pipelines.status import read_rejects, reject_rows

    folder = _settings(data).data
    if out is not None:
        header, rows = reject_rows(folder, file)
        with out.open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(header)
            writer.writerows(rows)
        print(f"wrote {len(rows):,} rows to {out}; mend them there and put the file among your exports")
        return
    found = read_rejects(folder, file)
    if as_json:
        _print_json(found)
        return
    if not found:
        print("no row was rejected")
    for reject in found:
        print(reject_words(reject))


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="Folder for `exports` and `truth`.", show_default=False)],
    seed: Annotated[int, typer.Option("--seed", min=0, help="Another seed, another company.")] = 1,
    months: Annotated[int, typer.Option("--months", min=3, max=120, help="Months, the last one that of --until.")] = 24,
    scale: Annotated[float, typer.Option("--scale", min=0.01, max=1000, help="1 is about 20,000 leads.")] = 1.0,
    until: Annotated[str | None, typer.Option("--until", help="The last day.", show_default="2026-08-31")] = None,
    noise: Annotated[float, typer.Option("--noise", min=0, max=20, help="0 is flawless, 1 as people are.")] = 1.0,
    vendors: Annotated[bool, typer.Option("--vendors", help="Write CRM and marketing as their vendors do.")] = False,
    as_json: Json = False,
) -> None:
    """Write the exports of a made-up company, and beside them the truth behind them, which no run reads.

    Example: wanamaker simulate demo --scale 0.1 && wanamaker run demo/exports
    """
    from dataclasses import asdict

    from pipelines.simulation import simulate as write
    from pipelines.simulation.setting import Wanted

    last = _moment(until, "--until")
    until_on = last.date() if last is not None else Wanted.until
    with _progress() as say:
        say("simulating")
        written = write(out, Wanted(seed, months, scale, until_on, noise, vendors))
    if as_json:
        _print_json(asdict(written))
        return
    print(f"wrote {written.rows:,} rows in {written.files} files to {written.exports}")
    print(f"the truth behind them is in {written.truth}, which no run reads")


@app.command()
def dashboard(
    data: Data = None,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port to serve on.")] = 8501,
) -> None:
    """Open the dashboards in a browser.

    Example: wanamaker dashboard --port 8600
    """
    from pipelines.contracts import ROOT

    folder = _settings(data).data.resolve()
    environment = os.environ | {"WANAMAKER_DATA": str(folder)}
    command = [
        sys.executable, "-m", "streamlit", "run", str(ROOT / "dashboards" / "app.py"),
        "--server.port", str(port), "--server.headless", str(not sys.stdout.isatty()).lower(),
    ]  # fmt: skip
    os.chdir(ROOT / "dashboards")
    os.execve(command[0], command, environment)  # noqa: S606 (the server takes this process's place and its signals)


@app.command()
def serve(
    exports: Exports,
    data: Data = None,
    every: Annotated[
        str, typer.Option("--every", help="Cron line: minute hour day month weekday, in the time zone of the settings.")
    ] = "30 6 * * *",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the history of runs.")] = 4200,
    rules: Rules = None,
    assignments: Assignments = None,
) -> None:
    """Run the pipeline on a schedule, keep the history of runs, and tell new alerts to the addresses of `notify`.

    Example: wanamaker serve exports --every "30 6 * * 1-5"
    """
    from pipelines.demo import refuse_to_mix
    from pipelines.serve import serve as work
    from pipelines.settings import parse_assignments

    settings = _settings(data, None, assignments)
    refuse_to_mix(settings.data, exports)
    work(exports, settings, parse_assignments(assignments or []), every, port, rules, print)


@app.command()
def snapshot(
    as_of: Annotated[str, typer.Option("--as-of", help="Day for which figures are shown, such as 2026-06-30.")],
    known_at: Annotated[
        str | None, typer.Option("--known-at", help="Use only what was exported by then, such as 2026-07-01T08:00.")
    ] = None,
    data: Data = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write.", show_default="DATA/snapshots/<day>.duckdb")
    ] = None,
    assignments: Assignments = None,
    as_json: Json = False,
) -> None:
    """Give the same figures for another day, or as they were known then; what is published stays.

    Example: wanamaker snapshot --as-of 2026-06-30 --known-at 2026-07-01
    """
    from pipelines.snapshot import snapshot as build_snapshot

    settings = _settings_as_published(data, as_of, assignments)
    assert settings.as_of_date is not None
    with _progress() as progress:
        progress("build")
        built = build_snapshot(settings, settings.as_of_date, _moment(known_at, "--known-at"), out)
    failed = built.result.failed
    if as_json:
        _print_json({"file": str(built.path), "failed_tests": [test.name for test in failed]})
        return
    print(f"wrote {built.path} as of {settings.as_of_date}; what is published stays as it is")
    for test in failed:
        print(f"  failed: {test.name} ({test.failures} rows)" + "".join(f"\n    {row}" for row in test.sample))


@app.command()
def explain(
    mart: Annotated[str, typer.Argument(help="Mart, such as receivables_kpis.")],
    key: Annotated[str, typer.Argument(help="Its key: column=value,column=value, or the one value.")] = "",
    data: Data = None,
    most: Annotated[int, typer.Option("--rows", min=1, help="Most rows to show behind each figure.")] = 20,
    as_json: Json = False,
) -> None:
    """Open one figure down to its movements, files and lines, with the rule in words.

    Example: wanamaker explain receivables_open_items INV-2026-0042
    """
    from dataclasses import asdict

    from pipelines.explain import as_lines
    from pipelines.explain import explain as explain_figure
    from pipelines.status import published_file

    folder = _settings(data).data
    found = explain_figure(folder, published_file(folder), mart, key, most)
    if as_json:
        _print_json(asdict(found))
        return
    for line in as_lines(found):
        print(line)


@app.command()
def report(
    name: Annotated[str, typer.Argument(help="A mart, or a pack: marketing, sales, delivery, finance, operations.")],
    data: Data = None,
    form: Annotated[str, typer.Option("--format", help="xlsx, html, pdf or csv.")] = "xlsx",
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write.", show_default="<name>_<day>.<format>")
    ] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Only the rows of this owner.")] = None,
    as_json: Json = False,
) -> None:
    """Write one mart, or all marts of a domain, as a file, every row counted.

    Example: wanamaker report finance --format xlsx --out finance.xlsx
    """
    from typing import cast, get_args

    from pipelines.report import Format
    from pipelines.report import report as write_report
    from pipelines.status import published_file

    if form not in get_args(Format):
        raise WanamakerError(f"--format {form}: it is one of {', '.join(get_args(Format))}")
    with _progress() as progress:
        progress("report")
        written = write_report(published_file(_settings(data).data), name, cast("Format", form), out, owner)
    if as_json:
        _print_json({"file": str(written.path), "rows": written.rows})
        return
    print(f"wrote {written.path}")
    for mart, rows in written.rows.items():
        print(f"  {mart}: {rows:,} rows")


@app.command("what-if")
def what_if(
    mart: Annotated[str, typer.Argument(help="Mart, such as lead_pool.")],
    rules: Annotated[Path, typer.Option("--rules", help="Folder of CSV files named like seeds or template tables.")],
    data: Data = None,
    as_of: AsOf = None,
    assignments: Assignments = None,
    as_json: Json = False,
) -> None:
    """Show a mart under other rules beside today's, changing nothing.

    Example: wanamaker what-if customer_credit --rules stricter
    """
    from dataclasses import asdict

    from pipelines.what_if import as_lines
    from pipelines.what_if import what_if as compare

    with _progress() as progress:
        progress("build twice")
        found = compare(_settings_as_published(data, as_of, assignments), mart, rules)
    if as_json:
        _print_json(asdict(found))
        return
    for line in as_lines(found):
        print(line)


if __name__ == "__main__":
    main()
