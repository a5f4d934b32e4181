"""Overlaps to stories: connected groups of articles, and the likely origin of each."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Stories:
    """Groups of articles.

    Attributes
    ----------
    of_article : ndarray of shape (n_articles,), dtype int64
        The story's number, or -1 for an article that shares nothing.
    members : ndarray of int64
        Article numbers, story by story, in the order in which the articles were numbered.
    offsets : ndarray of shape (n_stories + 1,), dtype int64
        The members of story i are ``members[offsets[i]:offsets[i + 1]]``.
    """

    of_article: NDArray[np.int64]
    members: NDArray[np.int64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def firsts(self) -> NDArray[np.int64]:
        """The first member of each story, shape (n_stories,)."""
        return self.members[self.offsets[:-1]]


def group(articles: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> Stories:
    """Return the connected components of the pairs (a, b), in the order of their smallest article number.

    Examples
    --------
    >>> stories = group(5, np.array([0, 3]), np.array([2, 4]))
    >>> stories.of_article.tolist(), stories.members.tolist()
    ([0, -1, 0, 1, 1], [0, 2, 3, 4])
    """
    first = _first_members(articles, a, b)
    taking_part = np.zeros(articles, np.bool_)
    taking_part[a] = taking_part[b] = True
    members = np.flatnonzero(taking_part)
    firsts = members[first[members] == members]
    number = np.searchsorted(firsts, first[members])
    of_article = np.full(articles, -1, np.int64)
    of_article[members] = number
    offsets = np.concatenate(([0], np.cumsum(np.bincount(number, minlength=len(firsts)))))
    return Stories(of_article, members[np.argsort(number, kind="stable")], offsets.astype(np.int64))


@nb.njit(nogil=True, cache=True)
def _first_members(articles, a, b):  # type: ignore[no-untyped-def]
    """Return the smallest article number connected with each article: union-find (Tarjan, 1975).

    The root is the smallest article number of its tree. SciPy's graph functions do the same, but importing
    them takes longer than scanning a thousand articles.
    """
    above = np.arange(articles)
    for pair in range(len(a)):
        one, other = _root(a[pair], above), _root(b[pair], above)
        above[max(one, other)] = min(one, other)
    for article in range(articles):
        above[article] = above[above[article]]  # the number above is smaller, so it points to its root by now
    return above


@nb.njit(nogil=True, cache=True)
def _root(article, above):  # type: ignore[no-untyped-def]
    """Return the root of the tree, halving the path on the way."""
    while above[article] != article:
        above[article] = above[above[article]]
        article = above[article]
    return article


def likely_origin(
    stories: Stories,
    *,
    own_agency: NDArray[np.bool_],
    published: NDArray[np.datetime64],
    credited: NDArray[np.bool_],
    words: NDArray[np.int64],
    until: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    """Return the article of each story that is likely nearest to the source of the text, and the reason.

    The criteria in order: the agency's own article; the one published first (unknown times come last); one
    with a credit; the most complete text; the smallest number.

    Parameters
    ----------
    own_agency : ndarray of shape (n_articles,), dtype bool
        Whether the article's source is an agency.
    published : ndarray of shape (n_articles,), dtype datetime64[us]
    until : ndarray of shape (n_articles,), dtype int64, optional
        The last microsecond at which the article may have been published; by default the same as `published`.
        Articles count as equally early if no other article of their story was certainly published before
        them.
    credited : ndarray of shape (n_articles,), dtype bool
    words : ndarray of shape (n_articles,)
        Number of words that the article shares with others.

    Returns
    -------
    origin : ndarray of shape (n_stories,), dtype int64
        Article numbers.
    reason : ndarray of shape (n_stories,), dtype uint8
        Which of the criteria above distinguished it from the others: an index into `ORIGIN_REASONS`.
    """
    of_member = stories.of_article[stories.members]
    moments = np.where(_may_be_first(stories, published, until), 0, 1)
    keys = np.stack(
        [
            np.where(own_agency[stories.members], 0, 1),
            moments,
            np.where(credited[stories.members], 0, 1),
            -words[stories.members],
        ]
    ).astype(np.int64)
    order = np.lexsort((stories.members, *keys[::-1], of_member))
    return stories.members[order[stories.offsets[:-1]]], _deciding(keys[:, order], stories.offsets)


def _may_be_first(
    stories: Stories, published: NDArray[np.datetime64], until: NDArray[np.int64] | None
) -> NDArray[np.bool_]:
    """Whether no other article of its story was certainly published before each member."""
    since, last = _moments(stories, published, until)
    if not len(stories):
        return np.zeros(0, np.bool_)
    soonest = np.minimum.reduceat(last, stories.offsets[:-1])
    return np.asarray(since <= soonest[stories.of_article[stories.members]])


def _moments(
    stories: Stories, published: NDArray[np.datetime64], until: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last microsecond at which each member may have been published."""
    late = np.iinfo(np.int64).max
    since = published[stories.members].astype("datetime64[us]").astype(np.int64)
    since = np.where(np.isnat(published[stories.members]), late, since)
    return since, since if until is None else until[stories.members]


def first_of(
    stories: Stories, published: NDArray[np.datetime64], until: NDArray[np.int64] | None = None
) -> NDArray[np.int64]:
    """Return the article of each story that was published before all others; -1 if that is not certain.

    Parameters
    ----------
    published, until
        As for `likely_origin`.
    """
    if not len(stories):
        return np.zeros(0, np.int64)
    since, last = _moments(stories, published, until)
    order = np.lexsort((stories.members, since, stories.of_article[stories.members]))
    one, next_ = order[stories.offsets[:-1]], order[stories.offsets[:-1] + 1]
    certain = last[one] < since[next_]
    return np.where(certain, stories.members[one], -1)


#: What distinguished the likely origin from the others of its story.
ORIGIN_REASONS = (
    "it is the agency's own",
    "it was published first",
    "it carries the credit",
    "its shared text is the most complete",
    "nothing distinguishes it from the others; it has the smallest id",
)


@nb.njit(nogil=True, cache=True)
def _deciding(keys, offsets):  # type: ignore[no-untyped-def]
    """Return the first key in which a story's first member differs from its second."""
    out = np.empty(len(offsets) - 1, np.uint8)
    for story in range(len(offsets) - 1):
        first = offsets[story]
        decided = len(keys)
        for key in range(len(keys) - 1, -1, -1):
            if keys[key, first] != keys[key, first + 1]:
                decided = key
        out[story] = decided
    return out
