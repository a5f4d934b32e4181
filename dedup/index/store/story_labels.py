"""Stories in the catalogue: every article of a story has the smallest number among its articles as label.

These are the connected articles of pairs that may each make a story by themselves. A report considers whole
groups as well, and separates those that only a digest or a chain connects (`dedup.stories.hubs`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.index.store.catalogue import Catalogue
from dedup.index.store.overlap_blocks import copied_pairs
from dedup.runtime.unique import distinct
from dedup.stories.groups import group


def join_stories(catalogue: Catalogue, a: NDArray[np.int64], b: NDArray[np.int64]) -> None:
    """Put the articles of each pair of numbers into one story."""
    if len(a) == 0:
        return
    touched = distinct(np.concatenate([a, b]))
    query = "SELECT number, coalesce(story, -1) FROM article WHERE number IN (?)"
    numbers, stories = np.array(sorted(catalogue.among(query, touched.tolist())), np.int64).T
    own = np.where(stories < 0, numbers, stories)
    labels = distinct(own)
    place = np.searchsorted(labels, own)
    groups = group(len(labels), place[np.searchsorted(numbers, a)], place[np.searchsorted(numbers, b)])
    roots = labels[groups.firsts[groups.of_article]]
    merged = roots != labels
    catalogue.run_many(
        "UPDATE article SET story = ? WHERE story = ?",
        zip(roots[merged].tolist(), labels[merged].tolist(), strict=True),
    )
    new = stories < 0
    catalogue.run_many(
        "UPDATE article SET story = ? WHERE number = ?",
        zip(roots[place[new]].tolist(), numbers[new].tolist(), strict=True),
    )


def part_stories(catalogue: Catalogue, stories: Sequence[int]) -> None:
    """Group the articles of these stories again, after some were removed."""
    members = [
        number
        for (number,) in catalogue.among("SELECT number FROM article WHERE story IN (?)", list(stories))
    ]
    catalogue.run_many("UPDATE article SET story = NULL WHERE number = ?", ([number] for number in members))
    join_stories(catalogue, *copied_pairs(catalogue, members))


def story_ids(catalogue: Catalogue, numbers: Sequence[int]) -> dict[int, str]:
    """Return the id of the story of each article that is in one: the smallest id among its articles."""
    rows = catalogue.among(
        "SELECT number, story FROM article WHERE story IS NOT NULL AND number IN (?)", list(numbers)
    )
    names = dict(
        catalogue.among(
            "SELECT story, min(id) FROM article WHERE story IN (?) GROUP BY story",
            sorted({story for _, story in rows}),
        )
    )
    return {number: names[story] for number, story in rows}
