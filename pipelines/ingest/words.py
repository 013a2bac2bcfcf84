"""The words that headers are made of, in English and Chinese, and the idea that each stands for."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache

from pipelines.contracts import Table, normalise_name

_IDEAS: dict[str, tuple[str, ...]] = {
    "account": ("account", "acct", "customer", "client", "cust", "buyer", "seller", "merchant", "客户", "客戶", "买方"),
    "activity": ("activity", "task", "visit", "跟进", "活动记录"),
    "amount": ("amount", "amt", "value", "sum", "total", "金额", "总额", "合计", "额"),
    "approval": ("approval", "审批"),
    "assigned": ("assigned", "assign", "allocated", "分配"),
    "balance": ("balance", "余额"),
    "budget": ("budget", "预算"),
    "campaign": ("campaign", "市场活动", "推广计划", "广告系列", "广告计划", "计划名称"),
    "category": ("category", "类别", "分类"),
    "channel": ("channel", "medium", "渠道", "媒体"),
    "city": ("city", "town", "城市"),
    "clicks": ("click", "clicks", "点击", "点击量", "点击数"),
    "closed": ("close", "closed", "closing", "结单", "关闭", "成交"),
    "company": ("company", "organisation", "organization", "employer", "公司", "企业", "单位"),
    "competitor": ("competitor", "竞争对手", "竞品"),
    "contact": ("contact", "联系人"),
    "contract": ("contract", "agreement", "合同"),
    "conversions": ("conversion", "conversions", "conv", "转化"),
    "converted": ("converted",),
    "cost": ("cost", "spend", "spent", "expense", "费用", "花费", "消费", "消耗", "成本"),
    "country": ("country", "nation", "国家"),
    "created": ("create", "created", "creation", "opened", "engage", "engaged", "entered", "创建", "新建", "录入"),
    "credit": ("credit", "信用"),
    "currency": ("currency", "ccy", "币种", "货币", "币别"),
    "date": ("date", "day", "on", "at", "time", "datetime", "日期", "时间", "日", "时"),
    "days": ("days", "天数"),
    "decided": ("decided", "decision"),
    "delivered": ("delivered", "delivery", "arrived", "签收", "到货", "交货"),
    "discount": ("discount", "折扣"),
    "disputed": ("disputed", "dispute", "争议"),
    "due": ("due", "maturity", "到期"),
    "email": ("email", "mail", "邮箱", "邮件", "电子邮件", "电子邮箱"),
    "employees": ("employees", "employee", "headcount", "staff", "员工人数", "人数"),
    "grade": ("grade", "rating", "quality", "等级", "评级"),
    "id": (
        "id", "identifier", "no", "number", "num", "nr", "code", "key", "编号", "编码", "号", "代码", "单号", "号码",
    ),
    "impressions": ("impression", "impressions", "impr", "展现", "曝光", "展示"),
    "industry": ("industry", "sector", "vertical", "行业"),
    "invoice": ("invoice", "bill", "发票", "账单", "开票"),
    "issued": ("issued", "issue", "invoiced", "billed"),
    "lead": ("lead", "prospect", "mql", "enquiry", "inquiry", "线索", "潜客"),
    "level": ("level", "层级"),
    "limit": ("limit", "额度"),
    "line": ("line", "item", "series", "family", "行", "明细", "系列"),
    "list": ("list", "目录", "标准"),
    "loss": ("loss", "lost", "输单", "丢单"),
    "manager": ("manager", "supervisor", "boss", "leader", "经理", "主管", "上级"),
    "method": ("method", "方式"),
    "name": ("name", "title", "label", "名称", "名", "姓名"),
    "next": ("next", "下一步"),
    "opportunity": ("opportunity", "opp", "deal", "商机", "销售机会"),
    "order": ("order", "purchase", "订单", "订货"),
    "ordered": ("ordered", "下单"),
    "owner": (
        "owner", "user", "rep", "sr", "salesperson", "salesman", "agent",
        "负责人", "所有人", "业务员", "销售员", "人员",
    ),
    "paid": ("paid", "payment", "pay", "settled", "settle", "received", "receipt", "回款", "收款", "付款", "到账"),
    "parent": ("parent", "subsidiary", "母公司", "上级单位", "父"),
    "partner": ("partner", "reseller", "dealer", "distributor", "代理商", "经销商", "渠道商"),
    "path": ("path", "journey", "路径"),
    "phone": ("phone", "tel", "telephone", "mobile", "cell", "电话", "手机"),
    "planned": ("planned", "plan", "expected", "forecast", "estimated", "计划", "预计", "预期"),
    "price": ("price", "单价", "价格", "价"),
    "probability": ("probability", "赢率"),
    "product": ("product", "sku", "material", "产品", "商品", "物料", "货品"),
    "project": ("project", "项目"),
    "promised": ("promised", "promise", "承诺"),
    "quantity": ("quantity", "qty", "units", "数量"),
    "quote": ("quote", "quotation", "报价"),
    "rate": ("rate", "比例", "率"),
    "reason": ("reason", "原因"),
    "region": ("region", "regional", "territory", "area", "district", "office", "区域", "大区", "地区", "片区"),
    "return": ("return", "returned", "退货"),
    "role": ("role", "岗位", "角色"),
    "segment": ("segment",),
    "shipped": ("ship", "shipped", "shipment", "dispatch", "发货", "出库"),
    "signed": ("signed", "签订", "签约", "签署"),
    "size": ("size", "规模"),
    "source": ("source", "origin", "referrer", "来源"),
    "stage": ("stage", "阶段"),
    "status": ("status", "state", "状态"),
    "tax": ("tax", "vat", "税", "税额", "税号"),
    "team": ("team", "department", "dept", "部门", "团队"),
    "unit": ("unit", "单位价"),
}  # fmt: skip

_PHRASES = (
    ("first contact", "created"),
    ("sales development", "sdr"),
    ("sales agent", "agent"),
    ("sales rep", "rep"),
    ("sales person", "rep"),
    ("sales man", "rep"),
    ("sub region", "region"),
    ("e mail", "email"),
    ("business segment", "product line"),
    ("subsidiary of", "parent account"),
    ("office location", "region country"),
)

_FURTHER = {
    "accounts.country": ("Office Location", "Location", "Headquarters"),
    "accounts.parent_account_id": ("Subsidiary Of", "Belongs To", "Group"),
    "opportunities.amount": ("Close Value", "Deal Value", "Opportunity Value"),
    "opportunities.closed_at": ("Won Date", "Actual Close Date", "赢单日期", "实际成交日期"),
    "opportunities.close_on": ("Expected Close Date",),
    "opportunities.product_line": ("Business Segment",),
    "products.product_line": ("Series", "Product Family"),
    "invoices.issued_on": ("Billing Date",),
    "payments.paid_on": ("Settled Date", "Settlement Date", "到账日期"),
    "spend.cost": ("Cost", "Amount Spent"),
}
"""Headers that were met in the field and whose words alone do not tell the column, by `table.column`."""

_WEIGHTS = {"id": 0.4, "date": 0.4, "name": 0.5, "amount": 0.7, "planned": 2.0}
_NOISE = {"the", "of", "a", "an", "is", "has", "my", "your", "declared", "sales", "receivable", "的", "是否", "应收"}
_EXACT, _ALIAS, _WORDS = 1.0, 0.98, 0.95
_TYPO = 0.85
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_PIECES = re.compile(r"[\u3400-\u9fff]+|[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IDEA_OF = {word: idea for idea, words in _IDEAS.items() for word in words}
_LONGEST = max(len(word) for word in _IDEA_OF if _CHINESE.match(word))


@lru_cache(maxsize=20_000)
def ideas(text: str) -> frozenset[str]:
    """What the words of a header mean: `客户编号` and `CustomerID` are both {account, id}."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"[(\[（【][^)\]）】]*[)\]）】]\s*$", "", text) or text
    words = [word.casefold() for word in _PIECES.findall(_CAMEL.sub(" ", text.replace("_", " ")))]
    joined = f" {' '.join(words)} "
    for phrase, meaning in _PHRASES:
        joined = joined.replace(f" {phrase} ", f" {meaning} ")
    found: set[str] = set()
    for word in joined.split():
        found.update(_split(word) if _CHINESE.fullmatch(word) else [_idea(word)])
    return frozenset(found - _NOISE) or frozenset(found)


def _idea(word: str) -> str:
    """The idea of an English word, in the plural too."""
    singular = word.removesuffix("ies") + "y" if word.endswith("ies") else word.removesuffix("s")
    for form in (word, singular, word.removesuffix("es")):
        if form in _IDEA_OF:
            return _IDEA_OF[form]
    return word


def _split(text: str) -> list[str]:
    """The ideas in a run of Chinese, the longest words first; what is no known word stands for itself."""
    found: list[str] = []
    rest = ""
    place = 0
    while place < len(text):
        size = next(
            (n for n in range(min(_LONGEST, len(text) - place), 0, -1) if text[place : place + n] in _IDEA_OF), 0
        )
        if size:
            found += [rest] if rest else []
            found.append(_IDEA_OF[text[place : place + size]])
            rest = ""
        else:
            rest += text[place]
        place += size or 1
    return [*found, rest] if rest else found


def weight(idea: str) -> float:
    """How much an idea tells: `id` and `date` stand in many headers."""
    return _WEIGHTS.get(idea, 1.0)


def likeness(header: frozenset[str], name: frozenset[str]) -> float:
    """How much a header means a name, 0 to 1: twice what they share, over all that they say.

    What the header says beyond the name counts twice: `Campaign status` is not the campaign.
    """
    total = sum(map(weight, header)) + sum(map(weight, header - name)) + sum(map(weight, name))
    return 2 * sum(map(weight, header & name)) / total if total else 0.0


@lru_cache(maxsize=100_000)
def by_name(header: str, table: Table, column: str) -> tuple[float, str]:
    """How well a header names a column, and in which way."""
    own = table.column(column)
    bare = normalise_name(header)
    if bare == normalise_name(column):
        return _EXACT, "named like it"
    further = _FURTHER.get(f"{table.name}.{column}", ())
    if bare in table.spellings[column] or bare in map(normalise_name, further):
        return _ALIAS, "a known name of it"
    meant = ideas(header)
    entity = ideas(table.name) - {"cost"}
    best = 0.0
    for spelling in (column, *own.meta.headers, *further):
        known = ideas(spelling)
        best = max(best, likeness(meant, known))
        if entity and known.isdisjoint(entity) and not known.isdisjoint(meant) and not column.endswith("_id"):
            best = max(best, likeness(meant, known | entity))
    typo = max((_spelled_alike(bare, spelling) for spelling in table.spellings[column]), default=0.0)
    if typo * 0.9 > best * _WORDS:
        return typo * 0.9, "spelled almost like it"
    return best * _WORDS, "its words mean the same"


@lru_cache(maxsize=100_000)
def _spelled_alike(one: str, other: str) -> float:
    """How alike two names are spelled, 0 where they are not, or are too short to tell."""
    if min(len(one), len(other)) <= len("name") or abs(len(one) - len(other)) > len("abc"):
        return 0.0
    matcher = SequenceMatcher(None, one, other)
    return matcher.ratio() if matcher.quick_ratio() >= _TYPO and matcher.ratio() >= _TYPO else 0.0


def named_like(header: str, table: Table, column: str) -> float:
    """How well a header names a column, 0 to 1."""
    return by_name(header, table, column)[0]
