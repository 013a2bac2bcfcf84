"""Names of companies and people, composed from parts: none is meant to be anybody's."""

# ruff: noqa: E501 (tables read best as tables)

from __future__ import annotations

import numpy as np
import polars as pl

from pipelines.simulation.arrays import Ints, words

_SYLLABLES = (
    "昱yu 衡heng 朗lang 桓huan 屹yi 霖lin 澜lan 笙sheng 砺li 煜yu 骞qian 琅lang 皓hao 隽jun 翊yi 淞song 铄shuo 璟jing 曜yao 湛zhan "
    "岑cen 陌mo 霁ji 韬tao 麒qi 泓hong 珂ke 楷kai 筠yun 弈yi 彧yu 峤qiao 沅yuan 珩heng 祺qi 昀yun 钧jun 墨mo 谦qian 晟sheng "
    "禾he 渊yuan 戎rong 堃kun 芷zhi 臻zhen 睿rui 亘gen 攸you 倬zhuo 洵xun 绎yi 琮cong 瀚han 蔚wei 骋cheng 砚yan 穆mu 骅hua 翀chong"
)
BRAND_CHARACTERS = tuple(part[0] for part in _SYLLABLES.split())
BRAND_PINYIN = tuple(part[1:] for part in _SYLLABLES.split())
BRANDS = len(BRAND_CHARACTERS) ** 3
_STEP = 111_317  # coprime to BRANDS: neighbours get unlike names

TRADES = ("机械", "精密", "金属制品", "自动化", "装备", "重工", "电子", "汽车部件", "智能科技", "钣金")
TRADE_WORDS = (
    "Machinery",
    "Precision",
    "Metalworks",
    "Automation",
    "Equipment",
    "Heavy Industry",
    "Electronics",
    "Auto Parts",
    "Technology",
    "Sheet Metal",
)
FORMS = ("有限公司", "股份有限公司", "有限责任公司")
FORM_SHARES = (0.8, 0.12, 0.08)

_HOME = (
    ("苏州", "Suzhou", 0), ("无锡", "Wuxi", 0), ("常州", "Changzhou", 0), ("南京", "Nanjing", 0), ("上海", "Shanghai", 0),
    ("宁波", "Ningbo", 1), ("杭州", "Hangzhou", 1), ("嘉兴", "Jiaxing", 1), ("合肥", "Hefei", 1), ("温州", "Wenzhou", 1),
    ("深圳", "Shenzhen", 2), ("东莞", "Dongguan", 2), ("佛山", "Foshan", 2), ("广州", "Guangzhou", 2), ("中山", "Zhongshan", 2), ("厦门", "Xiamen", 2),
    ("天津", "Tianjin", 3), ("青岛", "Qingdao", 3), ("济南", "Jinan", 3), ("沈阳", "Shenyang", 3), ("大连", "Dalian", 3),
    ("武汉", "Wuhan", 4), ("成都", "Chengdu", 4), ("重庆", "Chongqing", 4), ("西安", "Xi'an", 4), ("长沙", "Changsha", 4),
)  # fmt: skip
_ABROAD = (
    ("Stuttgart", "Germany"), ("Chennai", "India"), ("Pune", "India"), ("Monterrey", "Mexico"), ("Haiphong", "Vietnam"), ("Hanoi", "Vietnam"),
    ("Rayong", "Thailand"), ("Izmir", "Turkey"), ("Turin", "Italy"), ("Toledo", "United States"), ("Dayton", "United States"), ("Gdansk", "Poland"),
    ("Curitiba", "Brazil"), ("Sharjah", "United Arab Emirates"),
)  # fmt: skip
CITIES = tuple(city for city, *_ in _HOME) + tuple(city for city, _ in _ABROAD)
CITY_PINYIN = tuple(pinyin for _, pinyin, _ in _HOME) + tuple(city for city, _ in _ABROAD)
COUNTRIES = ("China",) * len(_HOME) + tuple(country for _, country in _ABROAD)
CITY_TEAMS = tuple(team for *_, team in _HOME) + (5,) * len(_ABROAD)
HOME_CITIES = len(_HOME)

_HEADS = (
    "Nor",
    "Vel",
    "Kas",
    "Bren",
    "Dor",
    "Fal",
    "Gar",
    "Hel",
    "Jor",
    "Lum",
    "Mar",
    "Ost",
    "Pal",
    "Quil",
    "Rav",
    "Sol",
    "Tor",
    "Ulm",
    "Wex",
    "Zan",
)
_MIDDLES = ("vi", "ta", "re", "lo", "mi", "da", "ko", "sa", "ne", "ru", "be", "fi")
_TAILS = (
    "ck",
    "lin",
    "dex",
    "ron",
    "mark",
    "tec",
    "via",
    "gard",
    "stal",
    "field",
    "nova",
    "berg",
    "san",
    "well",
    "rix",
)
_LATIN_TRADES = (
    "Fabrication",
    "Metalworks",
    "Systems",
    "Components",
    "Industries",
    "Engineering",
    "Manufacturing",
    "Forming",
)
_LATIN_FORMS = {"Germany": "GmbH", "India": "Pvt. Ltd.", "Mexico": "S.A. de C.V.", "Vietnam": "Co., Ltd.", "Thailand": "Co., Ltd.", "Turkey": "A.Ş.",
                "Italy": "S.r.l.", "United States": "Inc.", "Poland": "Sp. z o.o.", "Brazil": "Ltda.", "United Arab Emirates": "LLC"}  # fmt: skip
LATIN_BRANDS = len(_HEADS) * len(_MIDDLES) * len(_TAILS)

_SURNAMES = "王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng 彭peng 吕lü"
_GIVEN = "伟wei 芳fang 敏min 静jing 磊lei 洋yang 勇yong 艳yan 杰jie 涛tao 明ming 超chao 霞xia 平ping 刚gang 桂gui 英ying 华hua 建jian 文wen 俊jun 鑫xin 宇yu 浩hao 晨chen 琳lin 雪xue 波bo 斌bin 莉li 军jun 强qiang 娜na 凯kai 颖ying 峰feng 宁ning 佳jia 欣xin 志zhi 国guo 春chun 海hai 丽li 红hong 梅mei 飞fei 龙long"
SURNAMES = tuple(part[0] for part in _SURNAMES.split())
SURNAME_PINYIN = tuple(part[1:].replace("ü", "v") for part in _SURNAMES.split())
GIVEN = ("", *(part[0] for part in _GIVEN.split()))
GIVEN_PINYIN = ("", *(part[1:] for part in _GIVEN.split()))
LATIN_FIRST = (
    "Anna",
    "Marco",
    "Priya",
    "Carlos",
    "Linh",
    "Somchai",
    "Emre",
    "Giulia",
    "Kevin",
    "Laura",
    "Piotr",
    "Rafael",
    "Omar",
    "Sofia",
    "Arjun",
    "Elena",
    "Tom",
    "Nadia",
    "Luis",
    "Minh",
    "Deniz",
    "Paula",
    "Igor",
    "Grace",
)
LATIN_LAST = (
    "Keller",
    "Rossi",
    "Sharma",
    "Mendez",
    "Tran",
    "Suwan",
    "Yildiz",
    "Bianchi",
    "Miller",
    "Novak",
    "Kowal",
    "Silva",
    "Haddad",
    "Garcia",
    "Patel",
    "Weber",
    "Jensen",
    "Nguyen",
    "Torres",
    "Schmid",
    "Aydin",
    "Costa",
    "Moreau",
    "Lindqvist",
)
TITLES = ("采购经理", "总经理", "生产总监", "设备工程师", "技术总监", "厂长", "工艺工程师", "项目经理")
LATIN_TITLES = (
    "Purchasing Manager",
    "Managing Director",
    "Production Director",
    "Equipment Engineer",
    "CTO",
    "Plant Manager",
    "Process Engineer",
    "Project Manager",
)
DECIDERS = (1, 2, 4, 5)


def brand_parts(brands: Ints) -> tuple[Ints, Ints, Ints]:
    """The three characters of each brand; unlike numbers below `BRANDS` give unlike brands."""
    spread = brands % BRANDS * _STEP % BRANDS
    base = len(BRAND_CHARACTERS)
    return spread // base**2, spread // base % base, spread % base


def _text(frame: dict[str, pl.Series], expression: pl.Expr) -> pl.Series:
    return pl.DataFrame(frame).select(expression.alias("x")).to_series()


def brand_name(brands: Ints, *, latin: bool = False, joint: str = "") -> pl.Series:
    """A brand in characters, or in pinyin."""
    options = BRAND_PINYIN if latin else BRAND_CHARACTERS
    parts = {str(i): words(options, part) for i, part in enumerate(brand_parts(brands))}
    parts["again"] = pl.Series(brands // BRANDS)
    again = pl.when(pl.col("again") > 0).then(pl.col("again").cast(pl.String)).otherwise(pl.lit(""))
    return _text(parts, pl.concat_str([pl.col("0"), pl.col("1"), pl.col("2")], separator=joint) + again)


def chinese_company(brands: Ints, cities: Ints, trades: Ints, forms: Ints) -> pl.Series:
    """`苏州昱衡朗精密有限公司`."""
    parts = {
        "city": words(CITIES, cities),
        "brand": brand_name(brands),
        "trade": words(TRADES, trades),
        "form": words(FORMS, forms),
    }
    return _text(parts, pl.concat_str(["city", "brand", "trade", "form"]))


def pinyin_company(brands: Ints, cities: Ints, trades: Ints) -> pl.Series:
    """`Suzhou Yuhenglang Precision Co., Ltd.`: the same company as it writes itself abroad."""
    parts = {
        "city": words(CITY_PINYIN, cities),
        "brand": brand_name(brands, latin=True).str.to_titlecase(),
        "trade": words(TRADE_WORDS, trades),
    }
    return _text(parts, pl.concat_str(["city", "brand", "trade"], separator=" ") + " Co., Ltd.")


def latin_brand(brands: Ints) -> pl.Series:
    """`Norvick`; with a number once all are used."""
    spread = brands % LATIN_BRANDS * 1_009 % LATIN_BRANDS
    parts = {
        "head": words(_HEADS, spread // (len(_MIDDLES) * len(_TAILS))),
        "middle": words(_MIDDLES, spread // len(_TAILS) % len(_MIDDLES)),
        "tail": words(_TAILS, spread % len(_TAILS)),
        "again": pl.Series(brands // LATIN_BRANDS),
    }
    again = pl.when(pl.col("again") > 0).then(" " + (pl.col("again") + 1).cast(pl.String)).otherwise(pl.lit(""))
    return _text(parts, pl.concat_str(["head", "middle", "tail"]) + again)


def latin_company(brands: Ints, cities: Ints, trades: Ints) -> pl.Series:
    """`Norvick Metalworks GmbH`."""
    forms = [_LATIN_FORMS.get(country, "Ltd.") for country in COUNTRIES]
    parts = {
        "brand": latin_brand(brands),
        "trade": words(_LATIN_TRADES, trades % len(_LATIN_TRADES)),
        "form": words(forms, cities),
    }
    return _text(parts, pl.concat_str(["brand", "trade", "form"], separator=" "))


def choose(condition: np.ndarray, yes: pl.Series, no: pl.Series) -> pl.Series:
    """`yes` where the condition holds, else `no`."""
    frame = pl.DataFrame({"c": pl.Series(condition), "y": yes, "n": no})
    return frame.select(pl.when("c").then(pl.col("y")).otherwise(pl.col("n"))).to_series()


def slug(text: pl.Series) -> pl.Series:
    """Lower-case letters and digits only."""
    return text.str.to_lowercase().str.replace_all(r"[^a-z0-9]", "")


def chinese_person(first: Ints, second: Ints, third: Ints, *, pinyin: bool = False) -> pl.Series:
    """`王建华`, or `Wang Jianhua`."""
    if not pinyin:
        parts = {"a": words(SURNAMES, first), "b": words(GIVEN, second), "c": words(GIVEN, third)}
        return _text(parts, pl.concat_str(["a", "b", "c"]))
    parts = {
        "a": words(SURNAME_PINYIN, first).str.to_titlecase(),
        "b": words(GIVEN_PINYIN, second),
        "c": words(GIVEN_PINYIN, third),
    }
    return _text(parts, pl.concat_str(["a", pl.concat_str(["b", "c"]).str.to_titlecase()], separator=" "))


def latin_person(first: Ints, second: Ints) -> pl.Series:
    """`Anna Keller`."""
    return _text(
        {"a": words(LATIN_FIRST, first), "b": words(LATIN_LAST, second)}, pl.concat_str(["a", "b"], separator=" ")
    )
