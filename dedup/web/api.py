"""The REST interface: checks, articles, pairs, stories, outlets and decisions, as JSON."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from dedup.article import Article
from dedup.decisions import files
from dedup.index.index import Index
from dedup.reading import read_batches, to_articles
from dedup.reading.compression import compression_of
from dedup.reporting.answer import LEVELS, UNITS, answer
from dedup.reporting.outlets import outlet_table
from dedup.reporting.records import record_of
from dedup.reporting.wording import credit_state
from dedup.web.deciding import decisions_of, summary_of
from dedup.web.desk import Desk, desk_of
from dedup.web.drafts import Draft, draft_of
from dedup.web.keys import key_of
from dedup.web.part import pair_of
from dedup.web.problems import Problem
from dedup.web.requests import body_of, choice_of, name_of, object_of, page_of
from dedup.web.view import PERIODS, answered_by

_CREDIT_STATES = ("", "credited", "named", "not_found", "none")


def json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON response."""
    return Response(msgspec.json.encode(value), status, headers, media_type="application/json")


async def check(request: Request) -> Response:
    """Check one text, or several; nothing is stored unless `keep` asks for it."""
    desk, asked = desk_of(request), await body_of(request)
    if isinstance(asked, list):
        if len(asked) > desk.options.limits.batch:
            raise Problem(413, f"more than {desk.options.limits.batch} texts; send fewer at a time")
        answers = []
        for each in asked:
            try:
                answers.append(await _checked(desk, each))
            except Problem as problem:
                answers.append(problem.record())
        return json(answers)
    return json(await _checked(desk, asked))


async def _checked(desk: Desk, asked: object) -> dict[str, Any]:
    if not isinstance(asked, dict):
        raise Problem(422, "a check must be a JSON object")
    unit, level = asked.get("unit", "codepoint"), asked.get("level", "detail")
    if unit not in UNITS:
        raise Problem(422, f"unit must be one of {', '.join(UNITS)}", field="unit")
    if level not in LEVELS:
        raise Problem(422, f"level must be one of {', '.join(LEVELS)}", field="level")
    least, keep = asked.get("min_words", 1), asked.get("keep", False)
    if not isinstance(least, int) or isinstance(least, bool) or not 0 <= least <= 10**6:
        raise Problem(422, "min_words must be a number from 0 to 1,000,000", field="min_words")
    if not isinstance(keep, bool):
        raise Problem(422, "keep must be true or false", field="keep")
    draft = desk.drafts.keep(draft_of(asked, desk.options.limits.words))

    def work(index: Index) -> dict[str, Any]:
        found = index.check(draft.article)
        report = found.report
        said = answer(
            report,
            found.article,
            found.overlaps,
            unit=unit,
            level=level,
            min_words=least,
            settings=index.settings,
        )
        ledger = desk.engine.ledger(index)
        answers = [ledger.answer(each, report.article) for each in found.overlaps] if ledger else []
        decided = {each.decision.id: each.decision for each in answers if each.decision is not None}
        said["decisions"] = summary_of(list(decided.values()))
        return {"id": draft.article.id, **said, "page": f"/check/{draft.key}", "kept": keep}

    said = await desk.engine.read(work)
    if keep:
        await kept(desk, draft)
        said["page"] = f"/article/{key_of(draft.article.id)}"
    return said


async def kept(desk: Desk, draft: Draft) -> None:
    """Store a draft in the index."""
    await desk.engine.write(lambda index: index.put([draft.article]))


async def put_article(request: Request) -> Response:
    """Store an article. The same text again changes nothing; another text with the same id replaces it."""
    desk, record = desk_of(request), await object_of(request)
    id_ = _id(request)
    article = draft_of({**record, "id": id_}, desk.options.limits.words)
    if not record.get("source"):
        raise Problem(422, "source is missing: the outlet that ran the article", field="source")
    (done,) = await desk.engine.write(lambda index: index.put([article]))
    return json({"id": id_, "key": key_of(id_), "result": done}, 201 if done == "created" else 200)


async def post_articles(request: Request) -> Response:
    """Store articles from JSON lines, and report what happened to each line."""
    desk, body = desk_of(request), await request.body()
    if (packed := compression_of(body)) is not None:
        raise Problem(415, f"the body is compressed ({packed}); send plain lines")
    lines = [number for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise Problem(422, "there are no lines in it")

    def work(index: Index) -> list[dict[str, Any]]:
        reading = read_batches(["-"], stdin=io.BytesIO(body), on_error="skip")
        articles: list[Article] = []
        for batch in reading:
            articles.extend(to_articles(batch))
        faults = {each.line: each.reason for each in reading.rejects if each.line is not None}
        done = iter(zip(articles, index.put(articles), strict=True)) if articles else iter(())
        told: list[dict[str, Any]] = []
        for number in lines:
            if number in faults:
                told.append({"line": number, "status": 422, "detail": faults[number]})
            elif (one := next(done, None)) is not None:
                article, result = one
                status = 201 if result == "created" else 200
                told.append({"line": number, "status": status, "id": article.id, "result": result})
            else:
                told.append({"line": number, "status": 422, "detail": "it was not read"})
        return told

    return json({"items": await desk.engine.write(work)}, 207)


async def delete_article(request: Request) -> Response:
    """Remove an article; decisions on it stay, without its text."""
    desk, id_ = desk_of(request), _id(request)

    def work(index: Index) -> None:
        _article(index, id_)
        index.remove([id_])

    await desk.engine.write(work)
    return Response(status_code=204)


async def get_article(request: Request) -> Response:
    """Return one article, with its summary."""
    desk, id_ = desk_of(request), _id(request)
    unit = choice_of(request, "unit", UNITS, "codepoint")

    def work(index: Index) -> dict[str, Any]:
        article = _article(index, id_)
        found = index.check(article)
        said = answer(found.report, found.article, (), unit=unit, level="scores")  # type: ignore[arg-type]
        return {**said["article"], "key": key_of(id_), "text": article.text, "shares": said["shares"]}

    return json(await desk.engine.read(work))


async def get_overlaps(request: Request) -> Response:
    """Return the articles that share text with one, as seen from it."""
    desk, id_ = desk_of(request), _id(request)
    unit = choice_of(request, "unit", UNITS, "codepoint")
    level = choice_of(request, "level", LEVELS, "detail")

    def work(index: Index) -> list[dict[str, Any]]:
        found = index.check(_article(index, id_))
        three = (found.report, found.article, found.overlaps)
        said = answer(*three, unit=unit, level=level, settings=index.settings)  # type: ignore[arg-type]
        return list(said.get("matches", []))

    return json(page_of(request, await desk.engine.read(work)))


async def get_pair(request: Request) -> Response:
    """Return what two articles share: the record of their overlap, and the decision on it."""
    desk = desk_of(request)
    given = [request.path_params[name] for name in ("a", "b")]

    def work(index: Index) -> dict[str, Any]:
        ids = [desk.engine.keys.id_of(each, index) or each for each in given]
        first, second = (_article(index, id_) for id_ in ids)
        checked = index.check(first)
        overlap = pair_of(checked.overlaps, first.id, second.id)
        if overlap is None:
            raise Problem(404, "these two articles share nothing that the index found")
        found = desk.engine.ledger(index).answer(overlap, checked.report.article)
        return {
            **record_of(overlap),
            "state": found.state,
            "decision": None if found.decision is None else summary_of([found.decision])[0],
            "page": f"/pair/{key_of(first.id)}/{key_of(second.id)}",
        }

    return json(await desk.engine.read(work))


async def list_articles(request: Request) -> Response:
    """Return the articles of a period that share text with others, most copied first."""
    desk = desk_of(request)
    view = await desk.engine.view(choice_of(request, "period", tuple(PERIODS), "7d"))
    mine = choice_of(request, "mine", ("", "0", "1"), "")
    credit = choice_of(request, "credit", _CREDIT_STATES, "")
    source = request.query_params.get("source", "")
    found = [
        each
        for each in view.report.articles
        if each.passages
        and (not mine or desk.options.is_mine(each.source) == (mine == "1"))
        and (not credit or (credit_state(each) or "none") == credit)
        and (not source or each.source.casefold() == source.casefold())
    ]
    found.sort(key=lambda each: (-each.copied, each.id))
    return json(_records(page_of(request, found)) | {"period": view.period})


async def list_stories(request: Request) -> Response:
    """Return the stories of a period, those of most outlets first."""
    view = await desk_of(request).engine.view(choice_of(request, "period", tuple(PERIODS), "7d"))
    found = sorted(view.report.stories, key=lambda each: (-each.sources, -len(each.articles), each.id))
    return json(_records(page_of(request, found)) | {"period": view.period})


async def get_story(request: Request) -> Response:
    """Return the story that an article is in, by the key or the id of the story or of any of its articles."""
    desk, given = desk_of(request), request.path_params["key"]

    def work(index: Index) -> dict[str, Any]:
        id_ = desk.engine.keys.id_of(given, index) or given
        _article(index, id_)
        story, _ = desk.story(index, id_)
        if story is None:
            raise Problem(404, "this article is in no story")
        return {**record_of(story), "key": key_of(story.id)}

    return json(await desk.engine.read(work))


async def list_outlets(request: Request) -> Response:
    """Return the figures of each outlet over a period, and what each shares with each other."""
    view = await desk_of(request).engine.view(choice_of(request, "period", tuple(PERIODS), "30d"))
    return json({**outlet_table(view.report), "period": view.period})


async def list_decisions(request: Request) -> Response:
    """Return the log of decisions, in order; as a file, with the digests, in JSON lines or CSV."""
    desk = desk_of(request)
    form = choice_of(request, "format", ("json", "jsonl", "csv"), "json")
    found = await desk.engine.read(lambda index: index.decisions())
    if form == "json":
        return json(page_of(request, [each.record() for each in found]))
    text = files.written(found, form)  # type: ignore[arg-type]
    kind = "text/csv; charset=utf-8" if form == "csv" else "application/x-ndjson"
    headers = {"Content-Disposition": f'attachment; filename="decisions.{form}"'}
    return Response(text.encode("utf-8", "replace"), headers=headers, media_type=kind)


async def post_decision(request: Request) -> Response:
    """Decide about one pair or several, or undo a decision; or say how many cases it would answer."""
    desk, record = desk_of(request), await object_of(request)
    user, preview = getattr(request.state, "user", None), record.get("preview", False)
    if not isinstance(preview, bool):
        raise Problem(422, "preview must be true or false", field="preview")
    decided = await desk.engine.read(lambda index: decisions_of(index, record, user))
    if preview:
        view = await desk.engine.view(choice_of(request, "period", tuple(PERIODS), "7d"))
        return json({"answers": await asyncio.to_thread(answered_by, view, decided)})
    await desk.engine.decide(decided)
    return json({"items": summary_of(decided)}, 201)


async def import_decisions(request: Request) -> Response:
    """Import exported decisions, as JSON lines or CSV; known decisions are skipped."""
    desk, record = desk_of(request), await object_of(request)
    found = files.read(name_of(record.get("text"), "text"), "the import")
    return json({"read": len(found), "new": await desk.engine.decide(found)})


def _records(page: dict[str, Any]) -> dict[str, Any]:
    return page | {"items": [{**record_of(each), "key": key_of(each.id)} for each in page["items"]]}


def _id(request: Request) -> str:
    return name_of(request.path_params["id"], "id")


def _article(index: Index, id_: str) -> Article:
    try:
        return index.article(id_)
    except KeyError:
        raise Problem(404, f"no article has the id {id_!r}") from None
