"""Leads compared and joined: which pairs are one person's, and why."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from pipelines.estimates.duplicates import COMPARISONS, PINNED, STATED, clusters, lead_pairs
from pipelines.estimates.pinyin import company_letters, person_letters
from tests.linkage import levels

COLUMNS = ("company_words", "person_words", "email_key", "phone_key", "city_words", "project_words")
SCHEMA = pa.schema([(name, pa.string()) for name in ("lead_id", *COLUMNS)])
WANG = {
    "company_words": "苏州昱衡朗精密",
    "person_words": "王建华",
    "email_key": "wangjianhua@yuhenglang.example",
    "phone_key": "2345678901",
    "city_words": "苏州",
}


def leads(*rows: dict[str, Any]) -> pa.Table:
    """Records of leads L1, L2 …; what a row does not say is missing."""
    return pa.Table.from_pylist(
        [dict.fromkeys(COLUMNS) | row | {"lead_id": f"L{number}"} for number, row in enumerate(rows, 1)], SCHEMA
    )


def judged(*rows: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Pairs of these leads that are one person's, with the reasons."""
    found = lead_pairs(leads(*rows), levels(), 0.95).to_pylist()
    return [(row["lead_id"], row["other_lead_id"], row["reasons"]) for row in found]


def pairs(*found: tuple[str, str, float]) -> pa.Table:
    """Pairs as they are found."""
    names = ("lead_id", "other_lead_id", "match_probability", "reasons")
    rows = [dict(zip(names, (*row, f"{row[0]}{row[1]}"), strict=True)) for row in found]
    return pa.Table.from_pylist(rows, pa.schema([(n, pa.float64() if n == names[2] else pa.string()) for n in names]))


def grouped(found: pa.Table) -> dict[str, str]:
    """The cluster of each lead."""
    return {row["lead_id"]: row["cluster_id"] for row in found.to_pylist()}


@pytest.mark.parametrize("count", [0, 1])
def test_where_there_is_nothing_to_compare_there_is_no_pair(count):
    assert judged(*[WANG] * count) == []


@pytest.mark.parametrize(
    ("other", "reasons"),
    [
        pytest.param(WANG, "same company; same person; same e-mail; same phone; same city", id="as before"),
        pytest.param(
            {"company_words": "suzhou_yuhenglang_precision", "person_words": "wang_jianhua", "city_words": "苏州"},
            "company in pinyin; same person in another spelling; same city",
            id="pinyin",
        ),
        pytest.param(
            {"company_words": "szuhou_yuhenglang_heavy_industry", "person_words": "wang_jianhua", "city_words": "苏州"},
            "company in pinyin; same person in another spelling; same city",
            id="pinyin of the brand alone",
        ),
        pytest.param(
            {"company_words": "昱衡朗精密", "person_words": "jianhua_wang", "phone_key": "2345678901"},
            "company abbreviated; same person in another spelling; same phone",
            id="abbreviated, the surname last",
        ),
        pytest.param(
            {"company_words": "昱衡朗精密_苏州", "person_words": "王建华"},
            "same company, its characters in another order; same person",
            id="brackets",
        ),
        pytest.param(
            {**WANG, "company_words": "苏州昱衡郎精密", "email_key": "wangjianhau@yuhenglang.example", "phone_key": "2345678801"},
            "similar company; same person; similar e-mail; similar phone; same city",
            id="typos",
        ),
        pytest.param(
            {"company_words": "苏州昱衡朗精密", "person_words": "王先生", "phone_key": "2345678901"},
            "same company; same surname with a title; same phone",
            id="a title instead of a name",
        ),
        pytest.param(
            {"company_words": "其他公司名", "person_words": "王建华", "email_key": "wangjianhua@yuhenglang.example"},
            "another company; same person; same e-mail",
            id="another company",
        ),
    ],
)  # fmt: skip
def test_one_person_is_found_however_he_is_written(other, reasons):
    assert judged(WANG, other) == [("L1", "L2", reasons)]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({**WANG, "person_words": "李娜", "email_key": "lina@yuhenglang.example", "phone_key": "9876543210"}, id="a colleague"),
        pytest.param({**WANG, "person_words": "李娜", "email_key": None}, id="a colleague at the same switchboard"),
        pytest.param(
            {"company_words": "无锡昱衡朗精密", "person_words": "王建国", "email_key": "wangjianguo@yuhenglang.example", "city_words": "无锡"},
            id="a sister company of the group",
        ),
        pytest.param({"person_words": "王建华", "city_words": "苏州", "company_words": "甲乙丙丁机床"}, id="a namesake in the city"),
        pytest.param({"person_words": "王建华", "city_words": "苏州"}, id="a namesake without a company"),
        pytest.param(
            {**WANG, "email_key": "wangjianhua2@yuhenglang.example", "phone_key": "9876543210"}, id="a numbered namesake in the company"
        ),
        pytest.param({"company_words": "苏州昱衡朗精密", "city_words": "苏州"}, id="nothing but the company"),
        pytest.param({}, id="nothing at all"),
    ],
)  # fmt: skip
def test_two_people_stay_two(other):
    assert judged(WANG, other) == []


def test_a_latin_name_of_short_words_is_not_heard_in_every_chinese_one():
    short = {"company_words": "abb_ltd", "person_words": "wang_jianhua", "city_words": "苏州"}
    assert judged(WANG, short) == []


def test_a_number_that_many_names_give_is_nobodys():
    switchboard = {"company_words": "苏州昱衡朗精密", "phone_key": "5126666888"}
    people = [{**switchboard, "person_words": name} for name in ("王建华", "李娜", "陈琳")]
    nobody = {"phone_key": "5126666888", "person_words": "王先生", "company_words": "苏州昱衡朗精密"}
    assert judged(*people, nobody) == []


def test_a_form_sent_many_times_is_one_cluster():
    found = lead_pairs(leads(*[WANG] * 3_000), levels(), 0.95)
    assert found.num_rows == 2_999
    assert set(found["lead_id"].to_pylist()) == {"L1"}
    assert set(grouped(clusters(found, [], [])).values()) == {"L1"}


def test_a_made_up_number_brings_nobody_together():
    made_up = [{"phone_key": "3800138000", "company_words": f"甲乙丙丁公司{n}"} for n in range(1_100)]
    assert judged(*made_up) == []


def test_the_same_leads_are_judged_alike_in_any_order_and_company():
    others = [
        {
            "company_words": f"公司{chr(20000 + n)}{chr(21000 + n)}",
            "person_words": f"赵{chr(20100 + n)}",
            "city_words": "苏州",
        }
        for n in range(200)
    ]
    few = lead_pairs(leads(WANG, WANG), levels(), 0.95)
    many = lead_pairs(leads(WANG, WANG, *others), levels(), 0.95)
    turned = leads(WANG, WANG, *others)
    turned = lead_pairs(turned.take(list(range(turned.num_rows))[::-1]), levels(), 0.95)
    assert many.to_pylist() == few.to_pylist() == turned.to_pylist()


def test_a_level_without_weights_is_named():
    known = levels()
    without = pa.Table.from_pylist([row for row in known.to_pylist() if row["level"] != "pinyin"], known.schema)
    with pytest.raises(ValueError, match="match_levels lacks company, pinyin"):
        lead_pairs(leads(WANG, WANG), without, 0.95)


def test_the_weights_name_no_level_that_is_not_compared():
    compared = {(name, level.name) for name, held in COMPARISONS.items() for level in held}
    assert {(row["comparison"], row["level"]) for row in levels().to_pylist()} == compared | {("prior", "prior")}


def test_the_shares_of_a_comparisons_levels_make_up_at_most_the_whole():
    for share in ("m_probability", "u_probability"):
        for name in COMPARISONS:
            total = sum(float(row[share]) for row in levels().to_pylist() if row["comparison"] == name)
            assert 0.95 <= total <= 1.001, (name, share, total)


def test_a_cluster_is_named_by_its_smallest_lead_and_each_lead_by_its_likeliest_pair():
    found = clusters(pairs(("b", "c", 0.99), ("a", "c", 0.96), ("x", "y", 0.97)), [], [])
    assert grouped(found) == {"a": "a", "b": "a", "c": "a", "x": "x", "y": "x"}
    assert [(row["match_probability"], row["reasons"]) for row in found.to_pylist()][:3] == [
        (0.96, "ac"), (0.99, "bc"), (0.99, "bc"),
    ]  # fmt: skip


def test_a_pinned_pair_is_one_whatever_was_found():
    found = clusters(pairs(("a", "b", 0.96)), [("z", "b")], [])
    assert grouped(found) == {"a": "a", "b": "a", "z": "a"}
    assert {row["lead_id"]: row["reasons"] for row in found.to_pylist()}["z"] == PINNED


def test_a_lead_that_holds_the_id_of_another_is_that_one_unless_a_person_forbade_it():
    found = clusters(pairs(("a", "b", 0.96)), [], [], [("hubspot", "a")])
    assert grouped(found) == {"a": "a", "b": "a", "hubspot": "a"}
    assert {row["lead_id"]: row["reasons"] for row in found.to_pylist()}["hubspot"] == STATED
    assert grouped(clusters(pairs(), [], [("a", "hubspot")], [("hubspot", "a")])) == {}


def test_a_forbidden_pair_is_two_even_through_a_third():
    found = clusters(pairs(("a", "b", 0.999), ("b", "c", 0.97), ("a", "c", 0.99)), [], [("c", "a")])
    assert grouped(found) == {"a": "a", "b": "a"}


def test_names_are_read_as_people_write_them_abroad():
    assert person_letters(["王建华", "曾敏静", "吕绿", "lyulv", "anna"]) == [
        "wangjianhua", "zengminjing", "lulu", "lulu", "anna",
    ]  # fmt: skip
    assert company_letters(["重庆长安", "厦门abc"]) == ["chongqingchangan", "xiamenabc"]
