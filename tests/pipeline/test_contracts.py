"""Contracts: read from the dbt source files, every key checked, and a change told by the signature."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.contracts import load_contracts, normalise_name, read_source_file
from pipelines.errors import WanamakerError
from tests.pipeline.conftest import CONTRACT, contracts_of


def signature_of(text: str, folder: Path, table: str = "people") -> str:
    return contracts_of(text, folder).table("shop", table).signature


def test_every_table_of_the_project_has_a_contract() -> None:
    tables = {table.qualified for table in load_contracts().tables}
    assert {"custom.accounts", "custom.spend", "custom.fx_rates"} <= tables


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("required: true", "requird: true", "_shop.yml: shop.people.person_id: requird is not a contract key"),
        ("key: [person_id]", "keys: [person_id]", "shop.people: keys is not a contract key"),
        ("vendor: Shop", "vendr: Shop", "shop: vendor Field required"),
        ("missing: [fehlt]", "mising: [fehlt]", "shop: mising is not a contract key"),
        ("key: [person_id]", "key: [persn_id]", "columns that it lacks: persn_id"),
        ('files: ["people*", "人员*"], key: [person_id]', 'files: ["people*"]', "load mode upsert needs a key"),
        ("range: spent_on, ", "", "load mode replace needs a range"),
        ("load: full", "load: ful", "shop.stock: load Input should be 'upsert', 'full', 'replace' or 'append'"),
        ("data_type: bigint", "data_type: int", "visits has the data_type int; the types are varchar, date"),
        ("{name: on_hand, data_type: bigint}", "{name: on_hand}", "shop.stock.on_hand: the key 'data_type' is missing"),
        ("key: [person_id]", "key: [person_id], total_rows: ['(Total']", "'(Total' is not a pattern"),
        ("key: [person_id]", "key: [person_id], total_when_empty: [nme]", "columns that it lacks: nme"),
        ("values: [Gold, Silver]", "scale: {micros: -6}", "grade has a scale, which needs a decimal"),
        ("minimum: 0", "currency_from_header: true", "needs a column currency"),
        ("  - name: shop", "  - name: [shop", "it is not valid YAML"),
    ],
)
def test_a_wrong_contract_is_refused_by_name(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in CONTRACT
    text = CONTRACT.replace(old, new, -1 if old == "data_type: bigint" else 1)
    with pytest.raises(WanamakerError) as error:
        contracts_of(text, tmp_path)
    assert message in str(error.value)


def test_a_source_file_without_contract_keys_is_no_contract(tmp_path: Path) -> None:
    path = tmp_path / "_registry.yml"
    path.write_text("sources: [{name: registry, tables: [{name: files}]}]", encoding="utf-8")
    assert read_source_file(path) is None


def test_an_unknown_table_is_named_beside_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(WanamakerError, match=r"no table shop\.persons; the tables of shop are: people, stock"):
        contracts_of(CONTRACT, tmp_path).table("shop", "persons")


@pytest.mark.parametrize(
    ("old", "new"),
    [("headers: [姓名]", "headers: [姓名, 名字]"), ("missing: [fehlt]", "missing: []"), ("maximum: 1", "maximum: 2")],
)
def test_the_signature_changes_with_what_a_file_is_read_as(tmp_path: Path, old: str, new: str) -> None:
    assert signature_of(CONTRACT, tmp_path) != signature_of(CONTRACT.replace(old, new), tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('files: ["people*", "人员*"]', 'files: ["persons*"]'),
        ("- name: people", "- name: people\n        description: Everybody."),
        ("vendor: Shop", "vendor: The Shop"),
    ],
)
def test_words_do_not_change_the_signature(tmp_path: Path, old: str, new: str) -> None:
    assert signature_of(CONTRACT, tmp_path) == signature_of(CONTRACT.replace(old, new), tmp_path)


def test_a_change_of_one_table_leaves_the_signatures_of_the_others(tmp_path: Path) -> None:
    changed = CONTRACT.replace("values: [Gold, Silver]", "values: [Gold]")
    assert signature_of(CONTRACT, tmp_path, "stock") == signature_of(changed, tmp_path, "stock")


@pytest.mark.parametrize(
    "header",
    [
        "Amount spent",
        "amount_spent",
        "ＡＭＯＵＮＴ　ＳＰＥＮＴ",
        " Amount Spent* ",
        "Amount spent (USD)",
        "\ufeffamount-spent",
    ],
)
def test_names_are_compared_without_case_width_spaces_or_unit(header: str) -> None:
    assert normalise_name(header) == "amountspent"
