"""Reading articles from files of any of the usual formats, in Arrow batches or one by one."""

from dedup.reading.batches import ARTICLE_SCHEMA, to_articles, to_batches
from dedup.reading.rejects import Reject
from dedup.reading.run import Reading, read_articles, read_batches

__all__ = [
    "ARTICLE_SCHEMA",
    "Reading",
    "Reject",
    "read_articles",
    "read_batches",
    "to_articles",
    "to_batches",
]
