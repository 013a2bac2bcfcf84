"""SQL for records that become several rows: ranges spread over days, columns turned into rows, lists of ids."""

from __future__ import annotations

from pipelines.contracts import Column, Spread
from pipelines.ingest.cells import identifier, quoted
from pipelines.ingest.recipe import LONGEST_RANGE, Recipe


def expanded(recipe: Recipe, records: str) -> str:
    """The rows that the records of a relation become."""
    if spread := recipe.spread:
        records = _over_days(recipe, spread, records)
    if recipe.table.meta.unpivot:
        records = _unpivoted(recipe, records)
    for column in recipe.split:
        records = _split(column, records)
    return records


def range_problem(since: str, until: str) -> list[tuple[str, str]]:
    """What is wrong with a range of two dates, and the reason in words."""
    return [
        (f"{until} < {since}", "is before the range begins"),
        (f"date_diff('day', {since}, {until}) >= {LONGEST_RANGE}", f"ends a range of more than {LONGEST_RANGE:,} days"),
    ]


def _over_days(recipe: Recipe, spread: Spread, records: str) -> str:
    """A row for each day of the range; figures are split into equal parts, the rest one by one from the first day."""
    since, until = identifier(spread.since), identifier(recipe.until or spread.since)
    columns = [recipe.table.column(name) for name in spread.columns if name in recipe.fed]
    parts = [f"{_share(column)} as {identifier(column.name)}" for column in columns]
    replaced = [
        f"cast({since} + _day as date) as {identifier(spread.day)}",
        f"_days > 1 as {identifier(spread.mark)}",
        *parts,
    ]
    ranges = f"select *, cast(date_diff('day', {since}, {until}) as integer) + 1 as _days from {records}"
    days = f"select *, unnest(range(_days))::integer as _day from ({ranges})"
    return f"(select * exclude (_day, _days) replace ({', '.join(replaced)}) from ({days}))"


def _share(column: Column) -> str:
    """A day's part of a figure: whole cents or units by largest remainder, what is smaller on the first day."""
    return f"case when _days = 1 then {identifier(column.name)} else {_part(column)} end"


def _part(column: Column) -> str:
    name = identifier(column.name)
    places = min(int(column.type.rstrip(")").split(",")[1]), 2) if column.type.startswith("decimal") else 0
    scale = column.type.rstrip(")").split(",")[1] if places else "0"
    size = f"abs(cast({name} as decimal(38, {scale})))"
    units = f"cast(trunc({size} * {10**places}) as hugeint)"
    part = f"({units} // _days + case when _day < {units} % _days then 1 else 0 end)"
    if not places:
        return f"cast(sign({name}) * {part} as bigint)"
    unit = f"cast(0.{'1'.rjust(places, '0')} as decimal({places + 1}, {places}))"
    whole = f"cast(sign({name}) * cast({part} as decimal(28, 0)) * {unit} as {column.type})"
    rest = f"cast(sign({name}) * ({size} - cast({units} as decimal(28, 0)) * {unit}) as {column.type})"
    return f"cast({whole} + case when _day = 0 then {rest} else 0 end as {column.type})"


def _unpivoted(recipe: Recipe, records: str) -> str:
    """A row for each filled cell of the columns that become rows."""
    unpivot = recipe.table.meta.unpivot
    assert unpivot is not None
    name, value = identifier(unpivot.name), identifier(unpivot.value)
    pairs = [f"{{'name': {quoted(text)}, 'value': u_{place}}}" for place, text in recipe.unpivoted.items()]
    cells = f"select *, unnest([{', '.join(pairs)}]) as _pair from {records}"
    return (
        f"(select * exclude (_pair) replace (_pair.name as {name}, _pair.value as {value}) "
        f"from ({cells}) where _pair.value is not null)"
    )


def _split(column: Column, records: str) -> str:
    """A row for each id in a cell."""
    name, mark = identifier(column.name), quoted(column.meta.split or "")
    ids = f"select *, unnest(list_distinct(string_split({name}, {mark}))) as _id from {records}"
    return f"(select * exclude (_id) replace (trim(_id) as {name}) from ({ids}) where trim(_id) <> '')"
