"""Drafts that were checked: kept in memory for a while, so that the answer has an address."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dedup.article import Article
from dedup.errors import InputError
from dedup.index.index import Index
from dedup.reading.drafts import read_draft
from dedup.web.problems import Problem

_MOST, _BYTES = 500, 64 << 20
_ADDRESS = re.compile(r"https?://\S+")
_NAME_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that was checked.

    Attributes
    ----------
    key : str
        The key in its address.
    dated : bool
        Whether its publication time was given; otherwise it is the time of the check.
    """

    key: str
    article: Article
    dated: bool


class Drafts:
    """The latest drafts; several threads may access it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._drafts: OrderedDict[str, Draft] = OrderedDict()
        self._bytes = 0

    def keep(self, article: Article) -> Draft:
        """Store a draft; the same text and outlet get the same key."""
        said = "\0".join((article.id, article.source, article.title or "", article.text))
        key = hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        dated = article.published is not None
        if not dated:
            article = replace(article, published=datetime.now(UTC), published_zone="given")
        draft = Draft(key, article, dated)
        with self._lock:
            former = self._drafts.pop(key, None)
            self._bytes += len(article.text) - (len(former.article.text) if former else 0)
            self._drafts[key] = draft
            while len(self._drafts) > _MOST or (self._bytes > _BYTES and len(self._drafts) > 1):
                _, gone = self._drafts.popitem(last=False)
                self._bytes -= len(gone.article.text)
        return draft

    def get(self, key: str) -> Draft | None:
        """Return a draft by its key, if it is still stored."""
        with self._lock:
            return self._drafts.get(key)


def draft_of(record: dict[str, Any], most_words: int) -> Article:
    """Return the article of a request: ``text`` or ``html``, and its metadata.

    Raises
    ------
    Problem
        A field is missing or invalid.
    """
    text, html = _text(record, "text"), _text(record, "html")
    if (text is None) == (html is None):
        raise Problem(422, "give either `text` or `html`", field="text")
    article = Article(id="draft", text=text or "")
    if html is not None:
        article = _of_html(html)
    _few_words(article.text, most_words)
    title, source = _text(record, "title"), _text(record, "source")
    published = _moment(record)
    article = replace(
        article,
        title=title or article.title,
        url=_text(record, "url") or article.url,
        source=source or (article.source if article.source != article.id else "Draft"),
        language=_text(record, "language") or article.language,
        published=published or article.published,
        published_precision=None if published else article.published_precision,
        published_zone=None if published else article.published_zone,
    )
    return _with_id(article, _text(record, "id"))


def drafts_of_file(data: bytes, name: str, most_words: int) -> list[Article]:
    """Read the articles of a dropped file. Raises `Problem` if it cannot be read."""
    try:
        found = read_draft(data, name)
    except InputError as error:
        raise Problem(422, str(error), file=name) from error
    for each in found:
        _few_words(each.text, most_words)
    named = [replace(each, source="Draft" if each.source == each.id else each.source) for each in found]
    return [replace(each, title=each.title or name) for each in named]


def pasted(text: str, most_words: int) -> Article:
    """Return the article of a pasted text, which may be HTML."""
    if re.match(r"\s*<(?:!doctype|html|head|body|article|div|p|h\d)\b", text, re.IGNORECASE):
        article = _of_html(text)
        _few_words(article.text, most_words)
        return _with_id(
            replace(article, source=article.source if article.source != article.id else "Draft"), None
        )
    _few_words(text, most_words)
    return _with_id(Article(id="draft", text=text, source="Draft"), None)


def is_address(text: str) -> bool:
    """Whether a text is a web address and nothing else."""
    return _ADDRESS.fullmatch(text.strip()) is not None


def id_of_address(index: Index, address: str) -> str | None:
    """Return the id of the stored article that has this address, or whose id it is."""
    state = index.state
    state.look()
    wanted = address.strip()
    found = state.catalogue.one("SELECT id FROM article WHERE id = ?", [wanted])
    if found is not None:
        return str(found)
    spellings = pa.array([wanted, wanted.rstrip("/"), wanted.rstrip("/") + "/"])
    for batch in index.articles():
        rows = pc.filter(batch.column("id"), pc.is_in(batch.column("url"), spellings))
        if len(rows):
            return str(rows[0].as_py())
    return None


def _of_html(html: str) -> Article:
    try:
        return read_draft(html.encode("utf-8", "replace"), "draft.html")[0]
    except InputError as error:
        raise Problem(422, error.reason, field="html") from error


def _with_id(article: Article, given: str | None) -> Article:
    if given:
        return replace(article, id=given)
    digest = hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return replace(article, id=f"draft-{digest}")


def _few_words(text: str, most: int) -> None:
    if not text.strip():
        raise Problem(422, "there is no text in it", field="text")
    if text.count(" ") + text.count("\n") > most:
        raise Problem(413, f"the text has more than {most:,} words; check a part of it", field="text")


def _text(record: dict[str, Any], name: str) -> str | None:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise Problem(422, f"{name} must be a text", field=name)
    if value and name not in ("text", "html") and len(value) > _NAME_CHARACTERS:
        raise Problem(422, f"{name} has more than {_NAME_CHARACTERS:,} characters", field=name)
    if value:
        try:
            value.encode()
        except UnicodeEncodeError:
            raise Problem(422, f"{name} holds half of a character (a lone surrogate)", field=name) from None
    return value


def _moment(record: dict[str, Any]) -> datetime | None:
    value = _text(record, "published")
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
        (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Problem(
            422, f"published is {value!r}; it must be a time such as 2024-05-03T10:00:00Z", field="published"
        ) from None
    return moment
