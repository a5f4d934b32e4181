"""Stories in the catalogue: every article of a story carries the smallest number among its articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dedup.index.catalogue import Catalogue


def join_stories(catalogue: Catalogue, pairs: Sequence[tuple[int, int]]) -> None:
    """Put the articles of each pair into one story."""
    touched = sorted({number for pair in pairs for number in pair})
    rows = catalogue.among("SELECT number, story FROM article WHERE number IN (?)", touched)
    labels = {number: number if story is None else story for number, story in rows}
    new = [number for number, story in rows if story is None]
    roots = _roots((labels[a], labels[b]) for a, b in pairs)
    merged = [(root, label) for label, root in roots.items() if root != label]
    catalogue.run_many("UPDATE article SET story = ? WHERE story = ?", merged)
    catalogue.run_many("UPDATE article SET story = ? WHERE number = ?", ((roots[n], n) for n in new))


def part_stories(catalogue: Catalogue, stories: Sequence[int]) -> None:
    """Group the articles of these stories anew, after some were taken out."""
    members = [
        number
        for (number,) in catalogue.among("SELECT number FROM article WHERE story IN (?)", list(stories))
    ]
    catalogue.run_many("UPDATE article SET story = NULL WHERE number = ?", ([number] for number in members))
    pairs = catalogue.among("SELECT a, b FROM overlap WHERE copied AND a IN (?)", members)
    join_stories(catalogue, [(a, b) for a, b in pairs])


def story_ids(catalogue: Catalogue, numbers: Sequence[int]) -> dict[int, str]:
    """The id of the story of each article that is in one: the smallest id among its articles."""
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


def _roots(pairs: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The smallest label of the group of each label."""
    parents: dict[int, int] = {}

    def root(label: int) -> int:
        parents.setdefault(label, label)
        while parents[label] != label:
            parents[label] = parents[parents[label]]
            label = parents[label]
        return label

    for one, two in pairs:
        low, high = sorted((root(one), root(two)))
        parents[high] = low
    return {label: root(label) for label in parents}
