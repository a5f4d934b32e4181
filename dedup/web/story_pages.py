"""The pages of the desk about stories."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dedup.index.index import Index
from dedup.reporting.answer import shares_of
from dedup.reporting.wording import credit_state, headline
from dedup.web.desk import desk_of
from dedup.web.frame import ROWS, common, time_of
from dedup.web.keys import key_of
from dedup.web.problems import Problem
from dedup.web.requests import choice_of, number_of
from dedup.web.view import PERIODS


async def stories(request: Request) -> Response:
    """Show the stories of a period."""
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
        "time": lambda row: (-time_of(row["story"].first_published), row["key"]),
        "uncredited": lambda row: (-row["missing"], row["key"]),
    }
    rows.sort(key=order[sort])
    many = number_of(request, "rows", ROWS, 1, 2_000)
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
        **common(desk, request, view),
    )


async def story_page(request: Request) -> Response:
    """Show one story: its articles in time, and its versions."""
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
        # Articles without a date come last.
        members.sort(key=lambda each: (each.published is None, time_of(each.published), each.id))
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
    if own != key:  # a former key of the story, or the key of another of its articles
        return RedirectResponse(f"/story/{own}", 302)
    return desk.pages.page("story.html.jinja", shown="stories", **given, **common(desk, request))


def _lanes(members: list[Any]) -> list[dict[str, Any]]:
    """Return one lane per outlet and one dot per article, at places from 0 to 1 along the time."""
    timed = [each for each in members if each.published is not None]
    if len(timed) < 2:
        return []
    low, high = time_of(timed[0].published), time_of(timed[-1].published)
    lanes: dict[str, list[dict[str, Any]]] = {}
    for each in timed:
        place = (time_of(each.published) - low) / (high - low) if high > low else 0.0
        lanes.setdefault(each.source, []).append(
            {"place": place, "summary": each, "credit": credit_state(each)}
        )
    return [{"source": source, "dots": dots} for source, dots in list(lanes.items())[:24]]
