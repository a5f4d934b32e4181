"""Whether the articles were grouped into the right stories."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sklearn.metrics import adjusted_rand_score, homogeneity_completeness_v_measure

from dedup.evaluation.gold import LabelledStory, Labels


@dataclass(frozen=True, slots=True)
class StoryScores:
    """The quality of the grouping. An article outside any story is a group of its own.

    Attributes
    ----------
    adjusted_rand : float
        Hubert and Arabie (1985): 1 for the same groups, near 0 for a random grouping, at least -0.5.
    homogeneity, completeness, v_measure : float
        Rosenberg and Hirschberg (2007), in [0, 1]: whether each group found holds articles of one story only;
        whether each story is in one group; and their harmonic mean.
    origins : float or None
        Among the true stories with an origin, the share for which the group that holds the origin names it
        too.
    stories, found, articles : int
        Number of true stories, stories found, and articles compared.
    """

    adjusted_rand: float
    homogeneity: float
    completeness: float
    v_measure: float
    origins: float | None
    stories: int
    found: int
    articles: int


def story_scores(gold: Labels, result: Labels) -> StoryScores | None:
    """Compare the stories of a result with the true ones. Return None if the truth has no stories.

    Examples
    --------
    >>> truth = Labels(stories=(LabelledStory(("a", "b"), "a"),), articles={"a": None, "b": None, "c": None})
    >>> scores = story_scores(truth, truth)
    >>> scores.adjusted_rand, scores.origins
    (1.0, 1.0)
    """
    if not gold.stories:
        return None
    ids = sorted({*gold.articles, *result.articles, *_members(gold.stories), *_members(result.stories)})
    true, found = _groups(ids, gold.stories), _groups(ids, result.stories)
    homogeneity, completeness, v_measure = homogeneity_completeness_v_measure(true, found)
    return StoryScores(
        adjusted_rand=float(adjusted_rand_score(true, found)),
        homogeneity=float(homogeneity),
        completeness=float(completeness),
        v_measure=float(v_measure),
        origins=_origins(gold.stories, result.stories),
        stories=len(gold.stories),
        found=len(result.stories),
        articles=len(ids),
    )


def _members(stories: Iterable[LabelledStory]) -> set[str]:
    return {name for story in stories for name in story.articles}


def _groups(ids: list[str], stories: tuple[LabelledStory, ...]) -> list[int]:
    story_of = {name: number for number, story in enumerate(stories) for name in story.articles}
    return [story_of.get(name, len(stories) + place) for place, name in enumerate(ids)]


def _origins(gold: tuple[LabelledStory, ...], result: tuple[LabelledStory, ...]) -> float | None:
    wanted = {story.origin for story in gold if story.origin is not None}
    named = {story.origin for story in result if story.origin is not None}
    return len(wanted & named) / len(wanted) if wanted else None
