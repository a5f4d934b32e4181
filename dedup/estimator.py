"""The scikit-learn interface: near-duplicate texts as clusters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, Literal, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_consistent_length, check_is_fitted

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.reading.data import as_batches
from dedup.report.scan_report import ScanReport
from dedup.settings import Settings


class NearDuplicateDetector(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Groups texts that share passages.

    Parameters
    ----------
    scope : {"cross", "all"}, optional
        "cross" compares only texts of different sources; a text without a source is a source of its own.
    passage_words, shingle_words, bands, rows, seed, min_words, min_overlap_words, min_similarity
        As in `dedup.settings.Settings`; None means the default there.
    threads : int, optional
        By default, all processors that the process may use.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), dtype int64
        The story of each text, or -1 for a text that shares nothing (as in `sklearn.cluster.DBSCAN`).
    report_ : dedup.results.Report
        The overlaps, with passages, places and scores. The ids are the row numbers, padded with zeros. It is
        not part of a pickle or a copy, which rebuild it from `texts_` when it is first read.
    texts_ : list of str
        The texts that were fitted; `predict` compares new texts with them.
    sources_ : list of str or None
        Their sources.
    n_features_in_ : int
        Always 1, because each sample is one text.

    Notes
    -----
    Of `sklearn.utils.estimator_checks.check_estimator`, the checks that do not pass numbers apply.

    Examples
    --------
    >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
    ...         "and oil south until the end of the coming winter.")
    >>> texts = [text, "Rain is expected in the north.", "News: " + text]
    >>> NearDuplicateDetector().fit_predict(texts).tolist()
    [0, -1, 0]
    """

    def __init__(
        self,
        *,
        scope: Literal["cross", "all"] | None = None,
        passage_words: int | None = None,
        shingle_words: int | None = None,
        bands: int | None = None,
        rows: int | None = None,
        seed: int | None = None,
        min_words: int | None = None,
        min_overlap_words: int | None = None,
        min_similarity: float | None = None,
        threads: int | None = None,
    ) -> None:
        self.scope = scope
        self.passage_words = passage_words
        self.shingle_words = shingle_words
        self.bands = bands
        self.rows = rows
        self.seed = seed
        self.min_words = min_words
        self.min_overlap_words = min_overlap_words
        self.min_similarity = min_similarity
        self.threads = threads

    def fit(
        self,
        X: Iterable[str],  # noqa: N803 - scikit-learn's name
        y: Any = None,
        *,
        sources: Sequence[str | None] | None = None,
    ) -> Self:
        """Find the overlaps among the texts.

        Parameters
        ----------
        X : iterable of str, of length n_samples
            Also anything that `dedup.find_overlaps` takes (tables, frames, dicts), of which texts and sources
            are used.
        y : ignored
        sources : sequence of str or None, of length n_samples, optional
            The outlet of each text; it overrides the sources in X.

        Raises
        ------
        ValueError
            X is a single string, has more than one dimension or no samples; or `sources` has another length.
        TypeError
            A sample is not a string.
        """
        texts, names = self._checked(X, sources)
        self._report: ScanReport | None = self._find(texts, names)
        self.texts_, self.sources_ = texts, names
        self.labels_: NDArray[np.int64] = self._report.story_labels
        self.n_features_in_ = 1
        return self

    def fit_predict(
        self,
        X: Iterable[str],  # noqa: N803
        y: Any = None,
        *,
        sources: Sequence[str | None] | None = None,
    ) -> NDArray[np.int64]:
        """Return the story of each text; see `labels_`."""
        return self.fit(X, y, sources=sources).labels_

    def predict(
        self,
        X: Iterable[str],  # noqa: N803
        *,
        sources: Sequence[str | None] | None = None,
    ) -> NDArray[np.int64]:
        """Return the story that each new text belongs to, without changing what was fitted.

        It is the story of the fitted text with which it shares the most words. All texts are compared again,
        so this takes as long as fitting them together; `dedup.index.Index` keeps earlier comparisons.

        Parameters
        ----------
        X : iterable of str, of length n_samples
        sources : sequence of str or None, of length n_samples, optional
            The outlet of each text.

        Returns
        -------
        ndarray of shape (n_samples,), dtype int64
            -1 for a text that shares nothing with a text of a story.

        Examples
        --------
        >>> text = ("The ministers met in Moscow on Thursday and signed a pact that sends grain north "
        ...         "and oil south until the end of the coming winter.")
        >>> fitted = NearDuplicateDetector().fit([text, "News: " + text])
        >>> fitted.predict(["Update: " + text, "Rain is expected in the north."]).tolist()
        [0, -1]
        """
        check_is_fitted(self)
        texts, names = self._checked(X, sources)
        known = len(self.texts_)
        report = self._find([*self.texts_, *texts], [*self.sources_, *names])
        labels = np.full(len(texts), -1, dtype=np.int64)
        most = np.zeros(len(texts), dtype=np.int64)
        for overlap in report.overlaps:
            old, new = sorted((int(overlap.a), int(overlap.b)))
            row = new - known
            if old < known <= new and self.labels_[old] >= 0 and overlap.words > most[row]:
                labels[row], most[row] = self.labels_[old], overlap.words
        return labels

    @property
    def report_(self) -> ScanReport:
        """The overlaps among the fitted texts."""
        if "labels_" not in vars(self):  # like an attribute that `fit` has not set yet
            raise AttributeError(f"{type(self).__name__!r} object has no attribute 'report_'; call fit first")
        if self._report is None:
            self._report = self._find(self.texts_, self.sources_)
        return self._report

    def _find(self, texts: list[str], sources: list[str | None]) -> ScanReport:
        width = len(str(len(texts)))
        articles = (
            Article(id=str(row).zfill(width), text=text, source=source or "")
            for row, (text, source) in enumerate(zip(texts, sources, strict=True))
        )
        return find_overlaps(articles, self._settings(), threads=self.threads)

    def _checked(
        self,
        X: Iterable[str],  # noqa: N803
        sources: Sequence[str | None] | None,
    ) -> tuple[list[str], list[str | None]]:
        """Return the texts and their sources; invalid ones are refused in scikit-learn's words."""
        if isinstance(X, Iterator):
            X = list(X)  # noqa: N806
        table = _texts_and_sources(X)
        if table is not None:
            X, sources = table[0], sources if sources is not None else table[1]  # noqa: N806
        if isinstance(X, str | bytes) or not isinstance(X, Iterable):
            kind = "string" if isinstance(X, str | bytes) else type(X).__name__
            raise ValueError(f"Iterable over raw text documents expected, {kind} object received.")
        shape = getattr(X, "shape", None)
        if shape is not None and len(shape) != 1:
            raise ValueError(f"X should be a 1d array, got an array of shape {tuple(shape)} instead.")
        texts = list(X)
        if not texts:
            name = type(self).__name__
            raise ValueError(f"Found array with 0 sample(s) while a minimum of 1 is required by {name}.")
        for row, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"sample {row} is a {type(text).__name__}; texts must be strings")
        names: list[str | None] = [None] * len(texts) if sources is None else list(sources)
        check_consistent_length(texts, names)
        return texts, names

    def __getstate__(self) -> Any:
        # A report holds memory-mapped files.
        state = dict(super().__getstate__())
        if "_report" in state:
            state["_report"] = None
        return state

    def _settings(self) -> Settings:
        given = self.get_params()
        names = {knob.name for knob in fields(Settings)}
        return Settings(
            **{name: value for name, value in given.items() if name in names and value is not None}
        )

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        return tags


def _texts_and_sources(data: Any) -> tuple[list[str], list[str | None]] | None:
    """Return texts and sources of any input of `dedup.find_overlaps`; None for a plain sequence of texts."""
    if isinstance(data, list):
        if not data or not isinstance(data[0], Article | Mapping | pa.RecordBatch | pa.Table):
            return None
    elif (
        isinstance(data, tuple | np.ndarray)
        or not any(hasattr(data, name) for name in _OF_TABLES)
        or (len(getattr(data, "shape", ())) == 2 and "text" not in _columns(data))
    ):
        return None
    texts: list[str] = []
    sources: list[str | None] = []
    for batch in as_batches(data):
        ids = batch.column("id").to_pylist()
        texts += batch.column("text").to_pylist()
        named = zip(batch.column("source").to_pylist(), ids, strict=True)
        sources += [None if source == own else source for source, own in named]
    return texts, sources


_OF_TABLES = (
    "__arrow_c_stream__",
    "__arrow_c_array__",
    "to_batches",
    "with_format",
    "collect",
    "fetch_record_batch",
)


def _columns(data: Any) -> list[Any]:
    names: Any = getattr(data, "column_names", None) or getattr(data, "columns", ())
    return list(names)
