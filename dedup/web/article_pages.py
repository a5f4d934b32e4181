"""The pages of the desk about one article, and about two side by side."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dedup.article import Article
from dedup.decisions.record import KINDS
from dedup.decisions.sentences import text_digest
from dedup.index.index import Index
from dedup.reporting.wording import headline
from dedup.web.desk import Desk, desk_of
from dedup.web.frame import common, said_of
from dedup.web.part import PartReport, pair_of
from dedup.web.problems import Problem


async def article_page(request: Request) -> Response:
    """Show one article with all its sources."""
    desk, key = desk_of(request), request.path_params["key"]

    def work(index: Index) -> dict[str, Any]:
        id_ = desk.engine.keys.id_of(key, index)
        if id_ is None:
            raise Problem(404, "no article has this address")
        given = marked(desk, index, index.article(id_))
        story = index.state.catalogue.one("SELECT story FROM article WHERE id = ?", [id_])
        return given | {"story": key if story is not None else None}

    given = await desk.engine.read(work)
    return desk.pages.page("article.html.jinja", shown="inbox", **given, **common(desk, request))


def marked(desk: Desk, index: Index, article: Article) -> dict[str, Any]:
    """Return what the page of one article shows."""
    checked = index.check(article)
    report, summary = checked.report, checked.article
    part = PartReport(report, checked.overlaps, desk.pages.said, [article.id])
    ledger = desk.engine.ledger(index)
    answers = {}
    for each in checked.overlaps if ledger else ():
        found = ledger.answer(each, report.article)
        if found.decision is not None:
            answers[each.b if each.a == article.id else each.a] = found
    return {
        "article": article,
        "summary": summary,
        "headline": headline(article),
        "sentence": said_of(desk, report, summary, len(checked.overlaps)),
        "partners": [
            {
                "id": other.id,
                "source": other.source,
                "headline": headline(other),
                "answer": answers.get(other.id),
            }
            for each in checked.overlaps
            for other in [report.article(each.b if each.a == article.id else each.a)]
        ],
        "data": part.page_data(desk.options.mine),
    }


async def pair_page(request: Request) -> Response:
    """Show two articles side by side, and the decisions about them."""
    desk = desk_of(request)
    keys = [request.path_params[name] for name in ("a", "b")]

    def work(index: Index) -> dict[str, Any]:
        ids = [desk.engine.keys.id_of(each, index) for each in keys]
        if None in ids:
            raise Problem(404, "no article has this address")
        articles = [index.article(str(each)) for each in ids]
        checked = index.check(articles[0])
        report = checked.report
        overlap = pair_of(checked.overlaps, articles[0].id, articles[1].id)
        digests = [text_digest(each.text)[:8] for each in articles]
        given: dict[str, Any] = {"articles": articles, "keys": keys, "overlap": overlap, "digests": digests}
        if overlap is None:
            return given | {"data": None, "answer": None, "log": []}
        ledger = desk.engine.ledger(index)
        both = {articles[0].id, articles[1].id}
        return given | {
            "data": PartReport(report, [overlap], desk.pages.said).page_data(desk.options.mine),
            "answer": ledger.answer(overlap, report.article),
            "log": [each for each in ledger.active if {each.a, each.b} == both],
        }

    given = await desk.engine.read(work)
    seen = request.query_params.get("seen", "")
    changed = bool(seen) and seen != "-".join(given["digests"])
    kinds = [kind for kind in KINDS if kind != "undo"]
    return desk.pages.page(
        "pair.html.jinja", shown="inbox", kinds=kinds, changed=changed, **given, **common(desk, request)
    )
