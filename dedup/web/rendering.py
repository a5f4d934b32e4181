"""Templates and their words. Everything is escaped; all words come from one file."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader
from markupsafe import Markup
from starlette.responses import HTMLResponse

from dedup.article import Article
from dedup.reporting import html_page, wording
from dedup.reporting.page_values import inert, is_web_address
from dedup.reporting.printable import printable
from dedup.web.keys import key_of
from dedup.web.options import DeskOptions

#: Scripts and styles by their names in addresses: those of the report page, and the desk's own.
SHARED = ("style.css", "text.js", "model.js", "reading.js")
OWN = ("desk.css", "desk.js")


@cache
def words() -> dict[str, dict[str, str]]:
    """Return all words of the pages, by section; those of texts side by side are the report page's."""
    return html_page.words() | tomllib.loads(_own("words.toml"))


def static(name: str) -> str | None:
    """Return a script or a style; None for an unknown name."""
    if name in SHARED:
        return html_page.asset(name)
    return _own(f"static/{name}") if name in OWN else None


def _own(name: str) -> str:
    return resources.files("dedup.web").joinpath(*name.split("/")).read_text(encoding="utf-8")


class Pages:
    """Renders the templates.

    Parameters
    ----------
    options : DeskOptions
    """

    def __init__(self, options: DeskOptions) -> None:
        self.options = options
        self.environment: Environment = html_page.environment()
        self.environment.loader = FunctionLoader(lambda name: _own(f"templates/{name}"))
        self.environment.filters |= {
            "moment": self.moment,
            "gap": wording.gap,
            "key": key_of,
            "safe_text": printable,
            "link": lambda url: url if is_web_address(url) else None,
        }
        self.environment.globals |= {"w": words(), "mine": options.mine, "zone": str(options.timezone)}

    def moment(self, when: datetime | None, precision: str | None = "minute") -> str:
        """Return a time in the desk's time zone; only the day if no more is known."""
        if when is None:
            return words()["inbox"]["no_date"]
        at = when.replace(tzinfo=UTC) if when.tzinfo is None else when
        if precision in ("day", "month", "year"):
            return f"{at:%Y-%m-%d}"  # a day is not shifted into another zone
        return f"{at.astimezone(self.options.timezone):%Y-%m-%d %H:%M}"

    def said(self, sentence: str, earliest: Article | None) -> str:
        """Return a report's sentence, which gives times in UTC, with its time in the desk's time zone."""
        when = None if earliest is None else earliest.published
        if when is None or earliest is None:
            return sentence
        return sentence.replace(wording.moment(when), self.moment(when, earliest.published_precision))

    def page(self, template: str, status: int = 200, /, **given: Any) -> HTMLResponse:
        """Return a rendered page."""
        data = given.pop("data", None)
        text = self.environment.get_template(template).render(
            data=None if data is None else Markup(data),
            words_json=Markup(inert(words())),
            **given,
        )
        # A lone surrogate becomes a character reference instead of stopping the page.
        return HTMLResponse(text.encode("utf-8", "xmlcharrefreplace"), status)
