"""Every page as a person sees it: desktop and phone, English and Chinese, light and dark."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

Visit: TypeAlias = "tuple[Page, list[str]]"

PATHS = {
    "overview": "",
    "campaign_roi": "campaign-roi",
    "attribution": "attribution",
    "plan": "plan",
    "leads": "leads",
    "lead_desk": "lead-desk",
    "customers": "customers",
    "forecast": "forecast",
    "what_changed": "what-changed",
    "accuracy": "accuracy",
    "deals": "deals",
    "team": "team",
    "orders": "orders",
    "receivables": "receivables",
    "collections": "collections",
    "credit": "credit",
    "commissions": "commissions",
    "data": "data",
}
CHARTS = {
    "overview": 2,
    "campaign_roi": 2,
    "attribution": 1,
    "plan": 1,
    "leads": 3,
    "lead_desk": 2,
    "customers": 2,
    "forecast": 2,
    "what_changed": 2,
    "accuracy": 2,
    "deals": 1,
    "team": 2,
    "orders": 2,
    "receivables": 3,
    "collections": 3,
    "credit": 1,
    "commissions": 1,
    "data": 0,
}
WIDTHS = {"desktop": 1440, "phone": 390}
TITLES = {
    "overview": ("Overview", "总览"),
    "campaign_roi": ("Campaign ROI", "营销回报"),
    "attribution": ("Attribution", "归因分析"),
    "plan": ("Marketing plan", "营销计划"),
    "leads": ("Leads", "线索"),
    "lead_desk": ("Lead desk", "线索工作台"),
    "customers": ("Customers", "客户"),
    "forecast": ("Forecast", "销售预测"),
    "what_changed": ("What changed", "变动原因"),
    "accuracy": ("Accuracy", "预测准确度"),
    "deals": ("Deals to look at", "需关注的商机"),
    "team": ("Team", "团队"),
    "orders": ("Orders", "订单"),
    "receivables": ("Receivables", "应收账款"),
    "collections": ("Collections", "催收"),
    "credit": ("Credit", "信用"),
    "commissions": ("Commissions", "提成"),
    "data": ("Data", "数据"),
}
WIDTH = """() => {
    const main = document.querySelector('[data-testid=stMain]');
    return [main.scrollWidth, main.clientWidth];
}"""
PROBES = ("_stcore/health", "_stcore/host-config")
READY = """count => {
    const app = document.querySelector('[data-testid=stApp]');
    return app && app.getAttribute('data-test-script-state') === 'notRunning' && document.querySelector('h1')
        && document.querySelectorAll('.js-plotly-plot .main-svg').length >= count
        && !document.querySelector('[data-testid=stSkeleton]');
}"""
SECOND_COLUMN = """name => {
    const headers = document.querySelectorAll('[data-testid=stDataFrame] [role=columnheader]');
    return headers.length > 1 && headers[1].innerText === name;
}"""
CONTRASTS = """() => ['.xtick text', '.ytick text', '.annotation-text']
    .flatMap(part => [...document.querySelectorAll('.js-plotly-plot ' + part)])
    .map(text => getComputedStyle(text).fill)"""


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Gives a context for some settings: one for each, so that scripts and fonts are loaded once."""
    made: dict[str, BrowserContext] = {}

    def give(**settings: Any) -> BrowserContext:
        wanted = {"locale": "en-US", "viewport": {"width": 1440, "height": 900}, **settings}
        if repr(wanted) not in made:
            made[repr(wanted)] = browser.new_context(**wanted)
        return made[repr(wanted)]

    yield give
    for context in made.values():
        context.close()


@contextmanager
def opened(
    contexts: Callable[..., BrowserContext], address: str, *, charts: int = 0, **settings: Any
) -> Iterator[tuple[Page, list[str]]]:
    """Open an address; give the page and everything that went wrong in it."""
    context = contexts(**settings)
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"uncaught: {error}"))
    page.on("console", lambda message: wrong.append(f"console: {message.text}") if is_error(message) else None)
    page.on("request", lambda request: wrong.append(f"outside: {request.url}") if is_outside(request.url) else None)
    page.on("websocket", lambda socket: wrong.append(f"outside: {socket.url}") if is_outside(socket.url) else None)
    page.goto(address)
    settle(page, charts)
    yield page, wrong
    page.close()


def is_error(message: Any) -> bool:
    """Tell whether a line of the console is an error, other than Streamlit's own two probes on a deep link."""
    return message.type == "error" and not any(probe in message.location.get("url", "") for probe in PROBES)


def is_outside(url: str) -> bool:
    """Tell whether an address leaves this machine."""
    return not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))


def settle(page: Page, charts: int = 0) -> None:
    """Wait until the page stands still."""
    page.wait_for_function(READY, arg=charts, timeout=40_000)
    page.wait_for_timeout(500)


def keep(page: Page, name: str) -> None:
    """Keep a picture of the whole page where WANAMAKER_SHOTS names a folder."""
    folder = os.environ.get("WANAMAKER_SHOTS")
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    size = page.viewport_size or {"width": 1440, "height": 900}
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height + 10})
    page.wait_for_timeout(600)
    page.screenshot(path=Path(folder) / f"{name}.png")
    page.set_viewport_size(size)


@pytest.fixture(scope="module")
def visits(contexts: Callable[..., BrowserContext], dashboard: str) -> Iterator[Callable[[str, str], Visit]]:
    """Gives an open page for a device and a language: loaded once, then walked through by its links."""
    with ExitStack() as stack:
        open_now: dict[tuple[str, str], Visit] = {}

        def give(device: str, language: str) -> Visit:
            if (device, language) not in open_now:
                scheme = "dark" if (device == "phone") == (language == "en") else "light"
                settings = {"viewport": {"width": WIDTHS[device], "height": 900}, "color_scheme": scheme}
                open_now[device, language] = stack.enter_context(
                    opened(contexts, f"{dashboard}/?lang={language}", charts=CHARTS["overview"], **settings)
                )
            return open_now[device, language]

        yield give


@pytest.mark.parametrize(
    ("device", "language"),
    [
        ("desktop", "en"),
        ("phone", "zh"),
        pytest.param("desktop", "zh", marks=pytest.mark.slow),
        pytest.param("phone", "en", marks=pytest.mark.slow),
    ],
)
@pytest.mark.parametrize("name", list(PATHS))
def test_a_page_is_whole_quiet_and_fits(
    visits: Callable[[str, str], Visit], name: str, device: str, language: str
) -> None:
    page, wrong = visits(device, language)
    wrong.clear()
    page.locator("[data-testid=stSidebarNavLink]").nth(list(PATHS).index(name)).dispatch_event("click")
    page.wait_for_function("path => location.pathname === path", arg=f"/{PATHS[name]}")
    page.wait_for_timeout(300)
    settle(page, CHARTS[name])
    width = page.evaluate(WIDTH)
    assert width[0] == width[1], f"scrolls sideways: {width}"
    assert page.locator("h1").inner_text() == TITLES[name][language == "zh"]
    assert page.evaluate("document.documentElement.lang") == ("zh-CN" if language == "zh" else "en")
    assert page.locator("[data-testid=stException]").count() == 0
    keep(page, f"{name}_{device}_{language}")
    assert wrong == []


def test_a_deep_link_restores_filters_and_back_works(contexts: Callable[..., BrowserContext], dashboard: str) -> None:
    with opened(contexts, f"{dashboard}/receivables?region=North&basis=invoice", charts=1) as (page, wrong):
        assert page.locator(".st-key-region input").input_value() == "North"
        page.get_by_role("link", name="Forecast").first.click()
        page.wait_for_url("**/forecast*")
        settle(page, 2)
        page.go_back()
        page.wait_for_url("**/receivables*")
        settle(page, 1)
        assert page.locator(".st-key-region input").input_value() == "North"
        assert wrong == []


def test_a_cell_of_the_heat_table_opens_its_invoices(contexts: Callable[..., BrowserContext], dashboard: str) -> None:
    viewport = {"width": 1440, "height": 2200}
    with opened(contexts, f"{dashboard}/receivables", charts=1, viewport=viewport) as (page, wrong):
        box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 320, box["y"] + 34 * 2.5)
        page.get_by_role("heading", name="Granite Bank · 1–30 days").wait_for(timeout=15_000)
        page.locator("[data-testid=stDataFrame]").nth(1).wait_for(timeout=15_000)
        assert page.locator("[data-testid=stDataFrame]").count() == 2
        assert wrong == []


def test_downloads_open_with_typed_amounts(
    contexts: Callable[..., BrowserContext], dashboard: str, tmp_path: Path
) -> None:
    with opened(contexts, f"{dashboard}/campaign-roi", charts=2) as (page, wrong):
        for label, name in (("CSV", "channels.csv"), ("Excel", "channels.xlsx")):
            with page.expect_download() as waited:
                page.get_by_role("button", name=label).first.click()
            waited.value.save_as(tmp_path / name)
        assert wrong == []
    book = pl.read_excel(tmp_path / "channels.xlsx", sheet_name="data", engine="calamine")
    text = pl.read_csv(tmp_path / "channels.csv")
    assert book["Spend"].dtype == pl.Float64
    assert book.height == text.height == 10
    assert round(book["Spend"].sum(), 2) == round(text["Spend"].sum(), 2)


def test_charts_stay_legible_when_the_mode_changes_while_a_page_is_open(
    contexts: Callable[..., BrowserContext], dashboard: str
) -> None:
    with opened(contexts, f"{dashboard}/forecast", charts=2, color_scheme="light") as (page, wrong):
        light = set(page.evaluate(CONTRASTS))
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(800)
        dark = set(page.evaluate(CONTRASTS))
        keep(page, "forecast_switched_to_dark")
        assert light == {"rgb(22, 32, 46)"}
        assert dark == {"rgb(230, 235, 242)"}
        assert wrong == []


def test_a_phone_sees_the_figure_that_matters_first_and_a_wide_screen_the_usual_order(
    contexts: Callable[..., BrowserContext], dashboard: str
) -> None:
    viewport = {"width": 390, "height": 900}
    with opened(contexts, f"{dashboard}/receivables", charts=3, viewport=viewport) as (page, wrong):
        page.wait_for_function(SECOND_COLUMN, arg="Total", timeout=15_000)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.wait_for_function(SECOND_COLUMN, arg="Not due", timeout=15_000)
        assert wrong == []
