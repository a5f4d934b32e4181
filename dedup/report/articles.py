"""What a run says of its articles, as Arrow batches; and records made of them.

A new field of `dedup.results.ArticleSummary` gets its derivation here: from a column of
`dedup.stories.standing.Standing`, or of the articles themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.report.derived import Derived, named
from dedup.report.findings import Findings
from dedup.report.sentence import Said, sentence
from dedup.results import ArticleSummary, Credit, Part, Supplier
from dedup.stories import suppliers as stages
from dedup.stories.suppliers import OwnCredit, bits_of, own_credits, state_of


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
    def own_credits(self) -> list[list[OwnCredit]]:
        return own_credits(self.found.corpus.credits, self.start, self.end)

    @cached_property
    def credits(self) -> list[tuple[Credit, ...]]:
        """The credits of each article, with their words."""
        own = self.own_credits
        in_fields = self._in_fields(own)
        every = [
            (self.start + row, each.start, each.end)
            for row, of in enumerate(own)
            for each in of
            if not each.beside
        ]
        places = np.array(every, np.int64).reshape(-1, 3).T
        texts = iter(self.found.corpus.excerpts(*places).to_pylist() if every else [])
        return [
            tuple(
                Credit(
                    name=each.name,
                    kind=each.kind,  # type: ignore[arg-type]
                    state=each.state,  # type: ignore[arg-type]
                    form=each.form,  # type: ignore[arg-type]
                    vouches=None if each.state == "named" else "whole" if each.whole else "part",
                    start=None if each.beside else each.start,
                    end=None if each.beside else each.end,
                    text=fields[each.start : each.end] if each.beside else next(texts),
                )
                for each in of
            )
            for of, fields in zip(own, in_fields, strict=True)
        ]

    def _in_fields(self, own: list[list[OwnCredit]]) -> list[str]:
        """What the fields beside the texts say, where a credit was found in them."""
        if not any(each.beside for of in own for each in of):
            return [""] * len(own)
        lines = self.found.corpus.metadata("credit_lines", self.start, self.end).to_pylist()
        return [line or "" for line in lines]

    @cached_property
    def parts(self) -> list[tuple[Part, ...]]:
        """The copied words of each article, most words first."""
        shared, words = self.found.standing.shared, self.found.lengths[self.rows].tolist()
        bounds = shared.part_offsets[self.start : self.end + 1].tolist()
        first, last = bounds[0], bounds[-1]
        earliest = self.found.ids(shared.part_first[first:last]).to_pylist()
        counts, others = shared.part_words[first:last].tolist(), shared.part_others[first:last].tolist()
        made = []
        for row, (low, high) in enumerate(pairwise(bounds)):
            suppliers = [each.name for each in self.suppliers[row]]
            parts = []
            for part in range(low, high):
                names = [self._supplier(bit).name for bit in bits_of(shared.part_suppliers[part])]
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
        """Whose copy each article is, most words first."""
        shared, words = self.found.standing.shared, self.found.lengths[self.rows].tolist()
        bounds = shared.part_offsets[self.start : self.end + 1].tolist()
        made = []
        for row, (low, high) in enumerate(pairwise(bounds)):
            total: Counter[int] = Counter()
            for part in range(low, high):
                for bit in bits_of(shared.part_suppliers[part]):
                    total[bit] += int(shared.part_words[part])
            each = [
                Supplier(
                    name=self._supplier(bit).name,
                    kind=self._supplier(bit).kind,  # type: ignore[arg-type]
                    words=count,
                    share=count / max(words[row], 1),
                    state=self._state(bit, row),  # type: ignore[arg-type]
                )
                for bit, count in total.items()
            ]
            most = max((one.words for one in each if one.name is not None), default=0)
            # A feed that is not named adds nothing to a supplier that is, of the same words.
            each = [one for one in each if one.name is not None or one.words > most]
            made.append(tuple(sorted(each, key=_order)))
        return made

    def _state(self, bit: int, row: int) -> str:
        source = self.found.corpus.source_names[self.found.corpus.sources[self.start + row]]
        if stages.supplier_of_source(source, self.found.corpus.outlets) == self._supplier(bit):
            return "credited"  # it is the supplier's own
        return state_of(self._supplier(bit), self.own_credits[row])

    def _supplier(self, bit: int) -> stages.Supplier:
        return self.found.suppliers.each[bit]

    @cached_property
    def agency(self) -> list[tuple[str | None, bool]]:
        """Who supplied each article, and whether it says so: by its passages, else by its own credits."""
        made: list[tuple[str | None, bool]] = []
        for suppliers, own in zip(self.suppliers, self.own_credits, strict=True):
            first = next((each for each in suppliers if each.kind in ("agency", "feed")), None)
            said = [each for each in own if each.state == "credited" and each.kind != "outlet"]
            said.sort(key=lambda each: (each.name is None, not each.whole))
            if first is not None and first.name is not None:
                made.append((first.name, first.state == "credited"))
            else:
                made.append((said[0].name if said else None, bool(said)))
        return made

    def sentences(self) -> list[str | None]:
        standing, corpus, rows = self.found.standing, self.found.corpus, self.rows
        earliest = standing.shared.earliest[rows].tolist()
        moments, names = corpus.published.astype("datetime64[us]"), corpus.source_names
        columns = zip(
            range(self.start, self.end),
            self.found.lengths[rows].tolist(),
            standing.copied[rows].tolist(),
            standing.passages[rows].tolist(),
            standing.shared.others[rows].tolist(),
            self.suppliers,
            self.credits,
            earliest,
            strict=True,
        )
        return [
            sentence(
                Said(
                    *(words, copied, passages, others, suppliers, credits_),
                    None if first < 0 else (names[corpus.sources[first]], moments[first].item()),
                    first == row,
                    corpus.outlets,
                    moments[row].item(),
                )
            )
            if passages
            else None
            for row, words, copied, passages, others, suppliers, credits_, first in columns
        ]

    def furniture(self) -> NDArray[np.float64]:
        words = np.diff(self.found.corpus.offsets[self.start : self.end + 1])
        return np.asarray(1.0 - self.found.lengths[self.rows] / np.maximum(words, 1)) * (words > 0)

    def story(self) -> pa.StringArray:
        stories = self.found.stories
        number = stories.of_article[self.rows]
        return self.found.ids(np.where(number >= 0, stories.firsts[number], -1) if len(stories) else number)

    def stories(self) -> list[list[str]]:
        """All stories of each article: its own, or those of a digest."""
        own = self.story().to_pylist()
        of_digests = self.found.stories_of_digests
        rows = range(self.start, self.end)
        return [
            [name] if name is not None else of_digests.get(row, [])
            for row, name in zip(rows, own, strict=True)
        ]

    def roles(self) -> list[str | None]:
        label = self.found.stories.of_article[self.rows]
        origin = np.zeros(len(self.found.lengths), np.bool_)
        origin[self.found.origins] = True
        said = np.where(label >= 0, np.where(origin[self.rows], "origin", "version"), "")
        said = np.where(self.found.digest[self.rows], "digest", said)
        return [role or None for role in said.tolist()]


def _order(supplier: Supplier) -> tuple[int, bool, str]:
    """Most words first; of equals the one that the article credits."""
    return -supplier.words, supplier.state != "credited", supplier.name or ""


def _structs(rows: Sequence[tuple[Any, ...]]) -> list[list[dict[str, Any]]]:
    return [[{name: getattr(item, name) for name in item.__slots__} for item in row] for row in rows]


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
        "agency": lambda each: [name for name, _ in each.agency],
        "credited": lambda each: [credited for _, credited in each.agency],
        "suppliers": lambda each: _structs(each.suppliers),
        "credits": lambda each: _structs(each.credits),
        "sentence": ArticleRows.sentences,
        "passages": lambda each: each.found.standing.passages[each.rows],
        "others": lambda each: each.found.standing.shared.others[each.rows],
        "earliest": lambda each: each.found.ids(each.found.standing.shared.earliest[each.rows]),
        "parts": lambda each: _structs(each.parts),
        "story": ArticleRows.story,
        "stories": ArticleRows.stories,
        "role": ArticleRows.roles,
    },
)
