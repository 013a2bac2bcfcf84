"""Every page as a person sees it: desktop and phone, English and Chinese, light and dark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

PATHS = {
    "overview": "",
    "campaign_roi": "campaign-roi",
    "forecast": "forecast",
    "receivables": "receivables",
    "data": "data",
}
CHARTS = {"overview": 2, "campaign_roi": 2, "forecast": 2, "receivables": 1, "data": 0}
WIDTHS = {"desktop": 1440, "phone": 390}
PROBES = ("_stcore/health", "_stcore/host-config")
READY = """count => {
    const app = document.querySelector('[data-testid=stApp]');
    return app && app.getAttribute('data-test-script-state') === 'notRunning' && document.querySelector('h1')
        && document.querySelectorAll('.js-plotly-plot .main-svg').length >= count
        && !document.querySelector('[data-testid=stSkeleton]');
}"""
CONTRASTS = """() => [...document.querySelectorAll('.js-plotly-plot .xtick text, .js-plotly-plot .ytick text, .js-plotly-plot .annotation-text')]
    .map(text => getComputedStyle(text).fill)"""


@contextmanager
def opened(browser: Browser, address: str, *, charts: int = 0, **settings: Any) -> Iterator[tuple[Page, list[str]]]:
    """Open an address in a fresh context; give the page and everything that went wrong in it."""
    context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1440, "height": 900}, **settings})
    page = context.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"uncaught: {error}"))
    page.on("console", lambda message: wrong.append(f"console: {message.text}") if is_error(message) else None)
    page.on("request", lambda request: wrong.append(f"outside: {request.url}") if is_outside(request.url) else None)
    page.on("websocket", lambda socket: wrong.append(f"outside: {socket.url}") if is_outside(socket.url) else None)
    page.goto(address)
    settle(page, charts)
    yield page, wrong
    context.close()


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


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("device", list(WIDTHS))
@pytest.mark.parametrize("name", list(PATHS))
def test_a_page_is_whole_quiet_and_fits(
    browser: Browser, dashboard: str, name: str, device: str, language: str
) -> None:
    scheme = "dark" if (device == "phone") == (language == "en") else "light"
    address = f"{dashboard}/{PATHS[name]}?lang={language}"
    viewport = {"width": WIDTHS[device], "height": 900}
    with opened(browser, address, charts=CHARTS[name], viewport=viewport, color_scheme=scheme) as (page, wrong):
        main = page.evaluate(
            "(() => { const m = document.querySelector('[data-testid=stMain]'); return [m.scrollWidth, m.clientWidth]; })()"
        )
        assert main[0] == main[1], f"scrolls sideways: {main}"
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.lang") == ("zh-CN" if language == "zh" else "en")
        assert page.locator("[data-testid=stException]").count() == 0
        keep(page, f"{name}_{device}_{language}_{scheme}")
        assert wrong == []


def test_a_deep_link_restores_filters_and_back_works(browser: Browser, dashboard: str) -> None:
    with opened(browser, f"{dashboard}/receivables?region=North&basis=invoice", charts=1) as (page, wrong):
        assert page.locator(".st-key-region").get_by_text("North").count() == 1
        page.get_by_role("link", name="Forecast").first.click()
        page.wait_for_url("**/forecast*")
        settle(page, 2)
        page.go_back()
        page.wait_for_url("**/receivables*")
        settle(page, 1)
        assert page.locator(".st-key-region").get_by_text("North").count() == 1
        assert wrong == []


def test_a_cell_of_the_heat_table_opens_its_invoices(browser: Browser, dashboard: str) -> None:
    viewport = {"width": 1440, "height": 2200}
    with opened(browser, f"{dashboard}/receivables", charts=1, viewport=viewport) as (page, wrong):
        box = page.locator("[data-testid=stDataFrame]").first.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 320, box["y"] + 34 * 2.5)
        page.get_by_role("heading", name="Granite Bank · 1–30 days").wait_for(timeout=15_000)
        assert page.locator("[data-testid=stDataFrame]").count() == 2
        assert wrong == []


def test_downloads_open_with_typed_amounts(browser: Browser, dashboard: str, tmp_path: Path) -> None:
    with opened(browser, f"{dashboard}/campaign-roi", charts=2) as (page, wrong):
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


def test_charts_stay_legible_when_the_mode_changes_while_a_page_is_open(browser: Browser, dashboard: str) -> None:
    with opened(browser, f"{dashboard}/forecast", charts=2, color_scheme="light") as (page, wrong):
        light = set(page.evaluate(CONTRASTS))
        page.emulate_media(color_scheme="dark")
        page.wait_for_timeout(800)
        dark = set(page.evaluate(CONTRASTS))
        keep(page, "forecast_switched_to_dark")
        assert light == {"rgb(22, 32, 46)"}
        assert dark == {"rgb(230, 235, 242)"}
        assert wrong == []
