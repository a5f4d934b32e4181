"""The report as one HTML file that opens from disk: no network, every text escaped."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import BinaryIO

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from dedup.article import Article, Span
from dedup.reporting import wording
from dedup.reporting.marking import Agreement
from dedup.reporting.ordering import leading_articles, leading_overlaps, leading_stories
from dedup.reporting.views import Views, hue, story_members
from dedup.results import Overlap, Report
from dedup.runtime.outputs import written_beside

#: Articles, stories and overlaps shown, each: a page of some megabytes that a browser opens at once.
LIMIT = 200


def write(
    report: Report,
    output: Path | BinaryIO,
    *,
    agreeing: Callable[[Overlap], Sequence[Agreement]] | None = None,
    furniture: Callable[[Article], Sequence[Span]] | None = None,
    limit: int = LIMIT,
) -> None:
    """Write a report as one HTML page, with its style and its script inside.

    The page asks the network for nothing: its content security policy forbids it, and allows no script but
    its own (by digest).

    Parameters
    ----------
    report : Report
    output : Path or binary file
        A path is written beside and renamed into place.
    agreeing : callable, optional
        For an overlap, for each of its passages, the places in ``a.text`` and in ``b.text`` of the words that
        agree; without it a passage is marked as a whole.
    furniture : callable, optional
        The places of an article's text that are site furniture, shown dimmed.
    limit : int
        The most articles, stories and overlaps shown, each, those with most shared text first; the page says
        how many were left out.

    Raises
    ------
    OutputError
        When the path cannot be written.
    """
    if isinstance(output, Path):
        with written_beside([output]) as (beside,), beside.open("wb") as stream:
            _render(report, stream, agreeing, furniture, limit)
    else:
        _render(report, output, agreeing, furniture, limit)


def _render(
    report: Report,
    stream: BinaryIO,
    agreeing: Callable[[Overlap], Sequence[Agreement]] | None,
    furniture: Callable[[Article], Sequence[Span]] | None,
    limit: int,
) -> None:
    articles, articles_total = leading_articles(report, limit)
    stories, stories_total = leading_stories(report, limit)
    overlaps, overlaps_total = leading_overlaps(report, limit)
    ids = {each.id for each in articles}
    ids.update(id_ for each in stories for id_ in story_members(each))
    ids.update(id_ for each in overlaps for id_ in (each.a, each.b))
    views = Views(report, ids, agreeing, furniture)
    shown = [views.article(each.id) for each in articles]
    script = _asset("page.js")
    parts = (
        _environment()
        .from_string(_asset("page.html.jinja"))
        .generate(
            css=Markup(_asset("page.css")),
            script=Markup(script),
            script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            summary=report.summary,
            notes=report.notes,
            lead=next((each for each in shown if each.missing), shown[0] if shown else None),
            articles=shown,
            stories=map(views.story, stories),
            overlaps=views.overlaps(overlaps),
            sources=sorted({source for each in overlaps for source in (each.a_source, each.b_source)}),
            relations=sorted({each.relation for each in overlaps}, key=_RELATIONS.index),
            articles_cut=wording.more(articles_total - len(articles), "article"),
            stories_cut=wording.more(stories_total - len(stories), "story", "stories"),
            overlaps_cut=wording.more(overlaps_total - len(overlaps), "overlap"),
            totals={"articles": articles_total, "stories": stories_total, "overlaps": overlaps_total},
            formulas=wording.FORMULAS,
            missing_words=f"{wording.CREDIT_MISSING}.",
        )
    )
    # A lone surrogate becomes a character reference instead of stopping the page.
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="xmlcharrefreplace", newline="\n")
    try:
        for part in parts:
            text.write(part)
    finally:
        text.detach()


_RELATIONS = ("copy", "excerpt", "partial", "quotation", "furniture")


def _asset(name: str) -> str:
    return resources.files("dedup.reporting").joinpath("page", name).read_text(encoding="utf-8")


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["percent"] = wording.percent
    environment.filters["count"] = wording.count
    environment.filters["more"] = wording.more
    environment.filters["hue"] = hue
    return environment
