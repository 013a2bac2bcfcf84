"""What companies and people are called, and the other ways in which they get written down."""

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.simulation import names
from pipelines.simulation.arrays import Ints, chance_of, mixed, numbers, words
from pipelines.simulation.market import PEOPLE_PER_COMPANY, Companies

_PHONES = 10**9
_PHONE_STEP = 387_420_489


def company_names(companies: Companies, which: Ints) -> pl.Series:
    """The registered name of companies."""
    brands, cities, trades, forms = (
        values[which] for values in (companies.brands, companies.cities, companies.trades, companies.forms)
    )
    home = names.chinese_company(brands, np.minimum(cities, names.HOME_CITIES - 1), trades, forms)
    return names.choose(companies.is_abroad[which], names.latin_company(brands, cities, trades), home)


def company_domains(companies: Companies, which: Ints) -> pl.Series:
    """A domain that nobody can own."""
    brands = companies.brands[which]
    home = names.slug(names.brand_name(brands, latin=True))
    return names.choose(companies.is_abroad[which], names.slug(names.latin_brand(brands)), home) + ".example"


def person_parts(persons: Ints) -> tuple[Ints, Ints, Ints]:
    """Numbers that a person's name is made of."""
    return (
        mixed(persons, "surname") % len(names.SURNAMES),
        1 + mixed(persons, "given") % (len(names.GIVEN) - 1),
        np.where(chance_of(persons, "short") < 0.3, 0, 1 + mixed(persons, "second") % (len(names.GIVEN) - 1)),
    )


def person_names(persons: Ints, is_abroad: np.ndarray, *, pinyin: bool = False) -> pl.Series:
    """Names of people, by number."""
    first, second, third = person_parts(persons)
    latin = names.latin_person(first % len(names.LATIN_FIRST), mixed(persons, "latin") % len(names.LATIN_LAST))
    return names.choose(is_abroad, latin, names.chinese_person(first, second, third, pinyin=pinyin))


def person_emails(persons: Ints, companies: Companies, first_person: int) -> pl.Series:
    """`wangjianhua@yuhenglang.example`, or an address at example.com."""
    company = (persons - first_person) // PEOPLE_PER_COMPANY
    abroad = companies.is_abroad[company]
    local = names.slug(person_names(persons, abroad, pinyin=True))
    place = persons % PEOPLE_PER_COMPANY
    local = local + words(("", "2", "3", "4"), place)
    private = local + numbers(persons % 100_000).cast(pl.String) + "@example.com"
    return names.choose(
        chance_of(persons, "private") < 0.12, private, local + "@" + company_domains(companies, company)
    )


def person_phones(persons: Ints, is_abroad: np.ndarray) -> pl.Series:
    """Numbers that cannot be dialled: mobile numbers do not begin with 12, and no country has the code 999."""
    digits = numbers(persons % _PHONES * _PHONE_STEP % _PHONES).cast(pl.String).str.zfill(9)
    return names.choose(is_abroad, "+999 " + digits.str.slice(0, 3) + " " + digits.str.slice(3), "12" + digits)


def person_titles(persons: Ints, is_abroad: np.ndarray) -> pl.Series:
    """What people do."""
    index = mixed(persons, "title") % len(names.TITLES)
    return names.choose(is_abroad, words(names.LATIN_TITLES, index), words(names.TITLES, index))
