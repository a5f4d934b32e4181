"""The pages of the desk: the inbox, the outlets, and the login."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dedup.reporting.answer import shares_of
from dedup.reporting.wording import headline
from dedup.web.desk import Desk, desk_of
from dedup.web.frame import ROWS, common, said_of, time_of
from dedup.web.furniture import furniture_lines
from dedup.web.guard import SESSION
from dedup.web.requests import choice_of, number_of
from dedup.web.view import DECIDED_QUEUES, OPEN_QUEUES, PERIODS, SMALL, Case, View

_SORTS = ("words", "time", "share", "outlet")


async def inbox(request: Request) -> Response:
    """Show the cases that wait for a decision."""
    desk = desk_of(request)
    view = await desk.engine.view(choice_of(request, "when", tuple(PERIODS), "7d"))
    queues = (*OPEN_QUEUES, *DECIDED_QUEUES, SMALL)
    first = next((each for each in OPEN_QUEUES if view.counts[each]), OPEN_QUEUES[0])
    queue = choice_of(request, "queue", queues, first)
    sort = choice_of(request, "sort", _SORTS, "words")
    many = number_of(request, "rows", ROWS, 1, 2_000)
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
        **common(desk, request, view),
    )


def _sorted(cases: list[Case], sort: str) -> list[Case]:
    if sort == "time":
        return sorted(cases, key=lambda each: -time_of(each.summary.published))
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
        "sentence": said_of(desk, view.report, own, len(case.pairs)),
        "more": len(case.pairs) - 1,
        "story": view.story_of.get(case.key),
    }


async def outlets(request: Request) -> Response:
    """Show the figures of each outlet, the matrix, and the decisions in force."""
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
        **common(desk, request, view),
    )


async def furniture(request: Request) -> Response:
    """Show the lines that count as furniture of each outlet's pages."""
    desk = desk_of(request)
    view = await desk.engine.view(choice_of(request, "when", tuple(PERIODS), "30d"))
    lines = await asyncio.to_thread(furniture_lines, view)
    return desk.pages.page(
        "furniture.html.jinja", lines=lines, shown="outlets", **common(desk, request, view)
    )


async def outlets_csv(request: Request) -> Response:
    """Return the figures of each outlet as CSV."""
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
    """Admit a browser that presents the token."""
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
