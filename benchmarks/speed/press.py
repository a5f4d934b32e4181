"""Prints the articles of a plan, and the truth about what is planted in them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit
from stories import KINDS, PARTIAL, SMALL, WHOLE, Plan
from typecase import BORDER, COMMA, DASH, FIRST, FULL_STOP, SPACE, UNQUOTE, Ints32, TypeCase
from vocabulary import (
    AGENCIES,
    CITIES,
    CREDITS,
    QUANTILES,
    TOPIC_UNITS,
    TOPICS,
    Ints,
    Keys,
    Language,
    draw,
    mix,
    source_names,
)

Bools = npt.NDArray[np.bool_]
BLOCK = 512  # articles; larger and smaller blocks were slower
FIRST_DAY = np.datetime64("2026-01-01T00:00:00", "s")
TOPIC_SHARE = 0.05  # of the units come from the topic's own
BETWEEN = np.array([SPACE] * 29 + [COMMA] * 2 + [DASH])


TRUTH = pa.schema(
    [
        ("id", pa.string()),
        ("story", pa.int64()),
        ("kind", pa.string()),
        ("edited", pa.float64()),
        ("words", pa.int64()),
        ("share", pa.float64()),
        ("start", pa.int64()),
        ("end", pa.int64()),
    ]
)


class Press:
    """Prints the articles of a plan, block by block, as JSON lines.

    Every text is a list of items (units, capitalised units, separators, standing lines …) that stand in one
    table; a block of articles is put together as one array of places in it, and printed by one gathering of
    bytes that are escaped as JSON already.
    """

    def __init__(self, layout: Plan) -> None:
        self.plan = layout
        self.own, self.common = layout.streams()
        self.language = Language.create()
        self.words = np.diff(self.language.starts)
        self.upper = len(self.language.units)
        self.sources = source_names()
        self.case = TypeCase.fill()
        self.places = self.case.places

    def blocks(self) -> Iterator[tuple[bytes, pa.Table]]:
        """Yield the lines of some hundred articles at a time, and their rows of the truth."""
        for low in range(0, self.plan.story.size, BLOCK):
            rows = np.arange(low, min(low + BLOCK, self.plan.story.size))
            # Edited articles are taken apart into words, which is slow: the others are spared it.
            edited = self.plan.step[rows] > 0
            texts: dict[int, bytes] = {}
            found = [self._print(part, texts) for part in (rows[~edited], rows[edited]) if part.size]
            yield self._lines(rows, texts), pa.concat_tables(found).sort_by("id")

    def _print(self, rows: Ints, texts: dict[int, bytes]) -> pa.Table:
        """Put the texts of `rows` into `texts`; return their truth."""
        article, key, in_story = self._sentences(rows)
        separator, unit, owner, planted = self._units(rows, article, key, in_story)
        if self.plan.step[rows[0]]:
            separator, unit, owner, planted = self._edit(rows, separator, unit, owner, planted)
        items, place, offsets = self._items(rows, separator, unit, owner)
        printed, ends = _gather(self.case.blob, self.case.at[items], self.case.size[items])
        bounds = pairwise([0, *ends[offsets[1:] - 1].tolist()])
        texts.update((row, printed[a:b].tobytes()) for row, (a, b) in zip(rows.tolist(), bounds, strict=True))
        return self._truth(rows, unit, owner, planted, place, np.cumsum(self.case.length[items]), offsets)

    def _sentences(self, rows: Ints) -> tuple[Ints, Keys, Bools]:
        """One item a sentence: its article (from 0 in the block), its key, and whether it is planted."""
        own, common = self.own[rows], self.common[rows]
        story, kind = self.plan.story[rows] >= 0, self.plan.kind[rows]
        whole = story & (kind == WHOLE)
        stream = np.where(whole, common, own)
        count = 6 + draw(stream, 41, 10) + draw(stream, 42, 10)
        cut = np.where(kind == PARTIAL, 3 + draw(common, 43, 2), 1 + (draw(common, 43, 4) == 0))
        # Percent of the article that the planted sentences shall be.
        wanted = np.where(kind == PARTIAL, 17 + draw(own, 44, 11), 4 + draw(own, 44, 5))
        count = np.where(story & ~whole, cut * 100 // wanted, count)
        cut = np.where(whole, count, np.where(story, cut, 0))
        at = draw(own, 45, count - cut + 1)
        article = np.repeat(np.arange(rows.size), count)
        place = np.arange(article.size) - np.repeat(np.cumsum(count) - count, count)
        shift = place - at[article]
        planted = (shift >= 0) & (shift < cut[article])
        stream = np.where(planted, common[article], own[article])
        return article, mix(stream + np.where(planted, shift, place).astype(np.uint64), 46), planted

    def _units(self, rows: Ints, article: Ints, key: Keys, planted: Bools) -> tuple[Ints, Ints, Ints, Bools]:
        """One item a unit: what stands before it, the unit, its article, and whether it is planted."""
        long = planted & (self.plan.kind[rows] == SMALL)[article]
        count = 8 + draw(key, 51, 9) + 6 * long
        quoted = draw(key, 52, 8) == 0
        habit = np.ones_like(rows) if self.plan.bare else 1 + self.plan.source[rows] % 3
        start = np.append(True, article[1:] != article[:-1])
        place = np.arange(article.size) - np.maximum.accumulate(np.where(start, np.arange(article.size), 0))
        border = BORDER + 2 * (place % habit[article] == 0) + quoted
        border[start] = FIRST + quoted[start]

        sentence = np.repeat(np.arange(key.size), count)
        within = np.arange(sentence.size) - np.repeat(np.cumsum(count) - count, count)
        # One hash a unit; each choice takes bits of its own.
        keys = mix(key[sentence] + within.astype(np.uint64), 53).view(np.int64)
        unit = self.language.quantiles[keys >> 43 & QUANTILES - 1]
        stream = np.where(planted, self.common[rows][article], self.own[rows][article])
        last = self.upper - 1 - draw(stream, 55, TOPICS) * TOPIC_UNITS
        topical = np.flatnonzero((keys & 1023) < TOPIC_SHARE * 1024)
        unit[topical] = last[sentence[topical]] - ((keys[topical] >> 10 & 1023) * TOPIC_UNITS >> 10)
        separator = BETWEEN[keys >> 20 & 31]
        separator[quoted[sentence] & (within == count[sentence] - 3)] = UNQUOTE
        opens = within == 0
        separator[opens] = border
        return separator, unit + self.upper * opens, article[sentence], planted[sentence]

    def _edit(
        self, rows: Ints, separator: Ints, unit: Ints, owner: Ints, planted: Bools
    ) -> tuple[Ints, Ints, Ints, Bools]:
        """Take the planted units of edited articles apart into words; change one word in every `step`."""
        step = np.where(planted, self.plan.step[rows][owner], 0)
        base = np.where(unit < self.upper, unit, unit - self.upper)
        count = np.where(step > 0, self.words[base], 1)
        whole = np.repeat(np.arange(unit.size), count)
        within = np.arange(whole.size) - np.repeat(np.cumsum(count) - count, count)
        step, owner, planted = step[whole], owner[whole], planted[whole]
        members = self.language.members[self.language.starts[base[whole]] + within]
        capital = (unit >= self.upper)[whole] & (within == 0)
        separator = np.where(within == 0, separator[whole], SPACE)
        unit = np.where(step > 0, members + self.upper * capital, unit[whole])

        edited = step > 0
        word = np.cumsum(edited) - 1
        before = np.append(0, np.cumsum(np.bincount(owner, edited, rows.size).astype(np.int64)))[:-1]
        word -= before[owner]
        stride = np.maximum(step, 1)
        keys = mix(self.own[rows][owner] + (word // stride).astype(np.uint64), 61)
        hit = edited & (word % stride == draw(keys, 62, stride))
        # Only a word amid a sentence is dropped: the borders of sentences stay.
        way = np.where(separator == SPACE, draw(keys, 63, 3), 0)
        new = self.language.quantiles[draw(keys, 64, QUANTILES)] % self.language.words
        unit = np.where(hit & (way == 0), new + self.upper * capital, unit)
        copies = np.where(hit & (way == 1), 0, np.where(hit & (way == 2), 2, 1))
        again = np.repeat(np.arange(unit.size), copies)
        added = np.append(False, again[1:] == again[:-1])
        unit = np.where(added, new[again], unit[again])
        return np.where(added, SPACE, separator[again]), unit, owner[again], planted[again]

    def _items(self, rows: Ints, separator: Ints, unit: Ints, owner: Ints) -> tuple[Ints, Ints, Ints]:
        """Set the block: the items of all articles, the place of each unit, and where each article begins.

        An article is a menu, a dateline, its units with their separators, a full stop, a credit and the lines
        below; what it lacks is the empty item. Most separators are a space, which is part of the unit's item.
        """
        typed = self.plan.source[rows] % 5 < 3 if not self.plan.bare else np.zeros(rows.size, bool)
        separators = np.where(typed, self.places["typed"], self.places["separators"])
        spaced = separator == SPACE
        sizes = np.where(spaced, 1, 2)
        lengths = np.bincount(owner, sizes, rows.size).astype(np.int64) + 5
        offsets = np.append(0, np.cumsum(lengths))
        items = np.full(int(offsets[-1]), self.places["separators"] + FIRST)
        place = np.cumsum(sizes) - 1 + 5 * owner + 2
        items[place] = np.where(spaced, unit + 2 * self.upper, unit)
        marked = np.flatnonzero(~spaced)
        items[place[marked] - 1] = separators[owner[marked]] + separator[marked]
        items[offsets[1:] - 3] = separators + FULL_STOP
        if self.plan.everywhere:
            items[offsets[1:] - 2] = self.places["shared"]
        if not self.plan.bare:
            own, source = self.own[rows], self.plan.source[rows]
            standing = (source % 2 == 0) & (draw(own, 71, 3) > 0)
            wired = draw(own, 72, 4) == 0
            credited = (draw(own, 73, 5) == 0) & (not self.plan.everywhere)
            dateline = self.places["datelines"] + draw(own, 74, len(CITIES) * len(AGENCIES))
            credit = self.places["credits"] + draw(own, 75, len(CREDITS) * len(AGENCIES))
            for where, to, item in (
                (standing, offsets[:-1], self.places["tops"] + source),
                (wired, offsets[:-1] + 1, dateline),
                (credited, offsets[1:] - 2, credit),
                (standing, offsets[1:] - 1, self.places["bottoms"] + source),
            ):
                items[to[where]] = item[where]
        return items, place, offsets

    def _truth(
        self, rows: Ints, unit: Ints, owner: Ints, planted: Bools, item: Ints, ends: Ints, offsets: Ints
    ) -> pa.Table:
        """The planted text of each article of a story.

        The unit at place p is the item ``item[p]``; items end at the characters `ends` of the block.
        """
        told = np.flatnonzero((self.plan.story[rows] >= 0)[owner])
        unit, owner, planted, item = unit[told], owner[told], planted[told], item[told]
        words = self.words[np.where(unit < self.upper, unit, unit - self.upper)]
        body = np.bincount(owner, words, rows.size)
        mine = np.bincount(owner, words * planted, rows.size).astype(np.int64)
        at = np.flatnonzero(planted)
        who, low = np.unique(owner[at], return_index=True)
        high = np.searchsorted(owner[at], who, side="right") - 1
        first, last = item[at[low]], item[at[high]]
        origin = np.append(0, ends)[offsets[who]]
        step = self.plan.step[rows[who]]
        columns = [
            [name(number) for number in rows[who].tolist()],
            self.plan.story[rows[who]],
            [KINDS[kind] for kind in self.plan.kind[rows[who]].tolist()],
            np.where(step > 0, 1 / np.maximum(step, 1), 0.0),
            mine[who],
            np.round(mine[who] / body[who], 4),
            ends[first - 1] - origin,
            ends[last] - origin,
        ]
        return pa.table(columns, schema=TRUTH)

    def _lines(self, rows: Ints, texts: dict[int, bytes]) -> bytes:
        """The articles as JSON lines."""
        in_story = self.plan.story[rows] >= 0
        nearest = np.where(in_story, self.common[rows], self.own[rows])
        streams = np.where(self.plan.kind[rows] == WHOLE, nearest, self.own[rows])
        keys = mix(np.repeat(streams, 4) + np.tile(np.arange(4, dtype=np.uint64), rows.size), 81)
        titles = self.language.quantiles[draw(keys, 82, QUANTILES)].reshape(-1, 4).tolist()
        # The articles of a story follow one another within hours.
        minute = draw(nearest, 83, 28 * 1440) + self.plan.member[rows] * draw(self.own[rows], 84, 60)
        published = np.datetime_as_string(FIRST_DAY + minute.astype("timedelta64[m]"), unit="s").tolist()
        sources = [self.sources[source] for source in self.plan.source[rows].tolist()]
        units, printed = self.language.units, []
        for row, source, words, moment in zip(rows.tolist(), sources, titles, published, strict=True):
            title = " ".join([units[unit] for unit in words])
            title = title[0].upper() + title[1:]
            head = f'{{"id":"{name(row)}","source":"{source}","title":"{title}","published":"{moment}Z"'
            printed += [head.encode(), b',"language":"en","text":"', texts[row], b'"}\n']
        return b"".join(printed)


@njit(cache=True)
def _gather(blob: npt.NDArray[np.uint8], at: Ints32, size: Ints32) -> tuple[npt.NDArray[np.uint8], Ints]:
    """Put ``blob[at : at + size]`` of all items behind one another; return the bytes and the items' ends."""
    ends = np.cumsum(size.astype(np.int64))
    printed = np.empty(ends[-1], np.uint8)
    for item in range(at.size):
        # Unsigned places spare the check for negative ones: twice as fast.
        start, source = np.uint64(ends[item] - size[item]), np.uint64(at[item])
        for place in range(np.uint64(size[item])):
            printed[start + place] = blob[source + place]
    return printed, ends


def name(number: int) -> str:
    """The id of an article."""
    return f"a{number:07d}"
