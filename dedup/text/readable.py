"""A span of a text as a person reads it: without tags and addresses, with entities decoded."""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.text.characters import BLOCKQUOTE, NEWLINE, SKIP, character_table
from dedup.text.markup import construct, entity, link_end
from dedup.text.tokens import READINGS
from dedup.text.walking import HTML, PLAIN
from dedup.text.word_hashes import utf8_byte, utf8_size


def readable(text: str, start: int, end: int, text_as: str = "auto") -> str | None:
    """Return the characters ``start:end`` of a text without their markup; None if they contain none.

    Parameters
    ----------
    text : str
        The whole text, as it was given.
    start, end : int
        Half-open, in characters.
    text_as : {"auto", "plain", "html"}
        As for `dedup.text.tokens.tokenise`.

    Examples
    --------
    >>> readable("<p>The coun<b>cil</b> met &amp; left.</p>", 3, 37)
    'The council met & left.'
    >>> readable("The [council](https://council.example) met.", 0, 43)
    'The council met.'
    >>> readable("The council met.", 0, 16) is None
    True
    """
    reading = READINGS[text_as]
    if reading == PLAIN:
        return None
    span = text[start:end].encode("utf-8", "surrogatepass")
    before = np.frombuffer(text[:start].encode("utf-8", "surrogatepass"), np.uint8)
    is_html = reading == HTML or bool(_has_tag(before, character_table()))
    data = np.frombuffer(span, np.uint8)
    out = np.empty(2 * len(data) + 8, np.uint8)
    length, changed = _without_markup(data, character_table(), is_html, out)
    if not changed:
        return None
    lines = out[:length].tobytes().decode("utf-8", "surrogatepass").split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


@nb.njit(nogil=True, cache=True)
def _has_tag(data, table):  # type: ignore[no-untyped-def]
    """Whether a tag with a known name is in a text."""
    i = 0
    while i < len(data):
        width = 1
        if data[i] == 60:
            _, width, _, found = construct(data, i, len(data), table, False)
            if found:
                return True
        i += width
    return False


@nb.njit(nogil=True, cache=True)
def _without_markup(data, table, is_html, out):  # type: ignore[no-untyped-def]
    """Copy everything but markup to `out`; return the number of bytes, and whether anything was left out."""
    i, length, changed = 0, 0, False
    while i < len(data):
        byte = data[i]
        if byte in (60, 38, 93, 33):
            kind, width, _, is_html = construct(data, i, len(data), table, is_html)
            if width > 1:
                changed = True
                if byte == 38:
                    point = np.uint32(entity(data, i, len(data))[0])
                    for number in range(utf8_size(point)):
                        out[length] = utf8_byte(point, number)
                        length += 1
                elif kind == NEWLINE or kind >= BLOCKQUOTE:
                    out[length] = 10
                    length += 1
                elif kind != SKIP and byte == 60:
                    out[length] = 32
                    length += 1
                i += width
                continue
        if byte == 91 and _begins_link(data, i):
            changed = True
        else:
            out[length] = byte
            length += 1
        i += 1
    return length, changed


@nb.njit(nogil=True, cache=True)
def _begins_link(data, i):  # type: ignore[no-untyped-def]
    """Whether the bracket at byte `i` begins the text of a Markdown link."""
    j = i + 1
    while j < len(data) and j < i + 1024 and data[j] not in (93, 10):
        j += 1
    return j < len(data) and link_end(data, j, len(data)) > 0
