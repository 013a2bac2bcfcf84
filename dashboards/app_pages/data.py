"""Data: whether the figures can be trusted, and how fresh they are."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboards import parts, queries, words
from dashboards.definitions import definitions
from dashboards.downloads import Column
from dashboards.labels import finding_name, plain_name
from dashboards.labels_rejects import reject_reason
from dashboards.parts import Page, Tile
from dashboards.words import _, markdown, ngettext

LEAST_SHARE = 0.001


def show() -> None:
    """Lay out the page."""
    page = parts.open_page(_("Data"))
    sources, files = queries.sources(), queries.files()
    if sources.empty:
        parts.empty(_("No file was read"), ["invoices", "payments", "opportunities", "leads", "spend"])
    else:
        page.answer(sentence(page, sources))
        figures(page, sources)
    failed_run()
    checks(page)
    if not sources.empty:
        freshness(page, sources)
        per_file(page, files)
        rejected(page, files.frame)
        known_issues(page)
    terms()


def sentence(page: Page, sources: pd.DataFrame) -> str:
    """Answer the page's question from the figures."""
    read, lost = int(sources["rows_read"].sum()), int(sources["rejected"].sum())
    number = int(sources["files"].sum())
    values = {
        "rows": words.count(read),
        "files": ngettext("{count} file", "{count} files", number).format(count=words.count(number)),
        "rejected": words.count(lost),
        "share": share_of(lost, read),
    }
    run = page.run
    if run.tests_failed or run.tests_warned:
        values["checks"] = ngettext(
            "{count} check has a remark", "{count} checks have remarks", run.tests_failed + run.tests_warned
        ).format(count=words.count(run.tests_failed + run.tests_warned))
    else:
        values["checks"] = _("every check passed")
    if not lost:
        return _("{rows} rows were read from {files}, none was rejected, and {checks}.").format(**values)
    return _("{rows} rows were read from {files}, {rejected} ({share}) were rejected, and {checks}.").format(**values)


def share_of(lost: int, read: int) -> str:
    """Give the share of rejected rows; one that is there and would be written 0.0 % is said to be under 0.1 %."""
    if lost and lost / read < LEAST_SHARE / 2:
        return _("under {share}").format(share=words.percent(LEAST_SHARE))
    return words.percent(lost / read if read else None)


def figures(page: Page, sources: pd.DataFrame) -> None:
    """Show the tiles."""
    run = page.run
    read, lost = int(sources["rows_read"].sum()), int(sources["rejected"].sum())
    parts.tiles(
        [
            Tile(
                _("Files"),
                words.count(int(sources["files"].sum())),
                _("from {count} sources").format(count=len(sources)) if len(sources) > 1 else None,
            ),
            Tile(_("Rows read"), words.count(read)),
            Tile(
                _("Rows rejected"),
                words.count(lost),
                share_of(lost, read) if read else None,
                markdown(_("Rows that could not be read. Each is listed below with its line and the reason.")),
            ),
            Tile(
                _("Checks passed"),
                words.count(run.tests_passed),
                _("{failed} failed, {warned} with a warning").format(failed=run.tests_failed, warned=run.tests_warned),
            ),
        ]
    )


def failed_run() -> None:
    """Say which checks stopped the last run."""
    failed = queries.failed_run()
    if failed is None:
        return
    with parts.card("failure", _("Why the last run published nothing")):
        if failed.message:
            st.markdown(markdown(failed.message))
        for name in failed.failed_tests:
            st.markdown(f":material/close: `{name.replace('`', '')}`")
        st.caption(
            markdown(
                _(
                    "Mend what it names and run wanamaker run again. Run {run} is kept in the data folder under runs."
                ).format(run=failed.run_id)
            )
        )


def checks(page: Page) -> None:
    """List the checks that failed or warned."""
    rows = queries.unclean_tests()
    if rows.empty:
        return
    columns = [
        Column("name", _("Check"), width=250),
        Column("model", _("Table")),
        Column("status", _("Result")),
        Column("failures", _("Rows concerned"), "count"),
    ]
    names = {"warn": _("warning"), "fail": _("failed"), "error": _("error"), "skipped": _("not run")}
    rows["status"] = [names.get(str(status).lower(), str(status)) for status in rows["status"]]
    parts.table(page, "checks", _("Checks with a remark"), rows, columns)


def freshness(page: Page, sources: pd.DataFrame) -> None:
    """List when each source was last exported and loaded."""
    columns = [
        Column("source", _("Source")),
        Column("exported_at", _("Newest export"), "moment"),
        Column("loaded_at", _("Last loaded (UTC)"), "moment"),
        Column("files", _("Files"), "count"),
        Column("rows_read", _("Rows read"), "count"),
        Column("rejected", _("Rejected"), "count"),
    ]
    parts.table(page, "freshness", _("How fresh each source is"), sources, columns)


def per_file(page: Page, files: queries.Slice) -> None:
    """List what became of the rows of each file."""
    columns = [
        Column("file", _("File"), width=240),
        Column("table_name", _("Table")),
        Column("source", _("Source")),
        Column("rows_read", _("Rows read"), "count", _("= loaded + unchanged + duplicate + rejected + excluded")),
        Column("loaded", _("Loaded"), "count", _("New or changed rows.")),
        Column("unchanged", _("Unchanged"), "count", _("Rows that were there already, the same.")),
        Column("duplicate", _("Duplicate"), "count", _("Rows whose key stands again later in the same export.")),
        Column("rejected", _("Rejected"), "count", _("Rows that could not be read.")),
        Column("excluded", _("Excluded"), "count", _("Rows left out by the mapping.")),
        Column("skipped", _("Skipped"), "count", _("Title and total lines, beside the rows read.")),
        Column("rounded", _("Rounded"), "count", _("Amounts with more digits than are kept.")),
        Column("exported_at", _("Exported"), "moment"),
        Column("loaded_at", _("Loaded at (UTC)"), "moment"),
    ]
    counted = [column.name for column in columns if column.kind == "count"]
    total = (
        {name: files.frame[name].sum() for name in counted} | {"file": _("Total")}
        if len(files.frame) == files.total
        else None
    )
    parts.table(
        page,
        "files",
        _("What became of each file"),
        files.frame,
        columns,
        caption=_("Files with rejected rows first."),
        total=total,
        row_total=files.total,
        everything=lambda: queries.files(None).frame,
    )


def rejected(page: Page, files: pd.DataFrame) -> None:
    """List the rejected cells, of one file or all."""
    names = sorted(set(files.loc[files["rejected"] > 0, "file"].astype(str)))
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters_rejects"):
        file = parts.choice(
            st.selectbox,
            _("Rejected rows of"),
            ["", *names],
            "file",
            "",
            lambda name: name or _("All files"),
            width=320,
        )
    rows = queries.rejects(file)
    columns = [
        Column("file", _("File"), width=240),
        Column("line", _("Line"), "count"),
        Column("column_name", _("Column")),
        Column("value", _("Value found")),
        Column("reason", _("Reason"), width=360),
    ]
    parts.table(
        page,
        "rejects",
        _("Rejected rows"),
        worded(rows.frame),
        columns,
        caption=_(
            "One line per cell that is wrong; at most 1,000 rejected rows of a file are kept here. wanamaker rejects "
            "writes them all, to mend and load again."
        ),
        row_total=rows.total,
        everything=lambda: worded(queries.rejects(file, None).frame),
    )


def worded(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the reasons of rejected cells into words."""
    return rows.assign(reason=rows["reason"].map(reject_reason))


def known_issues(page: Page) -> None:
    """List what the figures rest on that a person should know or mend."""
    rows = queries.findings()
    if rows.empty:
        return
    rows["finding"] = rows["finding"].map(finding_name)
    rows["value"] = rows["value"].map(plain_name)
    columns = [
        Column("finding", _("What was found"), width=400),
        Column("entity_kind", _("Table")),
        Column("value", _("Value")),
        Column("rows", _("Rows concerned"), "count", leads=1),
    ]
    parts.table(
        page,
        "findings",
        _("What the figures rest on"),
        rows,
        columns,
        caption=_("Nothing here was left out; it is listed so that it can be mended."),
    )


def terms() -> None:
    """List what the terms on the pages mean."""
    with parts.card("terms", _("What the terms mean")), st.grid(3, min_column_width=280, gap="medium"):
        for definition in definitions().values():
            st.markdown(
                f"**{markdown(definition.term)}** :gray[· {markdown(definition.page)}]  "
                f"\n{markdown(definition.meaning)}"
            )


if __name__ == "__main__":
    show()
