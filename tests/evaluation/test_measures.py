from __future__ import annotations

import builtins
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from dedup.errors import DedupError, OutputError
from dedup.evaluation.clusters import story_scores
from dedup.evaluation.gold import LabelledPair, LabelledPassage, LabelledStory, Labels
from dedup.evaluation.measures import evaluate
from dedup.evaluation.pairs import pair_scores
from dedup.evaluation.plot import plot_evaluation
from dedup.evaluation.render import tables

SPAN = (LabelledPassage(0, 100, 0, 100),)


def pair(relation: str = "copy", score: float = 1.0, **more: Any) -> LabelledPair:
    return LabelledPair(relation, SPAN, score, **more)


GOLD = Labels(
    pairs={
        ("a", "b"): pair(treatment="cut", share=0.1, edit_rate=0.0),
        ("a", "c"): pair(treatment="cut", share=0.2, edit_rate=0.3),
        ("b", "c"): pair("quotation", treatment="quotations", share=0.2, edit_rate=0.0),
        ("d", "e"): pair(optional=True),
    },
    negatives={("a", "f"): "byline"},
    stories=(LabelledStory(("a", "b", "c"), "a"),),
    articles=dict.fromkeys("abcdef"),
)


def test_perfect_results_score_one() -> None:
    found = evaluate(GOLD, GOLD)
    assert found.passages.plagdet == found.pairs.f1 == found.pairs.average_precision == 1
    assert found.stories is not None
    assert found.stories.adjusted_rand == found.stories.v_measure == found.stories.origins == 1


def test_pairs_are_counted_by_what_the_truth_says_of_them() -> None:
    result = Labels({("a", "b"): pair(), ("b", "c"): pair("copy"), ("a", "f"): pair(), ("d", "e"): pair()})
    scores = pair_scores(GOLD, result)
    assert (scores.precision, scores.recall) == pytest.approx((2 / 3, 2 / 3))
    assert (scores.by_treatment["cut"].found, scores.by_treatment["cut"].pairs) == (1, 2)
    assert {name: found.recall for name, found in scores.by_share.items()} == {
        "under 15 %": 1,
        "15 to 30 %": 0.5,
    }
    assert scores.by_edit_rate["30 %"].recall == 0
    assert scores.false_alarms == {"byline": 1}
    assert scores.relations["quotation"].recall == 0
    assert scores.relations["copy"].precision == 0.5


def test_optional_pairs_count_neither_way() -> None:
    required = {p: label for p, label in GOLD.pairs.items() if not label.optional}
    assert pair_scores(GOLD, GOLD).precision == pair_scores(GOLD, Labels(required)).recall == 1


def test_average_precision_ranks_by_score() -> None:
    gold = Labels({("a", "b"): pair()})
    wrong_first = Labels({("a", "b"): pair(score=0.2), ("c", "d"): pair(score=0.9)})
    right_first = Labels({("a", "b"): pair(score=0.9), ("c", "d"): pair(score=0.2)})
    assert pair_scores(gold, wrong_first).average_precision == 0.5
    assert pair_scores(gold, right_first).average_precision == 1


def test_nothing_against_nothing() -> None:
    found = evaluate(Labels(), Labels())
    assert found.passages.plagdet == found.pairs.f1 == 1
    assert found.stories is None


def test_edit_rates_are_measured_within_their_pairs() -> None:
    result = Labels({p: label for p, label in GOLD.pairs.items() if p != ("a", "c")})
    by_rate = evaluate(GOLD, result).passages_by_edit_rate
    assert by_rate["0 %"].plagdet == 1
    assert by_rate["30 %"].recall == 0


def test_a_story_in_two_halves_is_homogeneous_but_not_complete() -> None:
    gold = Labels(stories=(LabelledStory(("a", "b", "c", "d"), "a"), LabelledStory(("e", "f"), None)))
    halves = Labels(
        stories=(
            LabelledStory(("a", "b"), "b"),
            LabelledStory(("c", "d"), "c"),
            LabelledStory(("e", "f"), "e"),
        )
    )
    scores = story_scores(gold, halves)
    assert scores is not None
    assert scores.homogeneity == pytest.approx(1)
    assert scores.completeness < 1
    assert scores.adjusted_rand < 1
    assert scores.origins == 0


@given(st.lists(st.sampled_from("abcdefgh"), max_size=12), st.lists(st.sampled_from("abcdefgh"), max_size=12))
def test_precision_and_recall_mirror_each_other(first: list[str], second: list[str]) -> None:
    one, two = ({("0", name): pair() for name in names} for names in (first, second))
    assert pair_scores(Labels(one), Labels(two)).precision == pair_scores(Labels(two), Labels(one)).recall


def test_the_evaluation_is_json() -> None:
    found = evaluate(GOLD, GOLD)
    assert json.loads(json.dumps(found.as_dict()))["passages"]["plagdet"] == 1


def test_tables_show_every_part() -> None:
    result = Labels({**GOLD.pairs, ("a", "f"): pair()}, stories=GOLD.stories)
    out = io.StringIO()
    Console(file=out, width=120).print(tables(evaluate(GOLD, result)))
    for word in ("plagdet", "average precision", "cut", "15 to 30 %", "quotation", "byline", "adjusted Rand"):
        assert word in out.getvalue()


def test_a_plot_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot_evaluation(evaluate(GOLD, GOLD), tmp_path / "plot.svg")
    assert "<svg" in (tmp_path / "plot.svg").read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [tmp_path / "plot.svg"]


def test_a_plot_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(OutputError, match="must name a format"):
        plot_evaluation(evaluate(GOLD, GOLD), tmp_path / "plot.xyz")
    with pytest.raises(OutputError, match="cannot be written"):
        plot_evaluation(evaluate(GOLD, GOLD), tmp_path / "none" / "plot.png")


def test_without_matplotlib_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return whole(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(DedupError, match=r"pip install matplotlib"):
        plot_evaluation(evaluate(GOLD, GOLD), tmp_path / "plot.png")
