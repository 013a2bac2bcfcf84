"""Which leads are one person's: record linkage after Fellegi and Sunter with splink, on a connection of its own.

Two leads are compared in company, person, e-mail, phone, city and project. Each comparison finds one of its levels, and
the level says by how much likelier it is among leads of one person (m) than among leads of two (u). These numbers come
with the records (`match_levels`): nothing is trained here, so two leads are judged the same whether they stand among
five or a million, and the same input gives the same pairs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from pipelines.estimates.pinyin import company_letters, person_letters

PINNED: Final = "decided by a person"
STATED: Final = "its id stands in the other system"

# An e-mail address or number that so many different names give is nobody's own; in a company or project with more leads
# than a crowd has, only leads with names of the same letters are compared; a name that a crowd bears is no reason to.
# What most of all have in common, such as a made-up number, is no reason either.
SHARED_BY: Final = 3
CROWD: Final = 100
MOST: Final = 1_000

_TITLES: Final = "(先生|女士|小姐|太太|经理|总监|主任|老师|工程师|老板|工|总)"

# DuckDB counts bytes, of which a Chinese character has three.
_ONE_CHARACTER: Final = "case when strlen(company_l) > length(company_l) then 3 else 1 end"
_SAME_PERSON: Final = "(person_l = person_r or person_key_l = person_key_r)"
_LIKE_PERSON: Final = "jaro_winkler_similarity(person_latin_l, person_latin_r) >= 0.92"
_SURNAME: Final = "(starts_with(person_l, surname_r) or starts_with(person_r, surname_l))"
_NO_OTHER_PERSON: Final = f"({_SAME_PERSON} or {_LIKE_PERSON} or {_SURNAME} or person_l is null or person_r is null)"


@dataclass(frozen=True)
class Level:
    """One outcome of a comparison: its name in `match_levels`, its condition, and the words that explain it."""

    name: str
    condition: str
    words: str


# The first level whose condition holds counts; a comparison with a missing side says nothing.
COMPARISONS: Final[dict[str, tuple[Level, ...]]] = {
    "company": (
        Level("same", "company_l = company_r", "same company"),
        Level("reordered", "company_key_l = company_key_r", "same company, its characters in another order"),
        Level(
            "contained",
            "least(length(company_l), length(company_r)) >= 4 and length(company_l) <> length(company_r)"
            " and (contains(company_l, company_r) or contains(company_r, company_l))",
            "company abbreviated",
        ),
        Level(
            "pinyin",
            "heard(company_words_l, company_pinyin_r) or heard(company_words_r, company_pinyin_l)",
            "company in pinyin",
        ),
        Level(
            "similar",
            "least(length(company_l), length(company_r)) >= 5"
            f" and (damerau_levenshtein(company_l, company_r) <= {_ONE_CHARACTER}"
            " or jaro_winkler_similarity(company_l, company_r) >= 0.95)",
            "similar company",
        ),
        Level("other", "ELSE", "another company"),
    ),
    "person": (
        Level("same", "person_l = person_r", "same person"),
        Level("pinyin", "person_key_l = person_key_r", "same person in another spelling"),
        Level("surname", _SURNAME, "same surname with a title"),
        Level(
            "similar",
            f"least(length(person_latin_l), length(person_latin_r)) >= 5 and {_LIKE_PERSON}",
            "similar person",
        ),
        Level("other", "ELSE", "another person"),
    ),
    "email": (
        Level("same", f"email_l = email_r and {_NO_OTHER_PERSON}", "same e-mail"),
        Level("same_other_person", "email_l = email_r", "same e-mail under another name"),
        Level(
            "similar",
            f"damerau_levenshtein(email_l, email_r) <= 1 and {_SAME_PERSON}"
            " and regexp_replace(email_l, '[0-9]', '', 'g') <> regexp_replace(email_r, '[0-9]', '', 'g')",
            "similar e-mail",
        ),
        Level("other", "ELSE", "another e-mail"),
    ),
    "phone": (
        Level("same", f"phone_l = phone_r and {_NO_OTHER_PERSON}", "same phone"),
        Level("same_other_person", "phone_l = phone_r", "same phone under another name"),
        Level("similar", f"damerau_levenshtein(phone_l, phone_r) <= 1 and {_SAME_PERSON}", "similar phone"),
        Level("other", "ELSE", "another phone"),
    ),
    "city": (
        Level("same", "city_l = city_r", "same city"),
        Level("other", "ELSE", "another city"),
    ),
    "project": (
        Level("same", "project_l = project_r", "same project"),
        Level("other", "ELSE", "another project"),
    ),
}  # fmt: skip

# Which pairs are compared at all: those that share one of these.
BLOCKS: Final = ("email", "phone", "company_block", "person_block", "project_block")
_RULES: Final = (
    *(f"l.{block} = r.{block}" for block in BLOCKS),
    "l.rare_person = r.rare_person and (l.city is null or r.city is null)",
)

# A Latin name is heard in the pinyin of a Chinese one by half of its letters, or by its brand: a long word that is
# not at the beginning, where Chinese companies name their city.
_HEARD: Final = """
    create macro heard(words, pinyin) as coalesce(
        2 * length(array_to_string(list_filter(words, lambda word: contains(pinyin, word)), ''))
            >= nullif(length(array_to_string(words, '')), 0)
        or len(list_filter(words, lambda word: length(word) >= 6 and instr(pinyin, word) > 1)) > 0, false)
"""

# Leads alike in all that is compared are judged by two of them: a form sent a hundred thousand times is one cluster.
_COPIES: Final = """
    create table copies as
    select *, row_number() over alike as copy, first_value(lead_id) over alike as first_id
    from given
    window alike as (
        partition by company_words, person_words, email_key, phone_key, city_words, project_words order by lead_id
    )
"""
_FOUND: Final = """
    with found as (
        select
            least(lead_id_l, lead_id_r) as lead_id,
            greatest(lead_id_l, lead_id_r) as other_lead_id,
            match_probability,
            concat_ws('; ', {reasons}) as reasons
        from {predictions}
    )
    select * from found
    union all
    select copies.first_id, copies.lead_id, found.match_probability, found.reasons
    from copies
    inner join copies as seconds on copies.first_id = seconds.first_id and seconds.copy = 2
    inner join found on copies.first_id = found.lead_id and seconds.lead_id = found.other_lead_id
    where copies.copy > 2
    order by 1, 2
"""

_PREPARED: Final = """
    with named as (
        select
            records.lead_id,
            replace(records.company_words, '_', '') as company,
            array_to_string(list_sort(string_split(replace(records.company_words, '_', ''), '')), '') as company_key,
            case when not regexp_matches(records.company_words, '[\u3400-\u9fff]')
                then list_filter(string_split(replace(replace(records.company_words, 'lv', 'lu'), 'nv', 'nu'), '_'),
                    lambda word: length(word) >= 4)
            end as company_words,
            replace(records.person_words, '_', '') as person,
            nullif(regexp_replace(records.person_words, '{titles}$', ''), records.person_words) as surname,
            persons.latin as person_latin,
            array_to_string(list_sort(string_split(persons.latin, '')), '') as person_key,
            records.email_key as email,
            records.phone_key as phone,
            records.city_words as city,
            replace(records.project_words, '_', '') as project
        from records
        left join persons on replace(records.person_words, '_', '') = persons.name
    )
    select
        named.* replace (
            case when emails.email is null then named.email end as email,
            case when phones.phone is null then named.phone end as phone,
            case when length(named.surname) between 1 and 2 then named.surname end as surname
        ),
        named.person_key || ' ' || named.city as person_block,
        case when persons.person_key is null then named.person_key end as rare_person,
        case when companies.company_key is null then named.company_key
            else named.company_key || ' ' || named.person_key end as company_block,
        case when projects.project is null then named.project
            else named.project || ' ' || named.person_key end as project_block
    from named
    left join (select email from named group by email having count(distinct person_key) >= {shared_by}) as emails
        on named.email = emails.email
    left join (select phone from named group by phone having count(distinct person_key) >= {shared_by}) as phones
        on named.phone = phones.phone
    left join (select company_key from named group by company_key having count(*) > {crowd}) as companies
        on named.company_key = companies.company_key
    left join (select person_key from named group by person_key having count(*) > {crowd}) as persons
        on named.person_key = persons.person_key
    left join (select project from named group by project having count(*) > {crowd}) as projects
        on named.project = projects.project
"""

# Chinese names that stand in a block with a Latin one, so that only they are spelt in pinyin.
_TO_SPELL: Final = """
    select distinct company as name from (
        {by_block}
    )
    where company is not null and company_words is null
    order by name
"""
_MIXED_BLOCK: Final = """
    select company, company_words from prepared
    where {block} in (select {block} from prepared where company_words is not null)
"""

PAIRS: Final = pa.schema([
    ("lead_id", pa.string()), ("other_lead_id", pa.string()),
    ("match_probability", pa.float64()), ("reasons", pa.string()),
])  # fmt: skip


def lead_pairs(records: pa.Table, levels: pa.Table, threshold: float) -> pa.Table:
    """Give the pairs of leads that are one person's with at least this probability.

    Args:
        records: lead_id, company_words, person_words, email_key, phone_key, city_words, project_words: plain words
            joined by `_`, the company without its legal form; any may be null.
        levels: comparison, level, m_probability, u_probability of every level, and the prior: the shares of pairs,
            drawn at random, that are one person's (m) and two persons' (u).
        threshold: from 0 to 1.

    Returns:
        lead_id, other_lead_id (the smaller id first), match_probability and reasons in words, what speaks for it first,
        in order of the ids. Of leads alike in all that is compared, the third and later ones are paired with the first.

    Raises:
        ValueError: the levels lack one that is compared.

    """
    if records.num_rows <= 1:
        return PAIRS.empty_table()
    import duckdb
    from splink import DuckDBAPI, Linker

    settings = _settings({
        (row["comparison"], row["level"]): (float(row["m_probability"]), float(row["u_probability"]))
        for row in levels.to_pylist()
    })  # fmt: skip
    with duckdb.connect(config={"threads": 2}) as connection:
        _prepare(connection, records)
        interface = DuckDBAPI(connection=connection)
        linker = Linker(interface.register("prepared"), settings, log_level=None)
        found = linker.inference.predict(threshold_match_probability=threshold, warning_mode="never")
        reasons = ", ".join(_reason(name) for name in COMPARISONS)
        query = _FOUND.format(reasons=reasons, predictions=found.physical_name)
        pairs: pa.Table = connection.sql(query).to_arrow_table()
        return pairs.cast(PAIRS)


def _prepare(connection: Any, records: pa.Table) -> None:
    """Make the table `prepared` of what is compared, and the function that hears a Latin name in pinyin."""
    connection.register("given", records)
    connection.execute(_HEARD)
    connection.execute(_COPIES)
    connection.execute("create view records as select * from copies where copy <= 2")
    persons = connection.sql("""
        select distinct replace(person_words, '_', '') as name from records where person_words is not null order by name
    """).to_arrow_table()
    names = persons["name"].to_pylist()
    connection.register(
        "persons", pa.table({"name": persons["name"], "latin": pa.array(person_letters(names), pa.string())})
    )
    connection.execute(f"create table prepared as {_PREPARED.format(shared_by=SHARED_BY, crowd=CROWD, titles=_TITLES)}")
    bounds = ", ".join(f"case when count(*) over (partition by {b}) <= {MOST} then {b} end as {b}" for b in BLOCKS)
    connection.execute(f"create or replace table prepared as select * replace ({bounds}) from prepared")
    mixed = " union ".join(_MIXED_BLOCK.format(block=block) for block in (*BLOCKS, "rare_person"))
    spelt = connection.sql(_TO_SPELL.format(by_block=mixed)).to_arrow_table()
    letters = pa.array(company_letters(spelt["name"].to_pylist()), pa.string())
    connection.register("spelt", pa.table({"name": spelt["name"], "pinyin": letters}))
    connection.execute("""
        create or replace table prepared as
        select prepared.*, spelt.pinyin as company_pinyin
        from prepared
        left join spelt on prepared.company = spelt.name
    """)


def _settings(levels: Mapping[tuple[str, str], tuple[float, float]]) -> dict[str, Any]:
    """Write the model as splink reads it."""
    known = {("prior", "prior")} | {(name, level.name) for name, held in COMPARISONS.items() for level in held}
    if missing := sorted(known - set(levels)):
        raise ValueError(
            f"match_levels lacks {missing[0][0]}, {missing[0][1]}: every level that is compared needs m and u"
        )
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "lead_id",
        "probability_two_random_records_match": levels["prior", "prior"][0],
        "retain_matching_columns": True,
        "blocking_rules_to_generate_predictions": list(_RULES),
        "comparisons": [
            {
                "output_column_name": name,
                "comparison_levels": [
                    {"sql_condition": f"{name}_l is null or {name}_r is null", "is_null_level": True},
                    *(
                        {
                            "sql_condition": level.condition,
                            "label_for_charts": level.name,
                            "m_probability": levels[name, level.name][0],
                            "u_probability": levels[name, level.name][1],
                        }
                        for level in held
                    ),
                ],
            }
            for name, held in COMPARISONS.items()
        ],
    }


def _reason(name: str) -> str:
    """Write the words of the level that a comparison found; splink counts levels down to 0, a missing side is -1."""
    held = COMPARISONS[name]
    cases = " ".join(f"when {len(held) - 1 - place} then '{level.words}'" for place, level in enumerate(held))
    return f"case gamma_{name} {cases} end"


def clusters(
    pairs: pa.Table,
    pins: Iterable[tuple[str, str]],
    forbidden: Iterable[tuple[str, str]],
    stated: Iterable[tuple[str, str]] = (),
) -> pa.Table:
    """Join pairs to clusters, the likeliest first, never two leads that a person forbade to be one.

    Args:
        pairs: as `lead_pairs` gives them.
        pins: pairs of leads that a person decided to be one, whatever the probability.
        forbidden: pairs of leads that a person decided to be two.
        stated: pairs of leads of which one record holds the other's id.

    Returns:
        lead_id, cluster_id (the smallest id of its leads), match_probability and reasons of the lead's likeliest pair
        within the cluster, in order of the ids; leads that stand alone are not in it.

    """
    apart: dict[str, set[str]] = {}
    for one, other in forbidden:
        apart.setdefault(one, set()).add(other)
        apart.setdefault(other, set()).add(one)
    pinned = [(min(pair), max(pair), 1.0, PINNED) for pair in sorted(pins)]
    pinned += [(min(pair), max(pair), 1.0, STATED) for pair in sorted(stated)]
    columns = (pairs[name].to_pylist() for name in PAIRS.names)
    found = sorted(zip(*columns, strict=True), key=lambda pair: (-pair[2], pair[0], pair[1]))
    members: dict[str, list[str]] = {}
    home: dict[str, str] = {}
    best: dict[str, tuple[float, str]] = {}
    for one, other, probability, reasons in [*pinned, *found]:
        if one == other or not _join(home, members, apart, one, other):
            continue
        best.setdefault(one, (probability, reasons))
        best.setdefault(other, (probability, reasons))
    leads = sorted(best)
    names = {key: min(held) for key, held in members.items()}
    return pa.table({
        "lead_id": pa.array(leads, pa.string()),
        "cluster_id": pa.array([names[home[lead]] for lead in leads], pa.string()),
        "match_probability": pa.array([best[lead][0] for lead in leads], pa.float64()),
        "reasons": pa.array([best[lead][1] for lead in leads], pa.string()),
    })  # fmt: skip


def _join(
    home: dict[str, str], members: dict[str, list[str]], apart: Mapping[str, set[str]], one: str, other: str
) -> bool:
    """Bring two leads into one cluster; say whether they are in one now."""
    for lead in (one, other):
        if lead not in home:
            home[lead], members[lead] = lead, [lead]
    large, small = sorted((home[one], home[other]), key=lambda key: (-len(members[key]), key))
    if large == small:
        return True
    if any(apart.get(lead, set()).intersection(members[large]) for lead in members[small]):
        return False
    for lead in members[small]:
        home[lead] = large
    members[large] += members.pop(small)
    return True
