"""The application: the handler of each address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from dedup.errors import DedupError
from dedup.web import api, article_pages, draft_pages, openapi, pages, story_pages
from dedup.web.api import json
from dedup.web.desk import Desk, desk_of
from dedup.web.events import Events, events
from dedup.web.guard import Guard
from dedup.web.options import DeskOptions
from dedup.web.problems import Problem, problem_of
from dedup.web.rendering import static
from dedup.web.watch import Watcher
from dedup.web.webhooks import Webhooks

_KINDS = {"css": "text/css", "js": "text/javascript"}


def create_app(options: DeskOptions) -> Guard:
    """Return the desk as an ASGI application.

    Raises
    ------
    IndexStoreError
        There is no index, or it cannot be read.
    """
    desk = Desk(options)
    app = Starlette(
        routes=_routes(),
        lifespan=_lifespan(desk),
        exception_handlers={
            Problem: _problem,
            DedupError: _library_error,
            HTTPException: _http_error,
            Exception: _failure,
        },
    )
    app.state.desk = desk
    app.state.events = Events(desk)
    return Guard(app, options, desk.metrics, app.state.events.close)


def _routes() -> list[Route]:
    return [
        Route("/", pages.inbox),
        Route("/check", draft_pages.draft_form, methods=["GET"]),
        Route("/check", draft_pages.send_draft, methods=["POST"]),
        Route("/check/{key}", draft_pages.draft_page),
        Route("/article/{key}", article_pages.article_page),
        Route("/pair/{a}/{b}", article_pages.pair_page),
        Route("/stories", story_pages.stories),
        Route("/story/{key}", story_pages.story_page),
        Route("/outlets", pages.outlets),
        Route("/outlets.csv", pages.outlets_csv),
        Route("/furniture", pages.furniture),
        Route("/rules", _rules),
        Route("/login", pages.login, methods=["GET", "POST"]),
        Route("/static/{name}", _static),
        Route("/healthz", _health),
        Route("/metrics", _metrics),
        Route("/api/openapi.json", _openapi),
        Route("/api/check", api.check, methods=["POST"]),
        Route("/api/drafts/{key}/keep", draft_pages.keep_draft, methods=["POST"]),
        Route("/api/articles", api.list_articles, methods=["GET"]),
        Route("/api/articles", api.post_articles, methods=["POST"]),
        Route("/api/articles/{id:path}/overlaps", api.get_overlaps, methods=["GET"]),
        Route("/api/articles/{id:path}", api.get_article, methods=["GET"]),
        Route("/api/articles/{id:path}", api.put_article, methods=["PUT"]),
        Route("/api/articles/{id:path}", api.delete_article, methods=["DELETE"]),
        Route("/api/pairs/{a}/{b}", api.get_pair),
        Route("/api/stories", api.list_stories),
        Route("/api/stories/{key}", api.get_story),
        Route("/api/outlets", api.list_outlets),
        Route("/api/decisions", api.list_decisions, methods=["GET"]),
        Route("/api/decisions", api.post_decision, methods=["POST"]),
        Route("/api/decisions/import", api.import_decisions, methods=["POST"]),
        Route("/api/events", events),
    ]


def _lifespan(desk: Desk) -> Any:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        warming = loop.run_in_executor(None, desk.engine.warm)
        hooks = Webhooks(desk)
        hooks.start()
        watcher = None if desk.options.watch is None else Watcher(desk.options.watch, desk.engine)
        if watcher is not None:
            watcher.start()
        try:
            yield
        finally:
            if watcher is not None:
                watcher.stop()
            hooks.stop()
            await warming
            await loop.run_in_executor(None, desk.engine.close)

    return lifespan


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    text = static(name)
    if text is None:
        raise Problem(404, "there is nothing at this address")
    kind = _KINDS[name.rpartition(".")[2]]
    return Response(text, headers={"Cache-Control": "no-cache"}, media_type=kind)


async def _rules(request: Request) -> Response:
    return RedirectResponse("/outlets#rules", 302)


async def _openapi(request: Request) -> Response:
    return json(openapi.document())


async def _health(request: Request) -> Response:
    """Report whether the desk answers: 503 until its kernels are compiled or loaded."""
    engine = desk_of(request).engine
    if engine.fault is not None:
        raise Problem(503, "the desk cannot compare: " + engine.fault)
    if not engine.ready:
        raise Problem(503, "the kernels are being loaded", retry_after=1)
    return json({"ready": True})


async def _metrics(request: Request) -> Response:
    desk = desk_of(request)

    def work(index: Any) -> tuple[int, float]:
        newest = desk.engine.newest(index)
        count = int(index.state.catalogue.one("SELECT count(*) FROM article"))
        return count, 0.0 if newest is None else newest.timestamp()

    articles, newest = await desk.engine.read(work)
    gauges = {
        "dedup_articles": ("Articles in the index.", float(articles)),
        "dedup_newest_article_seconds": ("When the newest article was published, in Unix time.", newest),
        "dedup_checks_waiting": ("Checks that are answered or wait.", float(desk.engine.waiting)),
        "dedup_writes_total": ("Writes to the index since the start.", float(desk.engine.written)),
        "dedup_ready": ("Whether the kernels are loaded.", float(desk.engine.ready)),
    }
    return Response(desk.metrics.text(gauges), media_type="text/plain; version=0.0.4; charset=utf-8")


def _wants_page(request: Request) -> bool:
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    if not _wants_page(request):
        return error.response()
    response = desk_of(request).pages.page("problem.html.jinja", error.status, problem=error.record())
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


async def _library_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, DedupError)
    return await _problem(request, problem_of(error))


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    details = {404: "there is nothing at this address", 405: "this address does not take that method"}
    problem = Problem(error.status_code, details.get(error.status_code, str(error.detail)))
    response = await _problem(request, problem)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _failure(request: Request, error: Exception) -> Response:
    return Problem(500, "the desk made a mistake; its log says more").response()
