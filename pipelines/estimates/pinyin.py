"""Chinese names in Latin letters, as people write them abroad: pinyin without tones and spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

HAN: Final = re.compile(r"[\u3400-\u9fff]")

# Characters that are read differently as a surname.
_SURNAMES: Final = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "朴": "piao", "区": "ou", "盖": "ge",
    "乐": "yue", "覃": "qin", "翟": "zhai", "缪": "miao", "任": "ren", "宁": "ning", "万": "wan", "石": "shi",
    "车": "che", "纪": "ji", "冼": "xian", "洗": "xian", "员": "yun", "繁": "po", "召": "shao", "尉": "wei",
}  # fmt: skip


def person_letters(names: Iterable[str]) -> list[str]:
    """Give each name in lower-case letters, character by character: names are no phrases that decide a reading.

    The first character is read as a surname. What is not Chinese stays as it is, but for the spellings of ü.
    """
    from pypinyin import lazy_pinyin

    found = list(names)
    characters = sorted({character for name in found for character in name if HAN.match(character)})
    readings = {ord(character): lazy_pinyin(character)[0] for character in characters}
    return [
        one_spelling((_SURNAMES.get(name[:1]) or name[:1].translate(readings)) + name[1:].translate(readings))
        for name in found
    ]


def company_letters(names: Iterable[str]) -> list[str]:
    """Give each name in lower-case letters, read by phrases, so that 重庆 is chongqing."""
    from pypinyin import lazy_pinyin

    return [one_spelling("".join(lazy_pinyin(name))) for name in names]


def one_spelling(letters: str) -> str:
    """Give lü as lu, which passports and keyboards write as lyu, lv and lu."""
    for ours, theirs in (("ü", "v"), ("lyu", "lv"), ("nyu", "nv"), ("lv", "lu"), ("nv", "nu")):
        letters = letters.replace(ours, theirs)
    return letters
