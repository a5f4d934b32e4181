"""Compiles kernels before they are needed: all of them, or some in a process beside the one that waits.

A kernel is compiled at its first call. To compile all of them, everything is done once to a few short
articles. The kernels of alignment, nearly half of the work, can be called without those that come before
them. So a separate process compiles them while a first run reads.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from dedup.article import Article
from dedup.background.tables import Background
from dedup.corpus.prepare import ComparedTokens
from dedup.corpus.protocols import Terms
from dedup.overlaps.align import align
from dedup.runtime.progress import silent
from dedup.settings import Settings

_PACT = (
    "MOSCOW (Reuters) - The ministers met on Thursday and signed a pact that sends grain north and oil south "
    "until the end of the coming winter.\n\n“We have waited for this day for eleven years,” the elder of the "
    "two told reporters. Work on the harbour begins in May, and ships of 40,000 tonnes call from autumn on."
)
_TEXTS = (
    f"{_PACT}\n\nPhoto: Ann Doe\nSubscribe to our newsletter",
    f"By Jo Park\n{_PACT}\n\nThe opposition called the pact a present to the north. (AP)",
    "The opposition called the pact a present to the north. Rain is expected in all parts of the country.",
)


def compile_alignment() -> None:
    """Compile the kernels that align articles, and no others."""
    settings = Settings()
    words = np.arange(1, 81, dtype=np.uint32) * np.uint32(0x9E3779B0)
    edited = np.concatenate([words[:40], words[50:]])
    hashes = np.concatenate([words, edited])
    offsets = np.array([0, len(words), len(hashes)], np.int64)
    flags = np.zeros(len(hashes), np.uint8)
    hashes.flags.writeable = flags.flags.writeable = False  # as those of a corpus are
    tokens = ComparedTokens(hashes, flags, offsets)
    terms = Terms(Background.empty(settings.shingle_words), settings)
    pair = np.array([0], np.int64), np.array([1], np.int64)
    align(terms, tokens, *pair, threads=1, progress=silent)


def compile_all() -> None:
    """Compile the kernels of all verbs: of a scan, a comparison, an index, a filter and their results."""
    from dedup.detector import compare, find_overlaps
    from dedup.index import Index
    from dedup.index.filter.filtering import Filter
    from dedup.reading import read_batches
    from dedup.reporting.json_lines import write

    articles = [Article(id=f"{n}", source=f"Outlet {n}", text=text) for n, text in enumerate(_TEXTS)]
    with tempfile.TemporaryDirectory(prefix="dedup-warm-up-") as folder:
        file = Path(folder, "articles.jsonl")
        file.write_text("".join(f'{{"id":"{n}","text":"Some text."}}\n' for n in range(2)), "utf-8")
        for _ in read_batches([str(file)]):
            pass
        write(find_overlaps(articles), io.BytesIO())
        compare(articles[0], articles[1])
        with Index.create(Path(folder, "index")) as index:
            index.add(articles[:2])
            index.query(articles[2])
            write(index.report(), io.BytesIO())
            with Filter(index, policy="drop") as judge:
                judge.judge(articles)


def _end_with(parent: int) -> None:
    """Exit when the process that waits for the kernels has gone."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    compile_alignment()
