"""The pages of the desk."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dedup.article import Article
from dedup.decisions.record import KINDS
from dedup.decisions.sentences import text_digest
from dedup.index.index import Index
from dedup.reporting.answer import quiet_sentence, shares_of
from dedup.reporting.wording import credit_state, headline
from dedup.results import ArticleSummary, Report
from dedup.web.api import kept
from dedup.web.desk import Desk, desk_of
from dedup.web.drafts import drafts_of_file, id_of_address, is_address, pasted
from dedup.web.guard import SESSION
from dedup.web.keys import key_of
from dedup.web.part import PartReport, pair_of
from dedup.web.problems import Problem
from dedup.web.rendering import words
from dedup.web.requests import choice_of, number_of
from dedup.web.view import DECIDED_QUEUES, OPEN_QUEUES, PERIODS, SMALL, Case, View

_ROWS = 50
_SORTS = ("words", "time", "share", "outlet")


async def inbox(request: Request) -> Response:
    """What there is to decide."""
    desk = desk_of(request)
    view = await desk.engine.view(choice_of(request, "when", tuple(PERIODS), "7d"))
    queues = (*OPEN_QUEUES, *DECIDED_QUEUES, SMALL)
    first = next((each for each in OPEN_QUEUES if view.counts[each]), OPEN_QUEUES[0])
    queue = choice_of(request, "queue", queues, first)
    sort = choice_of(request, "sort", _SORTS, "words")
    many = number_of(request, "rows", _ROWS, 1, 2_000)
    cases = _sorted([each for each in view.cases if each.queue == queue], sort)
    return desk.pages.page(
        "inbox.html.jinja",
        view=view,
        queue=queue,
        sort=sort,
        rows=[_row(desk, view, case) for case in cases[:many]],
        left=max(0, len(cases) - many),
        many=many,
        sources=len({each.source for each in view.report.articles}),
        shown="inbox",
        **_common(desk, request, view),
    )


def _sorted(cases: list[Case], sort: str) -> list[Case]:
    if sort == "time":
        return sorted(cases, key=lambda each: -_time(each.summary.published))
    if sort == "share":
        return sorted(cases, key=lambda each: -each.summary.copied)
    if sort == "outlet":
        return sorted(cases, key=lambda each: each.summary.source.casefold())
    return cases


def _row(desk: Desk, view: View, case: Case) -> dict[str, Any]:
    pair, own = case.pairs[0], case.summary
    mine = case.queue in ("ours", "unsure") and desk.options.mine and not desk.options.is_mine(own.source)
    return {
        "case": case,
        "article": own,
        "headline": headline(view.report.article(own.id)),
        "shares": shares_of(own),
        "ours": mine,
        "other_source": pair.b_source if pair.a == own.id else pair.a_source,
        "share": pair.coverage_b if pair.a == own.id else pair.coverage_a,
        "own_share": pair.coverage_a if pair.a == own.id else pair.coverage_b,
        "earlier": pair.earlier,
        "gap": pair.gap_seconds,
        "sentence": _said(desk, view.report, own, len(case.pairs)),
        "more": len(case.pairs) - 1,
        "story": view.story_of.get(case.key),
    }


async def draft_form(request: Request) -> Response:
    """The page on which a text is pasted."""
    desk = desk_of(request)
    keys = [key for key in request.query_params.get("drafts", "").split(".") if key][:100]
    drafts = [each for key in keys if (each := desk.drafts.get(key)) is not None]

    def work(index: Index) -> list[dict[str, Any]]:
        rows = []
        for draft in drafts:
            found = index.check(draft.article)
            summary = found.article
            said = _said(desk, found.report, summary, len(found.overlaps))
            title = headline(draft.article)
            rows.append({"key": draft.key, "title": title, "said": said, "shares": shares_of(summary)})
        return sorted(rows, key=lambda each: -(each["shares"]["agency"] + each["shares"]["others"]))

    rows = await desk.engine.read(work) if drafts else []
    return desk.pages.page("check.html.jinja", rows=rows, draft=None, shown="check", **_common(desk, request))


async def send_draft(request: Request) -> Response:
    """Take a text or files, and lead to the answer."""
    desk, limits = desk_of(request), desk_of(request).options.limits
    # Starlette's own limit of a field, 1 MB, is less than a long draft.
    form = await request.form(max_files=limits.files, max_fields=20, max_part_size=limits.body)
    try:
        articles = await _articles_of(form, limits.words)
    finally:
        await form.close()
    if len(articles) == 1 and is_address(articles[0].text):
        address = articles[0].text
        found = await desk.engine.read(lambda index: id_of_address(index, address))
        if found is not None:
            return RedirectResponse(f"/article/{key_of(found)}", 303)
        raise Problem(404, words()["check"]["not_there"])
    drafts = [desk.drafts.keep(each) for each in articles]
    if len(drafts) == 1:
        return RedirectResponse(f"/check/{drafts[0].key}", 303)
    return RedirectResponse(f"/check?drafts={'.'.join(each.key for each in drafts[:100])}", 303)


async def _articles_of(form: FormData, most_words: int) -> list[Article]:
    articles: list[Article] = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile) and (value.filename or value.size):
            data = await value.read()
            articles += drafts_of_file(data, value.filename or name, most_words)
    text = form.get("text")
    if isinstance(text, str) and text.strip():
        source, title = (str(form.get(name) or "").strip()[:500] for name in ("source", "title"))
        article = pasted(text, most_words)
        articles.append(replace(article, source=source or article.source, title=title or article.title))
    if not articles:
        raise Problem(422, "there is no text in it", field="text")
    return articles


async def draft_page(request: Request) -> Response:
    """The answer on a draft."""
    desk = desk_of(request)
    draft = desk.drafts.get(request.path_params["key"])
    if draft is None:
        raise Problem(404, words()["check"]["gone"])
    given = await desk.engine.read(lambda index: _marked(desk, index, draft.article))
    return desk.pages.page(
        "check.html.jinja", rows=[], draft=draft, shown="check", **given, **_common(desk, request)
    )


async def keep_draft(request: Request) -> Response:
    """Store a draft."""
    desk = desk_of(request)
    draft = desk.drafts.get(request.path_params["key"])
    if draft is None:
        raise Problem(404, "this check is no longer here; paste the text again")
    await kept(desk, draft)
    return Response(status_code=204)


async def article_page(request: Request) -> Response:
    """One article with all its sources."""
    desk, key = desk_of(request), request.path_params["key"]

    def work(index: Index) -> dict[str, Any]:
        id_ = desk.engine.keys.id_of(key, index)
        if id_ is None:
            raise Problem(404, "no article has this address")
        given = _marked(desk, index, index.article(id_))
        story = index.state.catalogue.one("SELECT story FROM article WHERE id = ?", [id_])
        return given | {"story": key if story is not None else None}

    given = await desk.engine.read(work)
    return desk.pages.page("article.html.jinja", shown="inbox", **given, **_common(desk, request))


def _marked(desk: Desk, index: Index, article: Article) -> dict[str, Any]:
    """What the page of one article shows."""
    checked = index.check(article)
    report, summary = checked.report, checked.article
    part = PartReport(report, checked.overlaps, [article.id])
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
        "sentence": _said(desk, report, summary, len(checked.overlaps)),
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
    """Two articles side by side, and what was decided about them."""
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
            "data": PartReport(report, [overlap]).page_data(desk.options.mine),
            "answer": ledger.answer(overlap, report.article),
            "log": [each for each in ledger.active if {each.a, each.b} == both],
        }

    given = await desk.engine.read(work)
    seen = request.query_params.get("seen", "")
    changed = bool(seen) and seen != "-".join(given["digests"])
    kinds = [kind for kind in KINDS if kind != "undo"]
    return desk.pages.page(
        "pair.html.jinja", shown="inbox", kinds=kinds, changed=changed, **given, **_common(desk, request)
    )


async def stories(request: Request) -> Response:
    """The stories of a period."""
    desk = desk_of(request)
    view = await desk.engine.view(choice_of(request, "when", tuple(PERIODS), "7d"))
    least = number_of(request, "outlets", 2, 1, 10_000)
    sort = choice_of(request, "sort", ("outlets", "time", "uncredited"), "outlets")
    outlet, agency = (request.query_params.get(name, "") for name in ("outlet", "agency"))
    rows: list[dict[str, Any]] = []
    for key, story in view.stories.items():
        members = [view.summaries[id_] for id_ in story.articles if id_ in view.summaries]
        if story.sources < least or (outlet and outlet not in {each.source for each in members}):
            continue
        if agency and agency not in {each.agency for each in members}:
            continue
        missing = sum(credit_state(each) == "not_found" for each in members)
        origin = view.summaries.get(story.origin)
        rows.append({"key": key, "story": story, "missing": missing, "origin": origin})
    order: dict[str, Any] = {
        "outlets": lambda row: (-row["story"].sources, row["key"]),
        "time": lambda row: (-_time(row["story"].first_published), row["key"]),
        "uncredited": lambda row: (-row["missing"], row["key"]),
    }
    rows.sort(key=order[sort])
    many = number_of(request, "rows", _ROWS, 1, 2_000)
    for row in rows[:many]:
        row["headline"] = headline(view.report.article(row["story"].origin or row["story"].articles[0]))
    summaries = view.summaries.values()
    return desk.pages.page(
        "stories.html.jinja",
        view=view,
        rows=rows[:many],
        left=max(0, len(rows) - many),
        many=many,
        sort=sort,
        least=least,
        outlet=outlet,
        agency=agency,
        outlet_names=sorted({each.source for each in summaries}, key=str.casefold),
        agency_names=sorted({each.agency for each in summaries if each.agency}),
        shown="stories",
        **_common(desk, request, view),
    )


async def story_page(request: Request) -> Response:
    """One story: its articles in time, and its versions."""
    desk, key = desk_of(request), request.path_params["key"]

    def work(index: Index) -> dict[str, Any]:
        id_ = desk.engine.keys.id_of(key, index)
        if id_ is None:
            raise Problem(404, "no story has this address")
        story, report = desk.story(index, id_)
        if story is None or report is None:
            raise Problem(404, "this article is in no story")
        wanted = set(story.articles)
        members = [each for each in report.articles if each.id in wanted]
        # Those without a date come last.
        members.sort(key=lambda each: (each.published is None, _time(each.published), each.id))
        number = {id_: n for n, group in enumerate(story.versions, 1) for id_ in group if len(group) > 1}
        first = story.first or members[0].id
        return {
            "story": story,
            "headline": headline(report.article(story.origin or first)),
            "origin": next((each for each in members if each.id == story.origin), None),
            "members": [
                {
                    "summary": each,
                    "headline": headline(report.article(each.id)),
                    "shares": shares_of(each),
                    "credit": credit_state(each),
                    "version": number.get(each.id),
                    "beside": first if each.id != first else None,
                }
                for each in members
            ],
            "lanes": _lanes(members),
        }

    given = await desk.engine.read(work)
    own = key_of(given["story"].id)
    if own != key:  # a key that the story had before, or that of another of its articles
        return RedirectResponse(f"/story/{own}", 302)
    return desk.pages.page("story.html.jinja", shown="stories", **given, **_common(desk, request))


def _lanes(members: list[Any]) -> list[dict[str, Any]]:
    """A lane an outlet, a dot an article, along the time: places from 0 to 1."""
    timed = [each for each in members if each.published is not None]
    if len(timed) < 2:
        return []
    low, high = _time(timed[0].published), _time(timed[-1].published)
    lanes: dict[str, list[dict[str, Any]]] = {}
    for each in timed:
        place = (_time(each.published) - low) / (high - low) if high > low else 0.0
        lanes.setdefault(each.source, []).append(
            {"place": place, "summary": each, "credit": credit_state(each)}
        )
    return [{"source": source, "dots": dots} for source, dots in list(lanes.items())[:24]]


async def outlets(request: Request) -> Response:
    """The figures of each outlet, the matrix, and the decisions in force."""
    desk = desk_of(request)
    view = await desk.engine.view(choice_of(request, "when", tuple(PERIODS), "30d"))
    closed: dict[str, int] = {}
    for case in view.cases:
        if case.decision is not None and case.state != "open":
            closed[case.decision.id] = closed.get(case.decision.id, 0) + 1
    names, cells = view.matrix
    return desk.pages.page(
        "outlets.html.jinja",
        view=view,
        rows=view.outlets,
        names=names,
        cells=cells,
        decisions=list(reversed(view.ledger.active))[:500],
        closed=closed,
        shown="outlets",
        **_common(desk, request, view),
    )


async def outlets_csv(request: Request) -> Response:
    """The figures of each outlet as CSV."""
    view = await desk_of(request).engine.view(choice_of(request, "when", tuple(PERIODS), "30d"))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(["source", "articles", "agency", "others", "own", "not_credited", "delay_seconds"])
    for row in view.outlets:
        source = f"'{row.source}" if row.source.startswith(("=", "+", "-", "@", "\t", "\r")) else row.source
        shares = [round(share, 4) for share in (row.agency, row.others, row.own)]
        table.writerow([source, row.articles, *shares, row.not_credited, row.delay])
    headers = {"Content-Disposition": 'attachment; filename="outlets.csv"'}
    return Response(
        text.getvalue().encode("utf-8", "replace"), headers=headers, media_type="text/csv; charset=utf-8"
    )


async def login(request: Request) -> Response:
    """Let a browser in that brings the token."""
    desk, guard = desk_of(request), request.state.guard
    if desk.options.token is None:
        return RedirectResponse("/", 303)
    wrong = False
    if request.method == "POST":
        form = await request.form(max_files=0, max_fields=5)
        given = form.get("token")
        if isinstance(given, str) and guard.is_token(given.strip()):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(
                SESSION, guard.session, httponly=True, samesite="strict", secure=desk.options.secure
            )
            return answer
        wrong = True
    return desk.pages.page("login.html.jinja", 401 if wrong else 200, wrong=wrong)


def _said(desk: Desk, report: Report, summary: ArticleSummary, pairs: int) -> str:
    earliest = None if summary.earliest is None else report.article(summary.earliest)
    return desk.pages.said(summary.sentence or quiet_sentence(summary, pairs), earliest)


def _common(desk: Desk, request: Request, view: View | None = None) -> dict[str, Any]:
    newest = view.newest if view is not None else None
    age = None if newest is None else max(0, int((datetime.now(UTC) - newest).total_seconds()))
    query = dict(request.query_params.items())
    return {
        "csrf": request.state.csrf,
        "age": age,
        "query": query,
        "period": None if view is None else view.period,
        "periods": tuple(PERIODS),
        "open_queues": OPEN_QUEUES,
        "decided_queues": (*DECIDED_QUEUES, SMALL),
        "user": getattr(request.state, "user", None),
    }


def _time(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
