"""The pages of the desk on which a draft is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from dedup.article import Article
from dedup.index.index import Index
from dedup.reporting.answer import shares_of
from dedup.reporting.wording import headline
from dedup.web.api import kept
from dedup.web.article_pages import marked
from dedup.web.desk import desk_of
from dedup.web.drafts import drafts_of_file, id_of_address, is_address, pasted
from dedup.web.frame import common, said_of
from dedup.web.keys import key_of
from dedup.web.problems import Problem
from dedup.web.rendering import words


async def draft_form(request: Request) -> Response:
    """Show the page on which a text is pasted."""
    desk = desk_of(request)
    keys = [key for key in request.query_params.get("drafts", "").split(".") if key][:100]
    drafts = [each for key in keys if (each := desk.drafts.get(key)) is not None]

    def work(index: Index) -> list[dict[str, Any]]:
        rows = []
        for draft in drafts:
            found = index.check(draft.article)
            summary = found.article
            said = said_of(desk, found.report, summary, len(found.overlaps))
            title = headline(draft.article)
            rows.append({"key": draft.key, "title": title, "said": said, "shares": shares_of(summary)})
        return sorted(rows, key=lambda each: -(each["shares"]["agency"] + each["shares"]["others"]))

    rows = await desk.engine.read(work) if drafts else []
    return desk.pages.page("check.html.jinja", rows=rows, draft=None, shown="check", **common(desk, request))


async def send_draft(request: Request) -> Response:
    """Accept a text or files, and redirect to the answer."""
    desk, limits = desk_of(request), desk_of(request).options.limits
    # Starlette's own limit for a field, 1 MB, is less than a long draft.
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
    """Show the answer about a draft."""
    desk = desk_of(request)
    draft = desk.drafts.get(request.path_params["key"])
    if draft is None:
        raise Problem(404, words()["check"]["gone"])
    given = await desk.engine.read(lambda index: marked(desk, index, draft.article))
    return desk.pages.page(
        "check.html.jinja", rows=[], draft=draft, shown="check", **given, **common(desk, request)
    )


async def keep_draft(request: Request) -> Response:
    """Store a draft."""
    desk = desk_of(request)
    draft = desk.drafts.get(request.path_params["key"])
    if draft is None:
        raise Problem(404, "this check is no longer here; paste the text again")
    await kept(desk, draft)
    return Response(status_code=204)
