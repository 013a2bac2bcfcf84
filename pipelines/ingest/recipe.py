"""How the cells of a file become the columns of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from pipelines.contracts import Column, Spread, Table, normalise_name
from pipelines.ingest.cells import Style, quoted
from pipelines.ingest.mapping import TableMapping
from pipelines.ingest.recognise import Layout, made, unpivoted

LONGEST_RANGE = 3660


@dataclass(frozen=True)
class Feed:
    """A cell that becomes a value of a column.

    `cell` is SQL for it while a row is read, `kept` the same in a bad row that was kept, `target` the value's
    name in the temporary table, `header` what the file calls it; its numbers count by 10 to the `power`.
    """

    column: Column
    target: str
    cell: str
    kept: str
    header: str
    power: int = 0

    @property
    def of_bad_row(self) -> Feed:
        """The same feed in a bad row that was kept."""
        return replace(self, cell=self.kept)

    @property
    def scaled(self) -> str:
        """SQL for the cell's text with its power of ten, so that the number is rounded once."""
        return f"{self.cell} || 'e{self.power}'" if self.power else self.cell


@dataclass(frozen=True)
class Recipe:
    """How the columns of a table come out of a layout: by position, or by a mapping's expressions.

    `constants` are the columns that a line above the header, or a header's currency, says for all rows.
    """

    table: Table
    layout: Layout
    columns: dict[str, int]
    entry: TableMapping | None
    file_name: str
    constants: dict[str, str] = field(default_factory=dict)
    exported_on: str = ""

    @property
    def fed(self) -> set[str]:
        """Names of the columns that the file feeds as they are."""
        return {*self.constants, *self.made, *(self.columns if self.entry is None else self.entry.columns)}

    @cached_property
    def made(self) -> dict[str, tuple[str, ...]]:
        """The ids that the file lacks, each with the columns whose text it is made of."""
        if self.entry is not None:
            return {}
        return made(self.table, self.columns)

    @cached_property
    def unpivoted(self) -> dict[int, str]:
        """For each header that becomes rows, its position and what its rows are named."""
        return unpivoted(self.table, self.layout.headers) if self.entry is None else {}

    @property
    def spread(self) -> Spread | None:
        """How a range's figures are spread, where no column says the day."""
        spread = self.table.meta.spread
        return spread if spread and spread.day not in self.fed and spread.since in self.fed else None

    @property
    def until(self) -> str | None:
        """The column that ends the range; a range that only begins is one day."""
        return self.spread.until if self.spread and self.spread.until in self.fed else None

    @property
    def split(self) -> tuple[Column, ...]:
        """The columns whose cells hold several ids."""
        return tuple(column for column in self.table.columns if column.meta.split and column.name in self.fed)

    @property
    def makes_rows(self) -> bool:
        """Whether a record may become several rows, or none."""
        return bool(self.unpivoted or self.spread or self.split)

    @property
    def locale(self) -> Style:
        """How numbers are written by default: as the mapping says, else as the source does."""
        locale = self.table.source_meta.locale
        if self.entry is None or not (self.entry.decimal or self.entry.thousands is not None):
            return Style(locale.decimal, locale.thousands)
        decimal = self.entry.decimal or locale.decimal
        thousands = self.entry.thousands
        return Style(decimal, thousands if thousands is not None else "," if decimal == "." else ".")

    def feeds(self, prefix: str) -> Iterator[Feed]:
        """Every cell that becomes a value; `prefix` and a position name a cell."""
        computed = 0
        for column in self.table.columns:
            name = column.name
            if name not in self.fed:
                continue
            header = self.layout.headers[self.columns[name]] if name in self.columns else name
            if name in self.constants:
                cell = kept = quoted(self.constants[name])
            elif name in self.made:
                pairs = [self._by_position(prefix, self.columns[part]) for part in self.made[name]]
                cell, kept = (f"nullif(concat_ws(' / ', {', '.join(cells)}), '')" for cells in zip(*pairs, strict=True))
                header = " / ".join(self.layout.headers[self.columns[part]] for part in self.made[name])
            elif self.entry is not None:
                computed += 1
                cell, kept, header = f"m_{name}", f"_computed[{computed}]", self.entry.columns[name]
            else:
                cell, kept = self._by_position(prefix, self.columns[name])
            yield Feed(self._heeded(column), name, cell, kept, header, self._power(column, header))
        if self.table.meta.unpivot:
            value = _with_required(self.table.column(self.table.meta.unpivot.value), required=False)
            for place in self.unpivoted:
                cell, kept = self._by_position(prefix, place)
                yield Feed(value, f"u_{place}", cell, kept, self.layout.headers[place])

    @staticmethod
    def _by_position(prefix: str, place: int) -> tuple[str, str]:
        return f"{prefix}{place}", f"_raw[{place + 1}]"

    def _heeded(self, column: Column) -> Column:
        """The column as its cells are checked: a range must be there to be spread, a list of ids may be empty."""
        if self.spread and column.name in (self.spread.since, self.until):
            return _with_required(column, required=True)
        return _with_required(column, required=False) if column.meta.split else column

    def _power(self, column: Column, header: str) -> int:
        if self.entry is not None or not column.meta.scale:
            return 0
        powers = {normalise_name(name): power for name, power in column.meta.scale}
        return powers.get(normalise_name(header), 0)


def _with_required(column: Column, *, required: bool) -> Column:
    if column.meta.required == required:
        return column
    return column.model_copy(update={"meta": column.meta.model_copy(update={"required": required})})
