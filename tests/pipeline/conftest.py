"""A small shop, whose exports the tests write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.contracts import Contracts, read_source_file
from tests.pipeline.project import Project

CONTRACT = """
sources:
  - name: shop
    config: {meta: {vendor: Shop, locale: {decimal: ".", thousands: ","}, missing: [fehlt]}}
    tables:
      - name: people
        config: {meta: {files: ["people*", "人员*"], key: [person_id]}}
        columns:
          - {name: person_id, data_type: varchar, config: {meta: {headers: [Person ID, 编号], required: true}}}
          - {name: name, data_type: varchar, config: {meta: {headers: [姓名]}}}
          - {name: born_on, data_type: date, config: {meta: {headers: [生日]}}}
          - {name: seen_at, data_type: timestamp}
          - {name: balance, data_type: "decimal(18,2)", config: {meta: {headers: [余额]}}}
          - {name: discount_rate, data_type: "decimal(18,6)", config: {meta: {minimum: 0, maximum: 1}}}
          - {name: visits, data_type: bigint}
          - {name: is_active, data_type: boolean}
          - {name: grade, data_type: varchar, config: {meta: {values: [Gold, Silver]}}}
      - name: stock
        config: {meta: {files: ["stock*"], load: full, key: [item_id]}}
        columns:
          - {name: item_id, data_type: varchar, config: {meta: {required: true}}}
          - {name: on_hand, data_type: bigint}
      - name: prices
        config: {meta: {files: ["prices*"], load: full, key: [price_id], scope: [region]}}
        columns:
          - {name: price_id, data_type: varchar, config: {meta: {required: true}}}
          - {name: region, data_type: varchar, config: {meta: {required: true}}}
          - {name: price, data_type: bigint}
      - name: costs
        config: {meta: {files: ["costs*"], load: replace, range: spent_on, scope: [channel, ad_account]}}
        columns:
          - {name: spent_on, data_type: date, config: {meta: {required: true}}}
          - {name: cost, data_type: bigint, config: {meta: {required: true}}}
          - {name: channel, data_type: varchar}
          - {name: ad_account, data_type: varchar}
      - name: visits
        config: {meta: {files: ["visits*"], load: append}}
        columns:
          - {name: visited_on, data_type: date, config: {meta: {required: true}}}
          - {name: page, data_type: varchar, config: {meta: {required: true}}}
      - name: calls
        config: {meta: {files: ["calls*"], load: append, key: [call_id]}}
        columns:
          - {name: call_id, data_type: varchar}
          - {name: called_on, data_type: date, config: {meta: {required: true}}}
          - {name: caller, data_type: varchar, config: {meta: {required: true}}}
"""


def contracts_of(text: str, folder: Path) -> Contracts:
    """The contracts in the text of one dbt source file."""
    path = folder / "_shop.yml"
    path.write_text(text, encoding="utf-8")
    source = read_source_file(path)
    assert source is not None
    return Contracts(sources=(source,))


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Project]:
    """A project with the shop's contracts; after the test the counts of every file must tie."""
    project = Project(tmp_path, contracts_of(CONTRACT, tmp_path))
    yield project
    if (project.data / "raw.duckdb").exists():
        counts = "loaded + unchanged + duplicate + rejected + excluded"
        assert not project.rows(
            f"select name from registry.files where rows_read <> {counts} or least(loaded, unchanged, duplicate) < 0"
        )
