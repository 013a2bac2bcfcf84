"""Entry of the dashboards: ``streamlit run dashboards/app.py``, with the data folder in ``WANAMAKER_DATA``."""

from __future__ import annotations

import logging
import sys
import uuid
from pathlib import Path

import streamlit as st

HERE = Path(__file__).resolve().parent
if str(HERE.parent) not in sys.path:
    sys.path.insert(0, str(HERE.parent))

from dashboards import parts, queries, words  # noqa: E402
from dashboards.words import _  # noqa: E402

log = logging.getLogger("wanamaker.dashboards")


def choose_language() -> None:
    """Take the language from the address, else the last choice, else the browser."""
    browser = st.context.locale
    known = st.query_params.get("lang") or st.session_state.get("lang")
    words.use(known if known in words.LANGUAGES else words.guess(browser), browser)


def language_switch() -> None:
    """Offer the languages; the choice stands in the address."""
    with st.sidebar:
        chosen = parts.choice(
            st.segmented_control,
            _("Language"),
            list(words.LANGUAGES),
            "lang",
            words.guess(st.context.locale),
            words.LANGUAGES.__getitem__,
            label_visibility="collapsed",
            required=True,
        )
        parts.watch_width()
    words.use(chosen, st.context.locale)


def pages() -> dict[str, list[st.Page]]:
    """Give the pages by group, named in the language in use."""
    folder = HERE / "app_pages"
    return {
        "": [st.Page(folder / "overview.py", title=_("Overview"), icon=":material/home:", default=True)],
        _("Marketing"): [
            st.Page(
                folder / "campaign_roi.py", title=_("Campaign ROI"), icon=":material/campaign:", url_path="campaign-roi"
            ),
            st.Page(
                folder / "attribution.py",
                title=_("Attribution"),
                icon=":material/alt_route:",
                url_path="attribution",
            ),
            st.Page(folder / "plan.py", title=_("Marketing plan"), icon=":material/account_tree:", url_path="plan"),
            st.Page(folder / "leads.py", title=_("Leads"), icon=":material/filter_alt:", url_path="leads"),
            st.Page(
                folder / "lead_desk.py", title=_("Lead desk"), icon=":material/support_agent:", url_path="lead-desk"
            ),
            st.Page(folder / "customers.py", title=_("Customers"), icon=":material/handshake:", url_path="customers"),
        ],
        _("Sales"): [
            st.Page(folder / "forecast.py", title=_("Forecast"), icon=":material/query_stats:", url_path="forecast"),
            st.Page(
                folder / "what_changed.py",
                title=_("What changed"),
                icon=":material/waterfall_chart:",
                url_path="what-changed",
            ),
            st.Page(folder / "accuracy.py", title=_("Accuracy"), icon=":material/target:", url_path="accuracy"),
            st.Page(folder / "deals.py", title=_("Deals to look at"), icon=":material/flag:", url_path="deals"),
            st.Page(folder / "team.py", title=_("Team"), icon=":material/groups:", url_path="team"),
        ],
        _("Delivery"): [
            st.Page(folder / "orders.py", title=_("Orders"), icon=":material/local_shipping:", url_path="orders")
        ],
        _("Finance"): [
            st.Page(
                folder / "receivables.py",
                title=_("Receivables"),
                icon=":material/receipt_long:",
                url_path="receivables",
            ),
            st.Page(folder / "collections.py", title=_("Collections"), icon=":material/call:", url_path="collections"),
            st.Page(folder / "credit.py", title=_("Credit"), icon=":material/verified_user:", url_path="credit"),
            st.Page(folder / "commissions.py", title=_("Commissions"), icon=":material/paid:", url_path="commissions"),
        ],
        _("Behind the figures"): [
            st.Page(folder / "data.py", title=_("Data"), icon=":material/database:", url_path="data")
        ],
    }


def main() -> None:
    """Lay out navigation and language, then run the page and put any trouble into plain words."""
    st.set_page_config(page_title="wanamaker", page_icon=str(HERE / "static" / "logo.svg"), layout="wide")
    choose_language()
    st.logo(str(HERE / "static" / "wordmark.svg"), icon_image=str(HERE / "static" / "logo.svg"), size="medium")
    st.html(HERE / "style.css")
    page = st.navigation(pages(), expanded=True)
    if st.session_state.get("_page") != page.url_path:
        st.session_state["_page"] = page.url_path
        st.session_state["_visit"] = st.session_state.get("_visit", 0) + 1
    language_switch()
    tag = "zh-CN" if words.language() == "zh" else "en"
    st.html(f"<script>document.documentElement.lang = '{tag}'</script>", unsafe_allow_javascript=True)
    try:
        page.run()
    except queries.NothingPublishedError:
        parts.nothing_published()
    except queries.MissingMartError as error:
        log.warning("A page reads what the published file lacks: %s", error)
        parts.missing_mart(str(error))
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("Page %s failed, reference %s", page.url_path, reference)
        parts.trouble(reference)


main()
