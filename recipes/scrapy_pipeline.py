"""A Scrapy item pipeline that drops what has run before.

In settings.py: ``ITEM_PIPELINES = {"scrapy_pipeline.SeenBefore": 300}`` and ``DEDUP_INDEX = "seen"``; make
the index once with ``dedup index create seen``. Items need the fields ``url`` and ``text``, and one for
``story``; ``source`` is used where it is there.
"""

from __future__ import annotations

from typing import Any, Self

from dedup.article import Article
from dedup.index import Filter, Index
from dedup.reading import to_batches

try:
    from scrapy.exceptions import DropItem
except ImportError:  # so that the recipe can be tried without Scrapy

    class DropItem(Exception):  # type: ignore[no-redef]  # noqa: N818
        """Stands in for Scrapy's."""


class SeenBefore:
    """Stores each item in an index and drops those that follow an earlier one."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    @classmethod
    def from_crawler(cls, crawler: Any) -> Self:
        """Scrapy calls this."""
        return cls(crawler.settings["DEDUP_INDEX"])

    def open_spider(self, spider: Any = None) -> None:
        """Open the index."""
        self._index = Index.open(self._folder)
        self._filter = Filter(self._index, policy="drop")

    def close_spider(self, spider: Any = None) -> None:
        """Close it."""
        self._index.close()

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """Judge one item."""
        article = Article(id=item["url"], source=item.get("source", ""), text=item["text"])
        (batch,) = to_batches([article])
        (judged,) = self._filter.judge(batch)
        if not judged.kept:
            raise DropItem(f"{judged.verdict.verdict} of {judged.verdict.follows}")
        item["story"] = judged.verdict.story
        return item
