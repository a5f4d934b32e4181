"""The report as one HTML file that opens from disk: no network, every text inert."""

from __future__ import annotations

import base64
import hashlib
import io
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, BinaryIO

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from dedup.reporting import wording
from dedup.reporting.page_data import Furniture, PageData, empty_hint
from dedup.reporting.page_options import PageOptions
from dedup.reporting.page_values import inert
from dedup.reporting.times import Times
from dedup.results import Report
from dedup.runtime.outputs import written_beside

#: Maximum number of articles, of stories and of pairs shown: a page of a few megabytes, which a browser opens
#: at once.
LIMIT = 200
#: Number of articles and of pairs that are also written as HTML, for readers without JavaScript.
_PLAIN_ARTICLES, _PLAIN_PAIRS = 40, 20
_SCRIPTS = ("text.js", "model.js", "reading.js", "app.js")


def write(
    report: Report,
    output: Path | BinaryIO,
    *,
    furniture: Furniture | None = None,
    limit: int = LIMIT,
    excerpts_only: bool = False,
    mine: Sequence[str] = (),
    known: frozenset[tuple[str, str]] | None = None,
    times: Times = Times(),  # noqa: B008 - frozen
) -> None:
    """Write a report as one HTML page that contains its style, its script and its data.

    The page requests nothing from the network: its content security policy forbids it, and allows no script
    and no style except its own (by digest). Each article's text is in it once, as data; the script draws a
    pair or an article when it is opened. The first pairs are also written as HTML, for readers without
    JavaScript.

    Parameters
    ----------
    report : Report
    output : Path or binary file
        A file at a path is written beside its target and renamed into place.
    furniture : callable, optional
        Returns, for some articles, the places of each text that are site furniture; they are shown dimmed.
    limit : int
        Maximum number of articles, of stories and of pairs shown; the page says how many were found.
    excerpts_only : bool
        Whether the page contains only the shared passages, and not the whole texts.
    mine : sequence of str
        The reader's own outlets, for which the page offers an editor's queues.
    known : frozenset of (str, str), optional
        Pairs of ids of an earlier result; all other pairs are marked as new.
    times : Times
        The time zone for display.

    Raises
    ------
    OutputError
        The path cannot be written.
    """
    options = PageOptions(limit, excerpts_only, tuple(mine), known, times)
    if isinstance(output, Path):
        with written_beside([output]) as (beside,), beside.open("wb") as stream:
            _render(report, stream, furniture, options)
    else:
        _render(report, output, furniture, options)


def _render(
    report: Report,
    stream: BinaryIO,
    furniture: Furniture | None,
    options: PageOptions,
) -> None:
    page = PageData(report, furniture, options)
    style, script = asset("style.css"), "\n".join(asset(name) for name in _SCRIPTS)
    parts = (
        environment()
        .from_string(asset("page.html.jinja"))
        .generate(
            style=Markup(style),
            style_digest=digest(style),
            script=Markup(script),
            script_digest=digest(script),
            data=Markup(page.encoded()),
            summary=report.summary,
            notes=report.notes,
            totals=page.totals,
            articles=[each for each in page.articles if each["listed"]][:_PLAIN_ARTICLES],
            plain_pairs=_plain_pairs(page),
            more_pairs=wording.more(page.totals["pairs"] - _PLAIN_PAIRS, "pair"),
            empty_hint="" if page.totals["pairs"] else empty_hint(report),
            formulas=wording.FORMULAS,
            times=options.times.note,
            words=Markup(inert(words())),
        )
    )
    # A lone surrogate becomes a character reference instead of stopping the page.
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="xmlcharrefreplace", newline="\n")
    try:
        for part in parts:
            text.write(part)
    finally:
        text.detach()


def _plain_pairs(page: PageData) -> list[dict[str, Any]]:
    rows = page.articles
    return [
        {
            "a": rows[page.number(each.a)],
            "b": rows[page.number(each.b)],
            "relation": each.relation,
            "agencies": each.agencies,
            "words": each.words,
            "passages": [(passage.a_text, passage.b_text) for passage in each.passages],
        }
        for each in page.overlaps[:_PLAIN_PAIRS]
    ]


@cache
def words() -> dict[str, dict[str, str]]:
    """Return the words of the page's scripts, by section."""
    return tomllib.loads(asset("words.toml"))


def digest(text: str) -> str:
    """Return the source expression by which a content security policy allows an inline script or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def asset(name: str) -> str:
    """Return one of the page's files: its template, style or scripts."""
    return resources.files("dedup.reporting").joinpath("page", name).read_text(encoding="utf-8")


def environment() -> Environment:
    """Return the environment of the templates: everything is escaped, and an undefined name is an error."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["percent"] = wording.percent
    made.filters["count"] = wording.count
    made.filters["more"] = wording.more
    return made
