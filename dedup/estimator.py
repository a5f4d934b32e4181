"""The scikit-learn face: near-duplicate texts as clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClusterMixin

from dedup.article import Article
from dedup.detector import find_overlaps
from dedup.settings import Settings


class NearDuplicateDetector(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Groups texts that share passages.

    Parameters
    ----------
    passage_words, shingle_words, bands, rows, seed, min_words, min_overlap_words, min_similarity
        As in `dedup.settings.Settings`; None takes the default there.
    threads : int, optional
        All processors that the process may use by default.

    Attributes
    ----------
    labels_ : ndarray of shape (n_samples,), dtype int64
        The story of each text, -1 for a text that shares nothing (as in `sklearn.cluster.DBSCAN`).
    report_ : dedup.results.Report
        The overlaps, with passages, places and scores. The ids are the rows' numbers, padded with zeros.
    n_features_in_ : int
        1: a text a sample.

    Notes
    -----
    Samples are strings, so `sklearn.utils.estimator_checks.check_estimator`, which feeds numbers, does not
    apply; parameters, cloning and pipelines work as everywhere.

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
        self.passage_words = passage_words
        self.shingle_words = shingle_words
        self.bands = bands
        self.rows = rows
        self.seed = seed
        self.min_words = min_words
        self.min_overlap_words = min_overlap_words
        self.min_similarity = min_similarity
        self.threads = threads

    def fit(self, X: Sequence[str], y: Any = None) -> Self:  # noqa: N803 - scikit-learn's name
        """Find the overlaps among the texts.

        Parameters
        ----------
        X : sequence of str, of length n_samples
        y : ignored

        Raises
        ------
        TypeError
            A sample is no string.
        """
        texts = list(X)
        for row, text in enumerate(texts):
            if not isinstance(text, str):
                raise TypeError(f"sample {row} is a {type(text).__name__}; texts must be strings")
        width = len(str(len(texts)))
        articles = (Article(id=str(row).zfill(width), text=text) for row, text in enumerate(texts))
        self.report_ = find_overlaps(articles, self._settings(), threads=self.threads)
        self.labels_: NDArray[np.int64] = self.report_.story_labels
        self.n_features_in_ = 1
        return self

    def fit_predict(self, X: Sequence[str], y: Any = None, **kwargs: Any) -> NDArray[np.int64]:  # noqa: N803
        """The story of each text; see `labels_`."""
        return self.fit(X, y).labels_

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
