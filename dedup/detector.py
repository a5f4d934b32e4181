"""A whole run, and the comparison of two articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup import __version__
from dedup.alignment.batch import agreeing_runs
from dedup.article import Article, Span
from dedup.background.tables import Background
from dedup.corpus.first_pass import Corpus, read_corpus
from dedup.corpus.join import join
from dedup.corpus.second_pass import sketch
from dedup.outlets import Outlets
from dedup.overlaps.align import align
from dedup.overlaps.measure import OverlapColumns, relate
from dedup.overlaps.place import place
from dedup.reading.batches import ArticleBatches, to_batches
from dedup.reading.data import Data, as_batches
from dedup.report.overlaps import overlap_batch, overlap_records
from dedup.report.scan_report import ScanReport
from dedup.results import Overlap
from dedup.runtime.journal import Stages, record
from dedup.runtime.progress import Progress, silent
from dedup.runtime.scratch import Scratch
from dedup.runtime.threads import available_threads
from dedup.settings import Settings
from dedup.text.tokens import tokenise


def find_overlaps(
    articles: Data,
    settings: Settings | None = None,
    *,
    background: Background | None = None,
    threads: int | None = None,
    scratch: Path | None = None,
    memory: int | None = None,
    progress: Progress | None = None,
    outlets: Outlets | None = None,
    since: datetime | None = None,
    within: timedelta | None = None,
) -> ScanReport:
    """Find every passage that articles share.

    Parameters
    ----------
    articles
        The result of `dedup.read_batches` for files; a table, frame, reader, relation or data set of Arrow,
        pandas, polars, DuckDB or Hugging Face; or an iterable of articles, dicts or strings. Only ``text`` is
        required; `dedup.reading.data.as_batches` describes the rest. The input is read once.
    settings : Settings, optional
    background : Background, optional
        What is known about the corpus as a whole; learned from `articles` by default.
    threads : int, optional
        By default, all processors that the process may use. The result does not depend on it.
    scratch : Path, optional
        The directory for the run's texts and sketches; the system's temporary directory by default.
    memory : int, optional
        Bytes of memory that the process should stay under, by default half of the machine's memory. Near the
        limit it releases memory that is backed by disk, and joins the sketches in parts. Candidate pairs (16
        to 64 bytes each) and overlaps (about 300 bytes each) do not count: they are held whatever the limit.
    progress : callable, optional
        Called as ``progress(stage, done, total)``.
    outlets : Outlets, optional
        What is known about the sources: which of them supply others, and how they want to be credited.
    since : datetime, optional
        Articles published earlier are not compared with any article; a time without a zone counts as UTC.
    within : timedelta, optional
        Articles are compared if they were published at most this far apart. Articles without a date always
        are. The representatives of a bucket over the cap are chosen before this test.

    Returns
    -------
    ScanReport
        A `dedup.results.Report`.

    Raises
    ------
    FieldError
        The articles cannot be read. The message names column and row.
    DuplicateIdError
        Two articles have the same id.
    OutputError
        The scratch directory cannot be written, or does not have enough room for inputs of this size.

    Examples
    --------
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the end of the coming winter.")
    >>> report = find_overlaps([Article(id="a", text=text), Article(id="b", text="News: " + text)])
    >>> [(overlap.a, overlap.b, overlap.relation, overlap.words) for overlap in report.overlaps]
    [('a', 'b', 'copy', 25)]
    """
    settings = settings or Settings()
    threads = threads or available_threads()
    room = Scratch(scratch, memory)
    room.reserve(scratch_bytes(articles))

    stages = Stages()

    def tell(stage: str, done: int, total: int | None) -> None:
        stages.tell(stage)
        room.keep_within()
        (progress or silent)(stage, done, total)

    corpus = read_corpus(
        as_batches(articles),
        settings,
        background=background,
        scratch=room,
        threads=threads,
        progress=tell,
        outlets=outlets,
    )
    rows, ranks = _by_id(corpus)
    tokens, sketches = sketch(corpus, ranks, threads=threads, progress=tell)
    pairs = join(sketches, corpus.sources[rows], settings, scratch=room, threads=threads, progress=tell)
    a, b = rows[pairs.a], rows[pairs.b]
    if since is not None or within is not None:
        near = in_period(corpus.published, a, b, since, within)
        a, b = a[near], b[near]
    aligned = align(corpus, tokens, a, b, threads=threads, progress=tell)
    places = place(corpus, aligned, threads=threads, progress=tell)
    lengths = tokens.lengths
    columns = relate(corpus, lengths, aligned, places, threads=threads)
    # Their memory, including the system's, is reused for the next output: allocating new pages costs more
    # than filling them.
    del tokens, sketches
    corpus.tokens.remove()
    stages.end()
    report = ScanReport(
        corpus,
        columns,
        lengths,
        skipped=articles.skipped if isinstance(articles, ArticleBatches) else 0,
        cut_short=pairs.cut_short,
        notes=articles.notes if isinstance(articles, ArticleBatches) else (),
        version=__version__,
    )
    said = report.summary
    record("compared", articles=said.articles, overlaps=said.overlaps, stories=said.stories)
    return report


def in_period(
    published: NDArray[np.datetime64],
    a: NDArray[np.int64],
    b: NDArray[np.int64],
    since: datetime | None,
    within: timedelta | None,
) -> NDArray[np.bool_]:
    """Return which pairs are compared according to their times; an unknown time is near any other."""
    times = published.astype("datetime64[us]")
    near = np.ones(len(a), np.bool_)
    if since is not None:
        utc = since if since.tzinfo is None else since.astimezone(UTC).replace(tzinfo=None)
        first = np.datetime64(utc, "us")
        near &= ~(times[a] < first) & ~(times[b] < first)
    if within is not None:
        near &= ~(np.abs(times[a] - times[b]) > np.timedelta64(within // timedelta(microseconds=1), "us"))
    return near


def scratch_bytes(articles: Data) -> int:
    """Estimate the bytes of scratch space of a run over these articles; 0 if their size is not known.

    Texts, tokens and band keys take about three times the size of the texts under the default settings,
    measured over articles of 400 words.
    """
    expected = articles.expected_bytes if isinstance(articles, ArticleBatches) else None
    return int(3.1 * (expected or 0))


def compare(
    a: Article,
    b: Article,
    settings: Settings | None = None,
    *,
    background: Background | None = None,
    floors: bool = True,
) -> Overlap | None:
    """Return what two articles share, whether or not banding would have proposed them, or None.

    In the result, the articles are in the order of their ids.

    Parameters
    ----------
    a, b : Article
        In any order.
    settings : Settings, optional
    background : Background, optional
        By default learned from the two articles.
    floors : bool
        Whether a passage must contain prose of some weight, as in a scan, or may consist of names and numbers
        alone.

    Examples
    --------
    >>> compare(Article(id="a", text="Rain is expected."), Article(id="b", text="Snow fell.")) is None
    True
    """
    corpus, columns, _ = _compared(a, b, settings, background, floors=floors)
    return overlap_records(overlap_batch(corpus, columns, 0, 1))[0] if len(columns) else None


def compare_report(
    a: Article,
    b: Article,
    settings: Settings | None = None,
    *,
    background: Background | None = None,
    notes: Sequence[str] = (),
) -> ScanReport:
    """Return the report of two articles, compared as by `compare`.

    Examples
    --------
    >>> report = compare_report(Article(id="a", text="Rain is expected."), Article(id="b", text="Snow fell."))
    >>> report.summary.articles, report.summary.overlaps
    (2, 0)
    """
    corpus, columns, lengths = _compared(a, b, settings, background)
    return ScanReport(corpus, columns, lengths, skipped=0, cut_short=0, notes=notes, version=__version__)


def _compared(
    a: Article, b: Article, settings: Settings | None, background: Background | None, *, floors: bool = True
) -> tuple[Corpus, OverlapColumns, NDArray[np.int64]]:
    """Return the corpus of two articles, their overlap, and the number of compared words of each."""
    corpus = read_corpus(
        to_batches(sorted([a, b], key=lambda article: article.id)),
        settings or Settings(),
        background=background,
        scratch=Scratch(),
        threads=1,
        progress=silent,
    )
    tokens, _ = sketch(corpus, np.array([0, 1], np.uint32), threads=1, progress=silent)
    aligned = align(corpus, tokens, np.array([0]), np.array([1]), threads=1, progress=silent, floors=floors)
    places = place(corpus, aligned, threads=1, progress=silent)
    return corpus, relate(corpus, tokens.lengths, aligned, places), tokens.lengths


def learn_background(
    articles: Data,
    settings: Settings | None = None,
    *,
    threads: int | None = None,
    scratch: Path | None = None,
    progress: Progress | None = None,
) -> Background:
    """Learn a background from articles, for use in other runs.

    Parameters
    ----------
    articles : Data
        As for `find_overlaps`.
    settings : Settings, optional
        Those of the runs that will use the background; the defaults if None.
    threads : int, optional
        All available processors if None.
    scratch : Path, optional
        The directory for temporary files; the system's if None.
    progress : Progress, optional
        Called with the stage, how much of it is done, and how much there is to do.

    Returns
    -------
    Background

    Raises
    ------
    DedupError
        For the same reasons as `find_overlaps`.

    Examples
    --------
    >>> background = learn_background(["Snow fell in the hills.", "Rain fell on the coast."])
    >>> background.articles, background.shingle_words
    (2, 3)
    """
    return read_corpus(
        as_batches(articles),
        settings or Settings(),
        background=None,
        scratch=Scratch(scratch),
        threads=threads or available_threads(),
        progress=progress or silent,
    ).background


def agreeing_words(overlap: Overlap, settings: Settings | None = None) -> list[tuple[list[Span], list[Span]]]:
    """Return the words that agree in each aligned passage, as runs: spans in a's text and in b's text.

    Examples
    --------
    >>> text = ("The ministers met in Moscow on {} and signed a pact that sends grain north "
    ...         "and oil south until the end of the coming winter.")
    >>> one, two = Article(id="a", text=text.format("Monday")), Article(id="b", text=text.format("Friday"))
    >>> agreeing_words(compare(one, two))[0][0]
    [Span(start=0, end=30), Span(start=38, end=127)]
    """
    settings = settings or Settings()
    marked = []
    for passage in overlap.passages:
        texts = [passage.a_text, passage.b_text]
        tokens = tokenise(texts, places=True, fold=settings.fold, text_as=settings.text_as)
        middle = int(tokens.offsets[1])
        runs = agreeing_runs(tokens.hashes[:middle], tokens.hashes[middle:], settings)
        marked.append(
            tuple(
                [
                    Span(
                        shift + int(tokens.starts[base + run[side]]),
                        shift + int(tokens.ends[base + run[side] + run[2] - 1]),
                    )
                    for run in runs
                ]
                for side, base, shift in ((0, 0, passage.a_start), (1, middle, passage.b_start))
            )
        )
    return marked  # type: ignore[return-value]


def _by_id(corpus: Corpus) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Return article numbers in the order of their ids, and the place of each article in that order."""
    rows = np.asarray(pa.compute.sort_indices(corpus.ids)).astype(np.int64)
    ranks = np.empty(len(rows), np.uint32)
    ranks[rows] = np.arange(len(rows), dtype=np.uint32)
    return rows, ranks
