"""What a run says about its articles, as Arrow batches and as records made from them.

A new field of `dedup.results.ArticleSummary` is derived here: from a column of
`dedup.stories.standing.Standing`, or from the articles themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.cleaning.credits import FORMS, KINDS, MENTION, METADATA
from dedup.report.derived import Derived, named, nested
from dedup.report.findings import Findings
from dedup.report.sentence import Said, sentence
from dedup.results import ArticleSummary, Credit, Part, Supplier
from dedup.schemas import schema_of
from dedup.stories import suppliers as stages
from dedup.stories.suppliers import OwnCredit, bits_of, credited_first, own_credits, state_of

_SUPPLIERS, _PARTS = (schema_of(ArticleSummary).field(name).type for name in ("suppliers", "parts"))


@dataclass(frozen=True)
class ArticleRows:
    """The articles ``start:end`` of a run."""

    found: Findings
    start: int
    end: int

    @property
    def rows(self) -> slice:
        return slice(self.start, self.end)

    @cached_property
    def credits(self) -> pa.ListArray:
        """The credits of each article with their words, as the column of that name."""
        credits_ = self.found.corpus.credits
        bounds = credits_.offsets[self.start : self.end + 1]
        rows = slice(int(bounds[0]), int(bounds[-1]))
        form, whole = credits_.form[rows], credits_.whole[rows]
        beside = pa.array(form == METADATA)
        vouches = named(np.where(form == MENTION, -1, whole), ["part", "whole"])
        kind = schema_of(ArticleSummary).field("credits").type
        columns = {
            "name": credits_.name.slice(rows.start, rows.stop - rows.start),
            "kind": named(credits_.kind[rows], KINDS),
            "state": named(form == MENTION, ["credited", "named"]),
            "form": named(form, FORMS),
            "vouches": vouches,
            "start": pa.array(credits_.start[rows], mask=np.asarray(beside)),
            "end": pa.array(credits_.end[rows], mask=np.asarray(beside)),
            "text": self._words_of(rows, np.repeat(np.arange(self.start, self.end), np.diff(bounds))),
        }
        fields = [columns[field.name].cast(field.type) for field in kind.value_type]
        structs = pa.StructArray.from_arrays(fields, fields=list(kind.value_type))
        return pa.ListArray.from_arrays(pa.array(bounds - rows.start, pa.int32()), structs, type=kind)

    def _words_of(self, rows: slice, articles: NDArray[np.int64]) -> pa.StringArray:
        """Return the words of each credit, from its article's text or from a field beside it."""
        credits_, corpus = self.found.corpus.credits, self.found.corpus
        starts, ends = credits_.start[rows], credits_.end[rows]
        beside = credits_.form[rows] == METADATA
        within = corpus.excerpts(articles[~beside], starts[~beside], ends[~beside])
        if not beside.any():
            return within
        texts = np.empty(len(beside), object)
        texts[~beside] = within.to_pylist()
        lines = corpus.metadata("credit_lines", self.start, self.end).to_pylist()
        for place in np.flatnonzero(beside).tolist():
            texts[place] = (lines[articles[place] - self.start] or "")[starts[place] : ends[place]]
        return pa.array(texts, pa.string())

    @cached_property
    def _credit_records(self) -> list[tuple[Credit, ...]]:
        """The credits of each article as records."""
        column = self.credits
        names = [field.name for field in column.type.value_type]
        values = zip(*(field.to_pylist() for field in column.values.flatten()), strict=True)
        records = [Credit(**dict(zip(names, each, strict=True))) for each in values]
        return [tuple(records[low:high]) for low, high in pairwise(column.offsets.to_pylist())]

    @cached_property
    def parts(self) -> list[tuple[Part, ...]]:
        """The copied words of each article, grouped into parts, largest first."""
        shared, words = self.found.standing.shared, self.found.lengths[self.rows].tolist()
        bounds = shared.part_offsets[self.start : self.end + 1].tolist()
        first, last = bounds[0], bounds[-1]
        earliest = self.found.ids(shared.part_first[first:last]).to_pylist()
        counts, others = shared.part_words[first:last].tolist(), shared.part_others[first:last].tolist()
        made: list[tuple[Part, ...]] = []
        for row, (low, high) in enumerate(pairwise(bounds)):
            if low == high:
                made.append(())
                continue
            suppliers = [each.name for each in self.suppliers[row]]
            parts = []
            for part in range(low, high):
                names = [self._supplier(bit).name for bit in self._part_suppliers[part - first]]
                parts.append(
                    Part(
                        words=counts[part - first],
                        share=counts[part - first] / max(words[row], 1),
                        supplier=next((name for name in suppliers if name in names), None),
                        earliest=earliest[part - first],
                        others=others[part - first],
                    )
                )
            made.append(tuple(sorted(parts, key=lambda part: (-part.words, part.supplier or ""))))
        return made

    @cached_property
    def suppliers(self) -> list[tuple[Supplier, ...]]:
        """The suppliers whose copy each article is, the one with most words first."""
        shared, words = self.found.standing.shared, self.found.lengths[self.rows].tolist()
        bounds = shared.part_offsets[self.start : self.end + 1].tolist()
        own = own_credits(self.found.corpus.credits, self.start, self.end)
        first, last = bounds[0], bounds[-1]
        counts = shared.part_words[first:last].tolist()
        made: list[tuple[Supplier, ...]] = []
        for row, (low, high) in enumerate(pairwise(bounds)):
            if low == high:
                made.append(())
                continue
            total: Counter[int] = Counter()
            for part in range(low - first, high - first):
                for bit in self._part_suppliers[part]:
                    total[bit] += counts[part]
            counted = {self._supplier(bit): count for bit, count in total.items()}
            made.append(stages.told(counted, words[row], partial(self._state, row=row, own=own[row])))
        return made

    def _state(self, supplier: stages.Supplier, row: int, own: list[OwnCredit]) -> str:
        if self._by_source[row] == supplier:
            return "credited"  # it is the supplier's own article
        return state_of(supplier, own)

    @cached_property
    def _by_source(self) -> list[stages.Supplier | None]:
        """The supplier that the source of each article is, if it is one."""
        corpus = self.found.corpus
        numbers, names = corpus.sources[self.rows].tolist(), corpus.source_names
        told = {each: stages.supplier_of_source(names[each], corpus.outlets) for each in set(numbers)}
        return [told[number] for number in numbers]

    @cached_property
    def _part_suppliers(self) -> list[list[int]]:
        """The suppliers of each part of the articles, by their numbers."""
        shared = self.found.standing.shared
        first, last = shared.part_offsets[[self.start, self.end]].tolist()
        known: dict[bytes, list[int]] = {}
        made = []
        for words in shared.part_suppliers[first:last]:
            key = words.tobytes()
            if key not in known:
                known[key] = bits_of(words)
            made.append(known[key])
        return made

    def _supplier(self, bit: int) -> stages.Supplier:
        return self.found.suppliers.each[bit]

    @cached_property
    def agency(self) -> tuple[pa.StringArray, NDArray[np.bool_]]:
        """Who supplied each article, by its passages or else its credits, and whether it says so."""
        own = credited_first(self.found.corpus.credits, self.start, self.end)
        credited = own >= 0
        names = self.found.corpus.credits.name.take(pa.array(own, mask=~credited)).to_pylist()
        for row, suppliers in enumerate(self.suppliers):
            # A feed without a name says nothing of who supplied it, however much it supplied.
            named = (each for each in suppliers if each.kind in ("agency", "feed") and each.name is not None)
            first = next(named, None)
            if first is not None:
                names[row], credited[row] = first.name, first.state == "credited"
        return pa.array(names, pa.string()), credited

    def sentences(self) -> list[str | None]:
        standing, corpus, rows = self.found.standing, self.found.corpus, self.rows
        earliest = standing.shared.earliest[rows].tolist()
        moments, names = corpus.published.astype("datetime64[us]"), corpus.source_names
        published, credits_ = moments[rows].tolist(), self._credit_records
        columns = zip(
            range(self.start, self.end),
            self.found.lengths[rows].tolist(),
            standing.copied[rows].tolist(),
            standing.passages[rows].tolist(),
            standing.shared.others[rows].tolist(),
            self.suppliers,
            earliest,
            strict=True,
        )
        return [
            sentence(
                Said(
                    *(words, copied, passages, others, suppliers, credits_[row - self.start]),
                    None if first < 0 else (names[corpus.sources[first]], moments[first].item()),
                    first == row,
                    corpus.outlets,
                    published[row - self.start],
                    self._contributed(row),
                )
            )
            if passages
            else None
            for row, words, copied, passages, others, suppliers, first in columns
        ]

    def _contributed(self, row: int) -> tuple[str, str] | None:
        """Return a supplier that contributed to another version of the article, and that version's source."""
        found = self.found.contributed.get(row)
        corpus = self.found.corpus
        return found and (found[0], corpus.source_names[corpus.sources[found[1]]])

    def furniture(self) -> NDArray[np.float64]:
        words = np.diff(self.found.corpus.offsets[self.start : self.end + 1])
        return np.asarray(1.0 - self.found.lengths[self.rows] / np.maximum(words, 1)) * (words > 0)

    def story(self) -> pa.StringArray:
        stories = self.found.stories
        number = stories.of_article[self.rows]
        return self.found.ids(np.where(number >= 0, stories.firsts[number], -1) if len(stories) else number)

    def stories(self) -> pa.ListArray:
        """Return all stories of each article: its own, or those of a digest."""
        own, of_digests = self.story(), self.found.stories_of_digests
        counts = np.asarray(own.is_valid()).astype(np.int64)
        for row in of_digests:
            if self.start <= row < self.end and not counts[row - self.start]:
                rows = enumerate(own.to_pylist(), self.start)
                return pa.array([of_digests.get(row, []) if name is None else [name] for row, name in rows])
        return pa.ListArray.from_arrays(pa.array(np.cumsum([0, *counts]), pa.int32()), own.drop_null())

    def roles(self) -> pa.StringArray:
        label = self.found.stories.of_article[self.rows]
        origin = np.zeros(len(self.found.lengths), np.bool_)
        origin[self.found.origins] = True
        said = np.where(label >= 0, np.where(origin[self.rows], 0, 1), -1)
        return named(np.where(self.found.digest[self.rows], 2, said), ["origin", "version", "digest"])


def _moments(times: NDArray[np.datetime64]) -> pa.Array:
    return pa.array(times.astype("datetime64[us]")).cast(pa.timestamp("us", tz="UTC"))


ARTICLES: Derived[ArticleRows, ArticleSummary] = Derived(
    ArticleSummary,
    {
        "id": lambda each: each.found.corpus.ids.slice(each.start, each.end - each.start),
        "source": lambda each: named(each.found.corpus.sources[each.rows], each.found.corpus.source_names),
        "title": lambda each: each.found.corpus.metadata("title", each.start, each.end),
        "url": lambda each: each.found.corpus.metadata("url", each.start, each.end),
        "published": lambda each: _moments(each.found.corpus.published[each.rows]),
        "published_precision": lambda each: each.found.corpus.metadata(
            "published_precision", each.start, each.end
        ),
        "published_zone": lambda each: each.found.corpus.metadata("published_zone", each.start, each.end),
        "words": lambda each: each.found.lengths[each.rows],
        "copied": lambda each: each.found.standing.copied[each.rows],
        "quoted": lambda each: each.found.standing.quoted[each.rows],
        "own": lambda each: np.maximum(
            1.0 - each.found.standing.copied[each.rows] - each.found.standing.quoted[each.rows], 0.0
        ),
        "furniture": ArticleRows.furniture,
        "agency": lambda each: each.agency[0],
        "credited": lambda each: each.agency[1],
        "suppliers": lambda each: nested(_SUPPLIERS, each.suppliers),
        "credits": lambda each: each.credits,
        "sentence": ArticleRows.sentences,
        "passages": lambda each: each.found.standing.passages[each.rows],
        "others": lambda each: each.found.standing.shared.others[each.rows],
        "earliest": lambda each: each.found.ids(each.found.standing.shared.earliest[each.rows]),
        "parts": lambda each: nested(_PARTS, each.parts),
        "story": ArticleRows.story,
        "stories": ArticleRows.stories,
        "role": ArticleRows.roles,
    },
)
