"""What is true of the simulated company: every number that the data follow, so that estimates can be checked."""

# ruff: noqa: E501 (tables read best as tables)

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DEFAULT_UNTIL = date(2026, 8, 31)
DEFAULT_MONTHS = 24

LEADS = 18_500
COMPANIES = 11_000
INSTALLED_BASE = 520
PARTNERS = 36
SEATS = 26
SMALLEST_SEATS = 12
OPENING_DEALS = 240
OWN_DEALS = 330
REPEAT_ORDERS = 900
CHUNK_SCALE = 2.0

VAT = 0.13
MONTH_SEASON = (0.85, 0.55, 1.2, 1.1, 1.05, 1.1, 0.95, 0.9, 1.15, 0.85, 1.1, 1.2)
WEEKDAY_SEASON = (1.05, 1.1, 1.1, 1.05, 1.0, 0.35, 0.2)


@dataclass(frozen=True)
class Channel:
    """What a channel brings and costs: the truth that ROI and attribution are after.

    `leads` is its share of leads, `cost` the cost of a lead in CNY, `conversion` the share of leads that
    ever convert, `median_days` until they do, `win` and `size` multiply the odds of each stage and the
    amount. `claim` is how many conversions the platform claims for each lead, `kinds` how its cost is made up.
    """

    name: str
    source: str
    label: str
    leads: float
    cost: float
    conversion: float
    median_days: float
    win: float
    size: float
    assists: float
    touch: str
    kinds: tuple[tuple[str, float], ...] = ()
    account: str = ""
    claim: float = 0.0
    activities: int = 0
    is_event: bool = False
    is_booked_in_crm: bool = False


_M, _A, _E, _O = "media", "agency_fee", "event", "other"

CHANNELS = (
    Channel("百度推广", "Website", "百度搜索 Paid search", 0.19, 950, 0.135, 14, 1.0, 1.0, 0.16, "click", ((_M, 0.88), (_A, 0.12)), "baidu-01", 1.5, 3),
    Channel("Organic Search", "Website", "内容与SEO Organic search", 0.13, 950, 0.16, 18, 1.05, 1.0, 0.17, "utm_visit", ((_O, 0.6), (_A, 0.4)), "", 0, 1),
    Channel("LinkedIn", "Social", "领英广告 Paid social", 0.11, 1250, 0.075, 24, 0.9, 1.05, 0.09, "click", ((_M, 0.9), (_A, 0.1)), "linkedin-01", 1.8, 2),
    Channel("微信", "Social", "微信公众号 WeChat", 0.13, 800, 0.11, 16, 1.0, 0.95, 0.13, "wechat_message", ((_M, 0.55), (_A, 0.25), (_O, 0.2)), "weixin-01", 1.4, 2),
    Channel("Email", "Email", "邮件培育 E-mail", 0.09, 900, 0.095, 22, 0.95, 0.9, 0.14, "email_click", ((_O, 1.0),), "", 0, 2),
    Channel("展会", "Trade show", "展会 Trade shows", 0.11, 2450, 0.22, 20, 1.2, 1.35, 0.08, "badge_scan", ((_E, 0.85), (_O, 0.15)), "", 0, 2, is_event=True),
    Channel("Webinar", "Webinar", "线上研讨会 Webinars", 0.07, 1050, 0.12, 21, 1.0, 1.0, 0.07, "attendance", ((_E, 0.5), (_M, 0.3), (_O, 0.2)), "zoom-01", 1.1, 2, is_event=True),
    Channel("Display", "Website", "展示广告 Display", 0.05, 1250, 0.045, 28, 0.8, 0.85, 0.06, "click", ((_M, 0.92), (_A, 0.08)), "display-01", 2.2, 2),
    Channel("转介绍", "Referral", "老客户转介绍 Referral", 0.04, 1500, 0.30, 10, 1.4, 1.2, 0.02, "form", ((_O, 1.0),), "", 0, 1),
    Channel("Partner", "Partner", "渠道伙伴 Partner", 0.035, 1300, 0.26, 12, 1.2, 1.15, 0.02, "form", ((_O, 1.0),), "", 0, 1),
    Channel("Social", "Social", "社交内容 Social", 0.015, 1500, 0.07, 25, 0.9, 0.9, 0.03, "click", ((_A, 1.0),), "", 0, 1),
    Channel("Print", "Other", "行业杂志 Print", 0.01, 1300, 0.08, 26, 1.0, 1.0, 0.005, "form", ((_M, 1.0),), "", 0, 1, is_booked_in_crm=True),
    Channel("广播", "Other", "交通广播 Radio", 0.006, 1000, 0.07, 26, 0.9, 0.9, 0.002, "call_in", ((_M, 1.0),), "", 0, 1, is_booked_in_crm=True),
    Channel("TV", "Other", "财经电视 TV", 0.004, 2600, 0.08, 26, 1.0, 1.1, 0.001, "call_in", ((_M, 1.0),), "", 0, 1, is_booked_in_crm=True),
    Channel("Direct", "Website", "直接访问 Direct", 0.06, 0, 0.15, 15, 1.05, 1.0, 0.13, "utm_visit"),
    Channel("电话", "Phone", "来电 Phone", 0.03, 0, 0.18, 9, 1.1, 1.0, 0.03, "call_in"),
)  # fmt: skip
DIRECT = 14
UNDECLARED_CHANNELS = ("抖音", "Quora", "知乎", "B站")

CONVERSION_SIGMA = 0.9
GRADES = ("A", "B", "C", "D")
GRADE_SHARES = (0.12, 0.33, 0.35, 0.2)
GRADE_CONVERSION = (2.4, 1.2, 0.65, 0.3)
SIZES = ("1-49", "50-199", "200-999", "1000+")
SIZE_SHARES = (0.38, 0.34, 0.2, 0.08)
SIZE_CONVERSION = (0.8, 1.05, 1.25, 1.15)
SIZE_AMOUNT = (0.6, 0.9, 1.35, 2.1)
FAST_RESPONSE_CONVERSION = (1.25, 0.855)
FAST_RESPONSE_SHARE = 0.37
QUALIFIED_WITHOUT_CONVERSION = 0.2
DISQUALIFIED = 0.45
RECYCLED = 0.4
CLAIMED = 0.45

STAGES = ("Prospecting", "Qualification", "Needs Analysis", "Proposal", "Negotiation", "Closed Won", "Closed Lost")
WON, LOST = 5, 6
STAGE_ADVANCE = (0.83, 0.79, 0.78, 0.75, 0.77)
STAGE_DAYS = (9.0, 14.0, 17.0, 20.0, 15.0)
STAGE_SIGMA = 0.6
LOSS_SLOWNESS = 1.35
ODDS_PER_STAGE = 0.45
SKILL_SIGMA = 0.3
NEVER_DECIDED = 0.04
SKIPS_ANALYSIS = 0.12
FALLS_BACK = 0.05
REOPENED = 0.02
REOPENED_WON = 0.4
AMOUNT_CHANGES = 0.28
AMOUNT_UNKNOWN_AT_FIRST = 0.05
CLOSE_NEVER_MOVED = 0.12

LOSS_REASONS = (
    "价格 Price",
    "竞争对手 Competitor",
    "预算取消 Budget cut",
    "无决策 No decision",
    "交期 Lead time",
    "功能不符 Missing feature",
)
LOSS_SHARES = (0.3, 0.24, 0.16, 0.17, 0.07, 0.06)
COMPETITORS = ("Arvento", "锐科达", "Brennik", "华拓重机", "Tessaro")

INDUSTRIES = (
    "汽车零部件 Automotive",
    "电子 Electronics",
    "钣金加工 Sheet metal",
    "工程机械 Machinery",
    "新能源 New energy",
    "家电 Appliances",
    "船舶 Shipbuilding",
    "医疗器械 Medical",
)
INDUSTRY_SHARES = (0.2, 0.17, 0.18, 0.13, 0.13, 0.08, 0.05, 0.06)

DIVISION = ("工业装备事业部 Equipment", "渠道事业部 Channel")
TEAMS = (
    ("华东一部 East 1", "华东 East China", 0.22),
    ("华东二部 East 2", "华东 East China", 0.2),
    ("华南部 South", "华南 South China", 0.2),
    ("华北部 North", "华北 North China", 0.14),
    ("中西部 West", "中西部 Central & West", 0.1),
    ("海外部 Overseas", "海外 Overseas", 0.14),
)
OVERSEAS_TEAM = 5
LEAVERS = 0.3

PRODUCT_LINES = (
    "激光切割 Laser cutting",
    "焊接机器人 Welding robots",
    "折弯成形 Bending",
    "自动上下料 Automation",
    "备件耗材 Spare parts",
)
LINE_SHARES = (0.34, 0.22, 0.2, 0.16, 0.08)
SPARE_PARTS = 4


@dataclass(frozen=True)
class Habit:
    """How a customer pays: days after the due day (median and spread), and how often never."""

    name: str
    share: float
    shift: float
    spread: float
    never: float


HABITS = (
    Habit("prompt", 0.36, -7.0, 5.0, 0.0),
    Habit("usual", 0.45, -1.0, 7.0, 0.002),
    Habit("slow", 0.15, 17.0, 11.0, 0.008),
    Habit("bad", 0.04, 50.0, 30.0, 0.1),
)
TERMS = (30, 45, 60, 90)
TERM_SHARES = (0.2, 0.25, 0.38, 0.17)
