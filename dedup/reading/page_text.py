"""The article in a web page: its text without menus, teasers and comments, and its metadata."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from dedup.reading.encodings import decode_declared
from dedup.reading.page_metadata import PageMetadata, page_metadata

_ELLIPSIS = re.compile(r"(?:\.\.\.|…|\[\+\d+ chars\])\s*$")
_LEAST_WORDS = 40
# A day within a line. Extractors take <time> as the date of the page, and cut it out of the sentence.
_TIME_IN_LINE = re.compile(
    r"<time\b(?:(?<=[^\s>]<time)|(?<=[^\s>]\s<time))[^<>]*>([^<>]*)</time>(?=\s*[^\s<])", re.IGNORECASE
)


def article_of_page(
    page: bytes, url: str | None, charset: str | None, *, fast: bool
) -> dict[str, str | None]:
    """Return the fields of a page's article.

    Parameters
    ----------
    page : bytes
        HTML.
    url : str or None
        The address from which it was fetched.
    charset : str or None
        The encoding that its server declared.
    fast : bool
        Extract the text with resiliparse instead of trafilatura.

    Raises
    ------
    ImportError
        The library is not installed.
    """
    text = decode_declared(page, told=charset)
    about = page_metadata(text, url)
    found = _without_title((_fast if fast else _full)(_TIME_IN_LINE.sub(r"\1", text)), about.title)
    return {
        "text": _chosen(found, about),
        "title": about.title,
        "source": about.source,
        "url": about.url,
        "published": about.published,
        "language": about.language,
        "credit_lines": about.credit_lines,
    }


def _chosen(found: str, about: PageMetadata) -> str:
    """Return JSON-LD's text if it is complete, else the text found in the page."""
    body = about.body
    if body is None or _ELLIPSIS.search(body):
        return found
    words, of_page = len(body.split()), len(found.split())
    if words < _LEAST_WORDS and words < of_page:
        return found
    # A text without line breaks may still be complete; a summary is much shorter than the text in the page.
    return body if words >= 0.85 * of_page or words > 1.0 * of_page else found


def _full(page: str) -> str:
    import trafilatura

    found: Any = trafilatura.bare_extraction(
        page,
        include_comments=False,
        include_tables=False,
        deduplicate=False,
        with_metadata=False,
        favor_recall=False,
    )
    text = getattr(found, "text", None)
    return _paragraphs(text) if text else _fast_or_nothing(page)


def _fast_or_nothing(page: str) -> str:
    try:
        return _fast(page)
    except ImportError:
        return ""


def _fast(page: str) -> str:
    return _paragraphs(
        _extract()(page, main_content=True, alt_texts=False, links=False, comments=False, form_fields=False)
    )


@cache
def _extract() -> Any:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text


def _paragraphs(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n\n".join(line for line in lines if line)


def _without_title(text: str, title: str | None) -> str:
    """Return the text without the headline, which extractors may take for its first line."""
    if title and text.startswith(title) and text[len(title) : len(title) + 1].isspace():
        return text[len(title) :].lstrip()
    first, _, rest = text.partition("\n\n")
    if (
        title
        and rest
        and _letters(first)
        and _letters(first) in (_letters(title), _letters(title.split(" | ")[0]))
    ):
        return rest
    return text


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
