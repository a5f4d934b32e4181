"""HTML and Markdown within a text: tags and addresses are skipped, entities count as their character.

Nothing is copied: the reading of a tag or an entity is decided where it begins, so places stay those of the
text as it was given. A tag is recognised by its name. After the first of these in an article, anything that
looks like a tag is one. So no article has to be examined beforehand.
"""

from __future__ import annotations

import numba as nb
import numpy as np

from dedup.text.characters import (
    BLOCKQUOTE,
    BREAK,
    FIRST_INVISIBLE,
    LAST_INVISIBLE,
    PRIME_OPEN,
    SKIP,
    STOP,
    TABLE_SIZE,
)
from dedup.text.markup_names import C1, ENTITY_KEYS, ENTITY_POINTS, PASS, SLOTS, TAG_KEYS, TAG_KINDS

#: A longer value or element is taken as one that was not closed.
_LONGEST_VALUE, _LONGEST_ELEMENT = 1 << 16, 1 << 18


@nb.njit(nogil=True, cache=True)
def construct(data, i, stop, table, is_html):  # type: ignore[no-untyped-def]
    """Read what begins with <, &, ] or ! at byte `i`.

    It may be a tag, an entity, the end of a Markdown link, an image, or an ordinary sign. Returns the entry
    that it counts as, its number of bytes and of characters, and whether the article is then known to be
    HTML.
    """
    byte = data[i]
    if byte == 60:
        kind, end = tag(data, i, stop, not is_html)
        if kind >= 0:
            return np.uint32(kind), end - i, characters_in(data, i, end), True
    elif byte == 38:
        point, end = entity(data, i, stop)
        if point >= 0:
            return entity_kind(point, table), end - i, end - i, is_html
    else:
        end = link_end(data, i, stop) if byte == 93 else image_end(data, i, stop)
        if end > 0:
            return np.uint32(BREAK), end - i, characters_in(data, i, end), is_html
    return np.uint32(STOP if byte == 33 else BREAK), 1, 1, is_html


@nb.njit(nogil=True, cache=True)
def tag(data, i, stop, known):  # type: ignore[no-untyped-def]
    """Return what the tag at byte `i` counts as (-1 if it is not a tag), and the byte after it.

    `known`: only tags with known names are tags.
    """
    j = i + 1
    if j >= stop:
        return -1, i
    if data[j] == 33 or data[j] == 63:  # <!-- -->, <!DOCTYPE>, <?xml?>
        if j + 2 < stop and data[j + 1] == 45 and data[j + 2] == 45:
            end = _find_comment_end(data, j + 3, stop)
            return (BREAK, end) if end > 0 else (-1, i)
        if known and not (j + 1 < stop and (data[j + 1] | 32) in (100, 120, 91)):
            return -1, i
        end = _find(data, j, stop, 62)
        return (BREAK, end) if end > 0 else (-1, i)
    closing = data[j] == 47
    if closing:
        j += 1
    first, name = j, np.uint64(0)
    while j < stop and _is_name(data[j]):
        small = data[j] | 32 if 65 <= data[j] < 91 else data[j]
        name = name * np.uint64(257) + np.uint64(small)
        j += 1
    if j == first or j >= stop or not (data[j] == 62 or data[j] == 47 or data[j] <= 32):
        return -1, i
    found = np.int64(_look_up(name, TAG_KEYS, TAG_KINDS))
    if found == 0 and known:
        return -1, i
    end = _tag_end(data, j, stop)
    if end < 0:
        return -1, i
    kind = found - 1 if found else BREAK
    if kind == PASS:
        if closing or data[end - 2] == 47:
            return BREAK, end
        behind = _element_end(data, end, stop, data[first:j])
        return BREAK, behind if behind > 0 else end
    if closing and (kind in (PRIME_OPEN, BLOCKQUOTE)):
        kind += 1
    return kind, end


@nb.njit(nogil=True, cache=True)
def entity(data, i, stop):  # type: ignore[no-untyped-def]
    """Return the code point of the entity at byte `i` (-1 if it is not one), and the byte after it."""
    j, end = i + 1, min(stop, i + 34)
    value = np.uint64(0)
    if j < end and data[j] == 35:
        j += 1
        hexadecimal = j < end and data[j] | 32 == 120
        j += hexadecimal
        first = j
        while j < end and data[j] != 59:
            digit = _digit(data[j])
            if digit < 0 or (digit > 9 and not hexadecimal) or j - first > 7:
                return -1, i
            value = value * np.uint64(16 if hexadecimal else 10) + np.uint64(digit)
            j += 1
        if j == first or j >= end or value > 0x10FFFF or value == 0:
            return -1, i
        point = np.int64(value)
        return np.int64(C1[point - 128]) if 128 <= point < 160 else point, j + 1
    while j < end and _is_name(data[j]) and data[j] != 45 and data[j] != 58:
        value = value * np.uint64(257) + np.uint64(data[j])
        j += 1
    if j == i + 1 or j >= end or data[j] != 59:
        return -1, i
    point = np.int64(_look_up(value, ENTITY_KEYS, ENTITY_POINTS))
    return (point, j + 1) if point else (-1, i)


@nb.njit(nogil=True, cache=True)
def link_end(data, i, stop):  # type: ignore[no-untyped-def]
    """Return the byte after the address of a Markdown link if `](address)` begins at byte `i`, else -1."""
    if i + 3 >= stop or data[i] != 93 or data[i + 1] != 40:
        return -1
    if not (
        _begins(data, i + 2, stop, 104)
        or data[i + 2] == 47
        or data[i + 2] == 35
        or _begins(data, i + 2, stop, 109)
    ):
        return -1
    j, depth = i + 2, np.int64(1)
    while j < stop and j < i + 4096 and data[j] != 10:
        depth += np.int64(data[j] == 40) - np.int64(data[j] == 41)
        j += 1
        if depth == 0:
            return j
    return -1


@nb.njit(nogil=True, cache=True)
def image_end(data, i, stop):  # type: ignore[no-untyped-def]
    """Return the byte after a Markdown image if `![caption](address)` begins at byte `i`, else -1."""
    if i + 4 >= stop or data[i + 1] != 91:
        return -1
    j = i + 2
    while j < stop and j < i + 1024 and data[j] != 93 and data[j] != 10:
        j += 1
    return link_end(data, j, stop) if j < stop else -1


@nb.njit(nogil=True, cache=True)
def characters_in(data, i, end):  # type: ignore[no-untyped-def]
    """Count the characters that begin in these bytes."""
    count = 0
    for place in range(i, end):
        count += (data[place] & 0xC0) != 0x80
    return count


@nb.njit(nogil=True, cache=True)
def entity_kind(point, table):  # type: ignore[no-untyped-def]
    """Return the table's entry for a code point that an entity named."""
    if point < TABLE_SIZE:
        return table.kinds[point]
    return np.uint32(SKIP if FIRST_INVISIBLE <= point <= LAST_INVISIBLE else BREAK)


@nb.njit(nogil=True, cache=True, inline="always")
def _is_name(byte):  # type: ignore[no-untyped-def]
    return 97 <= byte < 123 or 65 <= byte < 91 or 48 <= byte < 59 or byte == 45


@nb.njit(nogil=True, cache=True)
def _digit(byte):  # type: ignore[no-untyped-def]
    if 48 <= byte < 58:
        return np.int64(byte) - 48
    small = np.int64(byte) | 32
    return small - 87 if 97 <= small < 103 else -1


@nb.njit(nogil=True, cache=True)
def _begins(data, i, stop, byte):  # type: ignore[no-untyped-def]
    """Whether an address with a scheme begins here: http:, https:, mailto:."""
    j = i
    while j < stop and j < i + 8 and 97 <= data[j] | 32 < 123:
        j += 1
    return data[i] | 32 == byte and j - i >= 4 and j < stop and data[j] == 58


@nb.njit(nogil=True, cache=True)
def _look_up(name, keys, numbers):  # type: ignore[no-untyped-def]
    slot = np.int64(name % np.uint64(SLOTS))
    while keys[slot] != 0:
        if keys[slot] == name:
            return numbers[slot]
        slot = (slot + 1) % SLOTS
    return np.uint32(0)


@nb.njit(nogil=True, cache=True)
def _find(data, i, stop, byte):  # type: ignore[no-untyped-def]
    for j in range(i, min(stop, i + _LONGEST_VALUE)):
        if data[j] == byte:
            return j + 1
    return -1


@nb.njit(nogil=True, cache=True)
def _tag_end(data, i, stop):  # type: ignore[no-untyped-def]
    """Return the byte after the tag's >, which may occur within a quoted value; -1 if there is none."""
    j = i
    while j < stop:
        byte = data[j]
        if byte == 62:
            return j + 1
        if byte == 60:
            break
        j += 1
        if byte == 61 and j < stop and (data[j] == 34 or data[j] == 39):
            behind = _find(data, j + 1, stop, data[j])
            if behind < 0:
                break
            j = behind
    return _find(data, i, stop, 62)


@nb.njit(nogil=True, cache=True)
def _find_comment_end(data, i, stop):  # type: ignore[no-untyped-def]
    for j in range(i, min(stop, i + _LONGEST_ELEMENT) - 2):
        if data[j + 2] == 62 and data[j] == 45 and data[j + 1] == 45:
            return j + 3
    return -1


@nb.njit(nogil=True, cache=True)
def _element_end(data, i, stop, name):  # type: ignore[no-untyped-def]
    """Return the byte after the end tag of an element with this name; -1 if it is not closed."""
    for j in range(i, min(stop, i + _LONGEST_ELEMENT) - len(name) - 2):
        if data[j] == 60 and data[j + 1] == 47:
            equal = True
            for k in range(len(name)):
                equal &= data[j + 2 + k] | 32 == name[k] | 32
            if equal:
                return _find(data, j + 2, stop, 62)
    return -1
