"""A Hugging Face dataset of articles, with what the filter says of each as columns.

    python hugging_face_map.py INDEX articles.parquet judged.parquet

The dataset needs the columns ``id`` and ``text``; ``source`` and ``published`` (a timestamp) are used where
they are there. `Verdicts` is what `Dataset.map` calls, of a streamed dataset too; with several processes it
is chance which of two copies comes first.
"""

from __future__ import annotations

import contextlib
import sys
from functools import cached_property
from pathlib import Path
from typing import Any

from datasets import Dataset, Value

from dedup.article import Article
from dedup.index import Filter, Index
from dedup.reading import to_batches

COLUMNS = {
    "verdict": "string",
    "follows": "string",
    "coverage": "float64",
    "similarity": "float64",
    "story": "string",
}


class Verdicts:
    """Gives the new columns for a batch of rows; opens the index in the process where it is first called."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """The verdicts on a batch, whose articles are stored."""
        nothing = [None] * len(batch["id"])
        articles = [
            Article(id=str(name), text=text, source=source or "", published=published)
            for name, text, source, published in zip(
                batch["id"],
                batch["text"],
                batch.get("source", nothing),
                batch.get("published", nothing),
                strict=True,
            )
        ]
        said = [
            each.verdict for part in to_batches(articles, rows=10_000) for each in self._filter.judge(part)
        ]
        return {name: [getattr(each, name) for each in said] for name in COLUMNS}

    @cached_property
    def _filter(self) -> Filter:
        return Filter(Index.open(self._folder, wait=600))

    def __getstate__(self) -> dict[str, Any]:
        # An open index can neither be hashed for the cache nor sent to another process.
        return {"_folder": self._folder}

    def close(self) -> None:
        """Close the index."""
        self._filter.index.close()


def judge(dataset: Dataset, folder: Path, *, rows: int = 10_000, processes: int | None = None) -> Dataset:
    """The dataset with a column for each of `COLUMNS`; its articles are stored in the index at `folder`."""
    if not folder.exists():
        Index.create(folder).close()
    features = dataset.features.copy()
    features.update({name: Value(kind) for name, kind in COLUMNS.items()})
    with contextlib.closing(Verdicts(folder)) as verdicts:
        return dataset.map(
            verdicts,
            batched=True,
            batch_size=rows,
            num_proc=processes,
            # A first batch in which nothing follows another article does not tell the type of "follows".
            features=features,
            # The verdicts depend on the index as well, of which the cache knows nothing.
            load_from_cache_file=False,
        )


if __name__ == "__main__":
    index, articles, judged = map(Path, sys.argv[1:4])
    judge(Dataset.from_parquet(str(articles)), index).to_parquet(str(judged))
