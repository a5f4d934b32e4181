"""Digests and middle articles of chains are recognised by the places of their shared words."""

from __future__ import annotations

import numpy as np

from dedup.stories.bridges import Bridges, bridges

Link = tuple[int, int, tuple[int, int], tuple[int, int], float, float]


def of(articles: int, links: list[Link]) -> Bridges:
    """Find bridges in links (a, b, words of a, words of b, share of a, share of b)."""
    rows = []
    for number, (a, b, in_a, in_b, share_a, share_b) in enumerate(links):
        rows += [(a, *in_a, b, number, share_b), (b, *in_b, a, number, share_a)]
    rows.sort()
    article, start, end, other, pair, share = (np.array(column) for column in zip(*rows, strict=True))
    bounds = np.searchsorted(article, np.arange(articles + 1))
    return bridges(bounds, other, start, end, pair, share.astype(float))


def test_the_middle_of_a_chain_cuts_its_links() -> None:
    found = of(4, [(n, n + 1, (200, 245), (0, 45), 0.15, 0.15) for n in range(3)])
    assert found.digest.tolist() == [False, True, True, False]
    assert found.cut.all()


def test_a_digest_of_several_news_belongs_to_none() -> None:
    places = [(0, 60), (60, 120), (120, 180)]
    found = of(4, [(n, 3, (10, 70), places[n], 0.7, 0.33) for n in range(3)])
    assert found.digest.tolist() == [False, False, False, True]
    assert found.cut.all()


def test_parts_of_one_text_that_overlap_or_are_linked_are_one_side() -> None:
    overlapping = of(3, [(0, 1, (0, 60), (0, 60), 0.5, 0.5), (0, 2, (40, 90), (0, 50), 0.4, 0.5)])
    assert not overlapping.digest.any()
    assert not overlapping.cut.any()
    apart = [(0, 1, (0, 40), (0, 40), 0.4, 0.5), (0, 2, (60, 100), (0, 40), 0.4, 0.5)]
    assert of(3, apart).digest[0]
    linked = of(3, [*apart, (1, 2, (50, 90), (50, 90), 0.4, 0.4)])
    assert not linked.digest.any()


def test_excerpts_of_a_text_do_not_break_it() -> None:
    found = of(3, [(0, 1, (0, 60), (0, 60), 0.3, 0.95), (0, 2, (100, 160), (0, 60), 0.3, 0.95)])
    assert not found.digest.any()
    assert not found.cut.any()


def test_an_article_stays_with_its_main_side() -> None:
    links = [
        (0, 1, (0, 300), (0, 300), 0.8, 0.8),
        (0, 2, (320, 360), (0, 40), 0.1, 0.2),
        (2, 3, (50, 250), (0, 200), 0.8, 0.8),
    ]
    found = of(4, links)
    assert not found.digest[0]
    assert found.cut.tolist() == [False, True, False]


def test_an_article_of_which_a_digest_runs_another_part_is_no_digest() -> None:
    # Article 0 shares a little with article 1, and a digest runs words of it that article 1 has not.
    sources = [(0, 2, (100, 160), (0, 60), 0.15, 0.33)]
    sources += [(2, n, (60 * (n - 2), 60 * (n - 1)), (10, 70), 0.33, 0.7) for n in (3, 4)]
    found = of(5, [(0, 1, (0, 40), (0, 40), 0.1, 0.1), *sources])
    assert found.digest.tolist() == [False, False, True, False, False]
    assert found.cut.tolist() == [False, True, True, True]
