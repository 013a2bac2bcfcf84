"""Lint the SQL: sqlfluff for layout and case, and the few rules of this project that no linter knows.

Run as `python -m tests.sql_lint`, with paths to give sqlfluff only these. Macros are given to sqlfluff as stubs, so that it parses every
model without a warehouse. A file of macros is no SQL until it is called: its layout cannot be judged, and paths of macros are passed over.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_MODEL = 110
MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)\((.*?)\)\s*-?%\}", re.DOTALL)

# What a macro that is no value stands for, as the linter shall see it: what it reads, so that no CTE seems unused.
SHAPES = {
    "stage": "select 1 as staged",
    "union_sources": "select 1 as staged",
    "entity_links": "select 1 as linked",
    "links_by_id": "select 1 as linked",
    "names_without_legal_forms": "select 1 as name",
    "as_named_by": "select * from {{ relation }}",
    "one_per_entity": "select 1 as linked",
    "conform": "select 1 as spent_on from {{ relation or 'staged_rows' }} as staged",
    "campaigns_of_days": "select 1 as staged",
    "allocate": "select * from {{ relation }}",
    "open_claims": "select claims.claim_id from settlement_claims as claims where true",
    "open_parts": "select parts.item_id from invoice_parts as parts where true",
    "settled_by": "select {{ key }} from applied_so_far",
    "all_settled": "select * from applied_so_far",
    "winning_spans": "select * from {{ relation }}",
    "settle": "settled as (select claims.* from claims cross join slots)",
    "numbers": "(select 1 as number)",
    "path_steps": "select * from {{ relation }}",
    "topmost_of": "topmost as (select * from holders)",
    "payback_days": "select * from roi_days",
    "claimed_conversions": "select * from claims",
}

FORBIDDEN = {
    r"\bcurrent_date\b|\bnow\(|\bcurrent_timestamp\b|\btoday\(": "asks the clock: join run_settings",
    r"\brandom\(|\buuid\(": "is not the same twice",
    r"\bfloat\b|\breal\b": "is no type for figures",
    r"\bstrftime\(|\bstrptime\(|\bepoch\(|\barg_max\(|\barg_min\(|\bquantile_cont\(|\bdatediff\(|\bdate_diff\(": (
        "is not portable: use a macro of macros/engine"
    ),
    r"\bexclude\s*\(|\basof\b|\bunion by name\b| // ": "is DuckDB only",
    r"^\s*,\s*\w": "begins with a comma: commas stand at line ends",
    r"(?<!left )(?<!inner )(?<!cross )(?<!full )(?<!right )(?<!anti )(?<!semi )(?<!outer )\bjoin\b(?!\()": (
        "says join without inner, left, cross or full"
    ),
    r"\bTODO\b|\bFIXME\b": "leaves work behind",
}


def models() -> list[Path]:
    """Every model of the project."""
    return sorted((ROOT / "models").rglob("*.sql"))


def without_comments(sql: str) -> str:
    """The text with comments blanked, line by line."""
    sql = re.sub(r"\{#.*?#\}", lambda match: re.sub(r"[^\n]", "", match.group()), sql, flags=re.DOTALL)
    return re.sub(r"--[^\n]*", "", sql)


def own_rules(path: Path) -> Iterator[str]:
    """What this project's own rules say against a model."""
    sql = without_comments(path.read_text(encoding="utf-8"))
    where = path.relative_to(ROOT)
    lines = sql.splitlines()
    if len(lines) > LONGEST_MODEL:
        yield f"{where}: {len(lines)} lines: look for the second model inside it"
    for number, line in enumerate(lines, 1):
        for pattern, reason in FORBIDDEN.items():
            if re.search(pattern, line):
                yield f"{where}:{number}: {reason}: {line.strip()}"
    yield from layer_rules(path, sql)


def layer_rules(path: Path, sql: str) -> Iterator[str]:
    """What a model reads that its layer may not."""
    where = path.relative_to(ROOT)
    referred = set(re.findall(r"ref\('(\w+)'\)", sql))
    homes = {model.stem: model.relative_to(ROOT / "models").parts for model in models()}
    parts = homes[path.stem]
    if "source(" in sql and parts[0] == "marts":
        yield f"{where}: a mart reads core and seeds, never a source"
    for name in referred & set(homes):
        home = homes[name]
        if parts[0] == "marts" and home[0] == "staging":
            yield f"{where}: a mart reads core and seeds, never staging ({name})"
        if parts[0] == "marts" and home[0] == "marts" and home[1] != parts[1]:
            yield f"{where}: a mart never reads another domain's mart ({name})"
        if parts[0] == "core" and home[0] == "marts":
            yield f"{where}: core never reads a mart ({name})"
        if parts[0] == "staging" and home[0] != "staging":
            yield f"{where}: staging reads its own source only ({name})"


def write_stubs(folder: Path) -> None:
    """Every macro, and what models call of dbt's adapter, as a stub that renders to something of its shape."""
    stubs = []
    for path in (ROOT / "macros").rglob("*.sql"):
        for name, arguments in MACRO.findall(path.read_text(encoding="utf-8")):
            body = SHAPES.get(name, f"{name}_value")
            stubs.append(f"{{% macro {name}({arguments}) %}}{body}{{% endmacro %}}")
    (folder / "stubs.sql").write_text("\n".join(stubs), encoding="utf-8")
    (folder / "adapter.py").write_text("def quote(name):\n    return f'\"{name}\"'\n", encoding="utf-8")


def sqlfluff(paths: list[str], fix: bool = False) -> int:
    """Run sqlfluff over models; gives its exit code."""
    with tempfile.TemporaryDirectory() as folder:
        write_stubs(Path(folder))
        config = Path(folder) / "sqlfluff.cfg"
        stubs = f"load_macros_from_path = {folder}/stubs.sql\nlibrary_path = {folder}\n"
        config.write_text(f"[sqlfluff:templater:jinja]\n{stubs}", encoding="utf-8")
        command = [sys.executable, "-m", "sqlfluff", "fix" if fix else "lint", "--disable-progress-bar"]
        command += ["--config", str(config), *(paths or ["models/core", "models/marts", "models/staging"])]
        return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    """Print every finding; 1 where there is one."""
    findings = [finding for path in models() for finding in own_rules(path)]
    print("\n".join(findings) or f"{len(models())} models keep the project's own rules")
    given = [argument for argument in sys.argv[1:] if argument != "--fix"]
    paths = [path for path in given if "macros" not in Path(path).parts]
    failed = sqlfluff(paths, "--fix" in sys.argv) if paths or not given else 0
    return max(int(bool(findings)), min(failed, 1))


if __name__ == "__main__":
    sys.exit(main())
