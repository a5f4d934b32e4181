"""A datatrove filter that drops what has run before, and tells of each document what it follows.

    python datatrove_filter.py INDEX FOLDER-OF-JSON-LINES FOLDER-FOR-WHAT-IS-KEPT

A document's ``metadata`` may have ``source`` and ``published`` (ISO 8601); it gets ``verdict``, ``follows``,
``coverage`` and ``story``. Any number of tasks may share the index: they write to it one after another, and
it is chance which of two copies in different tasks comes first. Needs datatrove, orjson and regex.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from datatrove.data import Document, DocumentsPipeline
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters.base_filter import BaseFilter
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter
from datatrove.pipeline.writers.disk_base import DiskWriter

from dedup.article import Article
from dedup.index import Filter, Index
from dedup.reading import to_batches


class SeenBefore(BaseFilter):
    """Stores each document in an index, and lets pass what the policy says."""

    name = "seen before"

    def __init__(
        self,
        folder: str,
        *,
        policy: str = "drop",
        exclusion_writer: DiskWriter | None = None,
        batch_size: int = 1000,
    ) -> None:
        super().__init__(exclusion_writer, batch_size)
        self._folder = folder
        self._policy = policy

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """Open the index in the process that does the task, for as long as it does."""
        with Index.open(self._folder, wait=600) as index:
            self._filter = Filter(index, policy=self._policy)
            yield from super().run(data, rank, world_size)

    def filter(self, doc: Document) -> bool | tuple[bool, str]:
        """Judge one document."""
        return self.filter_batch([doc])[0]

    def filter_batch(self, batch: list[Document]) -> list[bool | tuple[bool, str]]:
        """Judge documents; of those that are dropped the verdict is the reason."""
        articles = [article_of(document) for document in batch]
        judged = [each for part in to_batches(articles) for each in self._filter.judge(part)]
        for document, each in zip(batch, judged, strict=True):
            said = each.verdict
            document.metadata |= {
                "verdict": said.verdict,
                "follows": said.follows,
                "coverage": said.coverage,
                "story": said.story,
            }
        return [(each.kept, each.verdict.verdict) for each in judged]


def article_of(document: Document) -> Article:
    """A document as an article."""
    published = document.metadata.get("published")
    return Article(
        id=document.id,
        text=document.text,
        source=document.metadata.get("source") or "",
        published=datetime.fromisoformat(published) if isinstance(published, str) else published,
    )


def run(folder: Path, articles: Path, kept: Path, *, tasks: int = 1) -> None:
    """Put the JSON lines of a folder through the filter; what it drops goes to ``dropped`` within `kept`."""
    if not folder.exists():
        Index.create(folder).close()
    LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(articles)),
            SeenBefore(str(folder), exclusion_writer=JsonlWriter(str(kept / "dropped"))),
            JsonlWriter(str(kept)),
        ],
        tasks=tasks,
        logging_dir=str(kept / "log"),
        skip_completed=False,
    ).run()


if __name__ == "__main__":
    run(*map(Path, sys.argv[1:4]))
