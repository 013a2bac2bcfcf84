"""Build every model and run every test with dbt, in this process, into `data/build/wanamaker.duckdb`."""

from __future__ import annotations

import csv
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import yaml

from pipelines.contracts import ROOT
from pipelines.errors import WanamakerError

BUILD_FILE = "wanamaker.duckdb"
_SAMPLE_ROWS = 5


@dataclass(frozen=True)
class TestResult:
    """One test of a figure: name; pass, warn, fail or error; some of the rows that break it, and what mends them."""

    name: str
    status: str
    failures: int = 0
    model: str = ""
    message: str = ""
    sample: tuple[str, ...] = ()
    mend: str = ""


@dataclass
class BuildResult:
    """What dbt made: the file, the tests, and the models that could not be built."""

    path: Path
    tests: list[TestResult] = field(default_factory=list)
    errors: list[TestResult] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def failed(self) -> list[TestResult]:
        """Everything that forbids publishing."""
        return [*self.errors, *(test for test in self.tests if test.status in ("fail", "error"))]


def build(
    data: Path,
    variables: dict[str, Any],
    rules: Path | None = None,
    *,
    folder: Path | None = None,
    raw: Path | None = None,
    select: str | None = None,
) -> BuildResult:
    """Build and test everything from `data/raw.duckdb`; the result says what failed, it does not raise for it.

    `rules` is a folder of CSV files that replace seeds of the same name. What is built goes to `folder` (default
    `data/build`), from another `raw` where one is given, and with `select` only what that selection of dbt names, with
    no test. Raises WanamakerError where a rule file does not fit its declaration.
    """
    folder = folder or data / "build"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / BUILD_FILE
    for leftover in (path, path.with_name(f"{BUILD_FILE}.wal")):
        leftover.unlink(missing_ok=True)
    overlay_seeds(ROOT / "seeds", rules, folder / "seeds")
    environment = {
        "WANAMAKER_RAW": str((raw or data / "raw.duckdb").resolve()),
        "WANAMAKER_BUILD": str(path.resolve()),
        "WANAMAKER_SEEDS": str((folder / "seeds").resolve()),
    }
    result = BuildResult(path)
    with _environment(environment):
        nodes = _invoke(folder, variables, result.seconds, select)
    for node in nodes:
        _collect(node, result)
    return result


def _invoke(folder: Path, variables: dict[str, Any], seconds: dict[str, float], select: str | None) -> list[Any]:
    """Run dbt's `build` on one manifest; gives the result of every node, and what each part took."""
    before = time.monotonic()
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    common = [
        "--project-dir", str(ROOT),
        "--profiles-dir", str(ROOT),
        "--target-path", str((folder / "target").resolve()),
        "--log-path", str((folder / "logs").resolve()),
        "--log-level-file", "info",
        "--vars", json.dumps(variables, default=str),
        "--quiet",
        "--log-level", "none",
        "--no-use-colors",
    ]  # fmt: skip
    seconds["dbt_import"] = time.monotonic() - before
    before = time.monotonic()
    try:
        parsed: Any = dbtRunner().invoke(["parse", *common])
        _raise_for(parsed)
        seconds["dbt_parse"] = time.monotonic() - before
        before = time.monotonic()
        without = ["--exclude-resource-type", "unit_test"]
        if select is not None:
            without += ["--exclude-resource-type", "test", "--select", select]
        outcome: Any = dbtRunner(manifest=parsed.result).invoke(["build", *without, *common])
        _raise_for(outcome)
        seconds["dbt_build"] = time.monotonic() - before
    finally:
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]
    return list(outcome.result.results)


def _raise_for(outcome: Any) -> None:
    if outcome.exception is not None:
        raise WanamakerError(f"dbt could not build: {outcome.exception}") from outcome.exception
    if outcome.result is None:
        raise WanamakerError("dbt gave no result; its log is in data/build/logs")


def _collect(node: Any, result: BuildResult) -> None:
    kind, status = str(node.node.resource_type), str(node.status)
    message = " ".join(str(node.message or "").split())
    if kind == "test":
        model = ", ".join(name.rsplit(".", 1)[-1] for name in node.node.depends_on.nodes)
        code = getattr(node.node, "compiled_code", None)
        sample = _sample(result.path, code) if status in ("fail", "warn") and code else ()
        mend = str(node.node.config.meta.get("mend", ""))
        result.tests.append(TestResult(node.node.name, status, int(node.failures or 0), model, message, sample, mend))
    elif status == "error":
        result.errors.append(TestResult(node.node.name, status, 0, node.node.name, message))


def _sample(path: Path, sql: str) -> tuple[str, ...]:
    """Some of the rows that break a test, as text, so that its message names them."""
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            cursor = connection.execute(f"select * from ({sql}) as broken limit {_SAMPLE_ROWS}")
            names = [column[0] for column in cursor.description or ()]
            return tuple(
                ", ".join(f"{name}={value}" for name, value in zip(names, row, strict=True))
                for row in cursor.fetchall()
            )
    except duckdb.Error:
        return ()


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def require_built(result: BuildResult) -> None:
    """Raise WanamakerError where a model could not be built."""
    if result.errors:
        first = result.errors[0]
        raise WanamakerError(f"{first.name} could not be built: {first.message}")


def overlay_seeds(seeds: Path, rules: Path | None, target: Path) -> None:
    """The project's seeds with those of `rules` in their place, checked against their declaration."""
    replaced = check_rules(seeds, rules) if rules is not None else {}
    wanted = {path.name: path for path in seeds.glob("*.csv")} | replaced
    target.mkdir(parents=True, exist_ok=True)
    for stale in target.iterdir():
        if stale.name not in wanted:
            stale.unlink()
    for name, path in wanted.items():
        copy = target / name
        if not copy.exists() or copy.read_bytes() != path.read_bytes():
            shutil.copyfile(path, copy)


def check_rules(seeds: Path, rules: Path) -> dict[str, Path]:
    """The rule files of a folder by name; raises WanamakerError naming file, line, column and value that do not fit."""
    if not rules.is_dir():
        raise WanamakerError(f"{rules}: there is no such folder of rules")
    declared: dict[str, dict[str, str]] = {}
    for path in sorted(seeds.glob("*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8")).get("seeds", []):
            declared[f"{seed['name']}.csv"] = seed["config"]["column_types"]
    found = {path.name: path for path in sorted(rules.glob("*.csv"))}
    if not found:
        raise WanamakerError(
            f"{rules}: there is no CSV file in it; rule files are named: {', '.join(sorted(declared))}"
        )
    for name, path in found.items():
        if name not in declared:
            raise WanamakerError(f"{path}: there is no rule file of that name; they are: {', '.join(sorted(declared))}")
        _check_rule_file(path, declared[name])
    return found


def _check_rule_file(path: Path, types: dict[str, str]) -> None:
    try:
        rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    except UnicodeDecodeError as error:
        raise WanamakerError(f"{path}: it is not UTF-8: save it as CSV UTF-8") from error
    header = [name.strip() for name in rows[0]] if rows else []
    if sorted(header) != sorted(types):
        missing, unknown = sorted(set(types) - set(header)), sorted(set(header) - set(types))
        said = "; ".join(
            f"{word}: {', '.join(names)}" for word, names in (("missing", missing), ("unknown", unknown)) if names
        )
        raise WanamakerError(f"{path}: line 1: its columns must be {', '.join(types)} ({said or 'a name repeats'})")
    with duckdb.connect() as connection:
        for line, row in enumerate(rows[1:], 2):
            if not any(row):
                continue
            if len(row) != len(header):
                raise WanamakerError(f"{path}: line {line}: it has {len(row)} cells, the header has {len(header)}")
            for name, value in zip(header, row, strict=True):
                fits = connection.execute(f"select try_cast(? as {types[name]}) is not null", [value]).fetchone()
                if value and fits and not fits[0]:
                    raise WanamakerError(f"{path}: line {line}, column {name}: {value!r} is not a {types[name]}")
