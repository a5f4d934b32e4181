"""What pages embed in an article: posts from social networks, which are quotations, and page script.

Both are recognised by signs that tokens do not hold, so this reads the texts of the few articles that have
them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa

from dedup.text.flags import FURNITURE, QUOTED
from dedup.text.tokens import Tokens, tokenise, utf8_of

#: Bytes that either contains and most articles do not, and bytes in a line of script.
_RARE_BYTES = (b"@", b"{", b"=")
_MAYBE_SCRIPT = re.compile(r"[{;]|=\s?[\"'\[]")
#: The signature of an embedded post: "(@example) July 16, 2018", "(@example) 16 de julio de 2018",
#: "(@example) on Jul 16, 2018", "A post shared by Maria Example (@example)".
_SIGNATURE = re.compile(
    r"(?:A (?:post|photo|video) (?:shared|posted) by|Ein Beitrag geteilt von|Une publication partagée par|"
    r"Una publicación compartida (?:por|de)|Uma publicação (?:partilhada|compartilhada) por|"
    r"Un post condiviso da)[^\n(]{1,60}\(@[\w.]{1,30}\)"
    r"(?: on [A-Z][a-z]{2} \d{1,2}, \d{4} at \d{1,2}:\d{2}\w{2} P[SD]T)?|"
    r"\(@\w{1,30}\)(?: on)?[ \t\u00a0]+"
    r"(?:[^\W\d]{3,12}\.? \d{1,2}, \d{4}|\d{1,2}\.? (?:de )?[^\W\d]{3,12}\.?,? (?:de )?\d{4})"
)
_DASH = re.compile(r"[—–―]|(?<!\w)--?(?!\w)")
#: The heading of a post, with its handle and a day ("Maria Example @example · Jul 16") or with the handle on
#: a separate line; and the time of a post of the latter kind: "9:14 AM · Jul 16, 2018 · Twitter for iPhone".
_HEADED = re.compile(
    r"^[^\n@]{0,60}@\w{1,30}(?:[ \t]*[·•][ \t]*[^\n·•]{2,20}\n+(?P<post>[^\n]{1,500})|"
    r"[ \t]*\n+(?P<timed>[^\n]{1,500}\n+\d{1,2}[:.]\d{2}[^\n]{0,6}[·•][^\n]{4,60}))$",
    re.MULTILINE,
)
#: Maximum number of characters of a post, and of the name that signs it.
_LONGEST_POST, _LONGEST_NAME = 500, 60
#: The beginning of a script statement or of a style sheet rule.
_STATEMENT = re.compile(
    r"(?:\b(?:var|let|const)\s+\w+\s*=|\b(?:window|document|googletag|jQuery)\b\s*[.=(]|\bfunction\s*\w*\s*\(|\$\(|"
    r"\b\w+(?:\.\w+)*\s*=\s*(?:\w+\s*\|\||[\[{'\"])|\b\w+(?:\.\w+)+\(|[.#@]?[\w-]+\s*\{\s*[\w-]+\s*:)"
)
_WORD, _CODE = re.compile(r"\w+"), re.compile(r"[{}=;|<>\[\]]|\(\)|\(['\"{]|['\"],|\w:(?= ?[\w'\"{])")
#: Minimum number of signs of code in a script, and the number of words per such sign.
_LEAST_CODE, _WORDS_A_SIGN = 4, 4
#: Maximum number of characters without such a sign.
_WITHOUT_SIGNS = 60

#: A tag, whose attributes would look like script.
_TAG = re.compile(r"<[A-Za-z/!][^<>]*>")


def mark_embedded(texts: pa.StringArray | Sequence[str], tokens: Tokens, *, text_as: str = "auto") -> Tokens:
    """Mark embedded posts as quoted and page script as furniture: `QUOTED`, `FURNITURE` of the tokens' flags.

    Parameters
    ----------
    texts : pyarrow.StringArray or sequence of str
        The texts from which the tokens were made.
    tokens : Tokens
        The tokens of whole articles. Their flags change in place.
    text_as : {"auto", "plain", "html"}
        How the texts were read when they were cut into tokens.

    Examples
    --------
    >>> text = "He wrote:\\nThe bridge is open!\\n— Jo Roe (@joroe) July 16, 2018\\nvar a = {}; a.push('b');"
    >>> flags = mark_embedded([text], tokenise([text])).flags
    >>> int((flags & QUOTED != 0).sum()), int((flags & FURNITURE != 0).sum())
    (11, 5)
    """
    data, offsets = utf8_of(texts)
    for row in _with_rare_bytes(data.tobytes(), offsets):
        text = data[offsets[row] : offsets[row + 1]].tobytes().decode("utf-8", "surrogatepass")
        bare = text if text_as == "plain" else _TAG.sub(lambda tag: " " * len(tag[0]), text)
        spans = [(*span, QUOTED) for span in posts(bare)] + [(*span, FURNITURE) for span in scripts(bare)]
        if not spans:
            continue
        placed = tokenise([text], places=True, text_as=text_as)
        flags = tokens.flags[tokens.offsets[row] : tokens.offsets[row + 1]]
        for start, end, bit in spans:
            first, last = np.searchsorted(placed.starts, [start, end])
            flags[first:last] |= bit
    return tokens


def posts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of embedded posts in a text, with their signatures.

    Examples
    --------
    >>> text = "She wrote:\\nIt is open! — Maria Example (@example) July 16, 2018\\nThe council met."
    >>> [text[start:end] for start, end in posts(text)]
    ['It is open! — Maria Example (@example) July 16, 2018']
    """
    behind = 0
    for match in _SIGNATURE.finditer(text):
        line = max(text.rfind("\n", 0, match.start()) + 1, behind)
        name = max(line, match.start() - _LONGEST_NAME)
        dashes = list(_DASH.finditer(text, name, match.start()))
        if not text[line : dashes[-1].start() if dashes else name].strip():
            # The signature is on its own line: the post is the line before it.
            end = len(text[behind:line].rstrip()) + behind
            line = max(text.rfind("\n", 0, end) + 1, behind)
        start = line
        if match.end() - start > _LONGEST_POST:
            sentence = text.find(". ", match.end() - _LONGEST_POST, match.start())
            start = sentence + 1 if sentence >= 0 else match.start()
        yield start, match.end()
        behind = match.end()
    yield from (match.span() for match in _HEADED.finditer(text))


def scripts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of script and style sheets in a text, each within a line.

    Examples
    --------
    >>> text = "The council met.\\nwindow._feed = window._feed || []; _feed.push({ mode: 'a' });\\nIt rained."
    >>> [text[start:end] for start, end in scripts(text)]
    ["window._feed = window._feed || []; _feed.push({ mode: 'a' });"]
    """
    if "{" not in text and "=" not in text:
        return
    start = 0
    for line in text.split("\n"):
        if _MAYBE_SCRIPT.search(line):
            yield from ((start + first, start + last) for first, last in _statements(line))
        start += len(line) + 1


def _statements(line: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of script in a line: from a statement's start, as long as signs of code follow soon."""
    behind = 0
    while match := _STATEMENT.search(line, behind):
        first = last = match.start()
        for sign in _CODE.finditer(line, first):
            if sign.start() > max(last, match.end()) + _WITHOUT_SIGNS:
                break
            last = sign.end()
        signs, words = len(_CODE.findall(line, first, last)), len(_WORD.findall(line, first, last))
        if signs >= _LEAST_CODE and signs * _WORDS_A_SIGN >= words:
            yield first, last
        behind = max(last, match.end())


def _with_rare_bytes(data: bytes, offsets: np.ndarray) -> list[int]:
    """Return the texts that contain one of the rare bytes, ascending."""
    rows: set[int] = set()
    for sign in _RARE_BYTES:
        at = data.find(sign, int(offsets[0]), int(offsets[-1]))
        while at >= 0:
            row = int(np.searchsorted(offsets, at, side="right")) - 1
            rows.add(row)
            at = data.find(sign, int(offsets[row + 1]), int(offsets[-1]))
    return sorted(rows)
