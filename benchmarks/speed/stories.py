"""Who shares what with whom in a synthetic corpus: the plan that the texts are printed after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from vocabulary import QUANTILES, SOURCES, Ints, Keys, draw, mix, numbered, zipf_quantiles

WHOLE, PARTIAL, SMALL = range(3)
KINDS = ("whole", "partial", "small")


@dataclass(frozen=True)
class Plan:
    """Who shares what with whom; every array has one item an article."""

    seed: int
    story: Ints  # -1: none
    member: Ints  # place in the story
    kind: Ints
    step: Ints  # one word in `step` is edited; 0: none
    source: Ints
    bare: bool = False  # no standing lines, datelines, credits; one typography
    everywhere: bool = False  # one sentence stands in every article

    def streams(self) -> tuple[Keys, Keys]:
        """The keys of each article's own text, and of the text of its story."""
        base = np.uint64(self.seed) << np.uint64(40)
        own = mix(np.arange(self.story.size, dtype=np.uint64) + base, 31)
        return own, mix(np.maximum(self.story, 0).astype(np.uint64) + base, 32)


def plan(
    articles: int, seed: int, *, copies_of_one: int = 0, identical: bool = False, everywhere: bool = False
) -> Plan:
    """Lay out a corpus: a fifth of the articles in stories, and whatever the adversarial options ask for."""
    keys = mix(np.arange(articles, dtype=np.uint64) + (np.uint64(seed) << np.uint64(40)), 33)
    if identical:
        none = np.zeros(articles, np.int64)
        return Plan(seed, none, np.arange(articles), none, none, np.arange(articles) % SOURCES, bare=True)
    sizes = _story_sizes(max(articles // 5 - copies_of_one, 0), articles, seed)
    sizes = np.concatenate([[copies_of_one], sizes]) if copies_of_one else sizes
    chosen = np.argsort(keys, kind="stable")[: int(sizes.sum())]
    story, member = np.full(articles, -1), np.zeros(articles, np.int64)
    story[chosen] = np.repeat(np.arange(sizes.size), sizes)
    member[chosen] = np.arange(chosen.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)

    story_keys = mix(np.maximum(story, 0).astype(np.uint64) + (np.uint64(seed) << np.uint64(40)), 34)
    kind = np.array([WHOLE, WHOLE, PARTIAL, SMALL])[draw(story_keys, 1, 4)]
    kind[(story >= 0) & (np.append(sizes, 0)[story] > 30)] = WHOLE
    whole_steps = np.array([0, 0, 0, 0, 0, 50, 50, 20, 20, 20, 10, 10, 10, 5, 5])[draw(keys, 2, 15)]
    part_steps = np.array([0, 0, 20, 10])[draw(keys, 3, 4)]
    step = np.where(member == 0, 0, np.where(kind == WHOLE, whole_steps, part_steps))
    # SOURCES is prime: the members of a story get different outlets, as long as there are enough.
    stride = 1 + draw(story_keys, 4, SOURCES - 1)
    apart = (draw(story_keys, 5, SOURCES) + member * stride) % SOURCES
    usual = zipf_quantiles([(SOURCES, 1.0, 8.0)])[draw(keys, 6, QUANTILES)]
    return Plan(seed, story, member, kind, step, np.where(story >= 0, apart, usual), everywhere=everywhere)


def _story_sizes(places: int, articles: int, seed: int) -> Ints:
    """How many articles each story has: mostly 2, some up to 30, one in 50,000 articles in hundreds."""
    if places < 2:
        return np.zeros(0, np.int64)
    keys = mix(numbered(places, 35) + np.uint64(seed), 36)
    die = draw(keys, 1, 1000)
    sizes = np.where(die < 750, 2, np.where(die < 960, 3 + draw(keys, 2, 6), 9 + draw(keys, 3, 22)))
    huge = min(articles // 50_000 + (articles >= 10_000), places)
    sizes[:huge] = 100 + draw(keys, 4, 151)[:huge]
    ends = np.cumsum(sizes)
    kept = sizes[: int(np.searchsorted(ends, places, side="right"))]
    rest = places - int(kept.sum())
    return np.append(kept, rest) if rest > 1 else kept
