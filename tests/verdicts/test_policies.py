"""The effect of a policy on articles: over all of them together, and through an index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.detector import find_overlaps
from dedup.errors import SettingsError
from dedup.index import Filter, Index
from dedup.verdicts.policy import Policy

PACT = (
    "Farmers from eleven valleys signed a pact on Tuesday that shares the water of the upper dam by the "
    "hour, and a clerk with a brass bell will ring the change of turn from the old customs house."
)
RAIN = (
    "Heavy rain flooded the cellar of the town museum overnight, and volunteers carried four hundred clocks "
    "up a narrow stair while the river went on rising past the painted mark of 1894."
)
MUSIC = (
    "The harbour orchestra will play without its conductor this season, after the members voted to take "
    "turns at the desk and to draw the order of the symphonies out of a sailor's hat."
)


def article(name: str, *parts: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "source": f"source of {name}", "text": " ".join(parts), **more}


def judged(articles: list[dict[str, Any]], through: str, tmp_path: Path, **policy: Any) -> dict[str, Any]:
    """Return the judgements by id: of a scan over all articles, or of an index in one batch."""
    chosen = Policy(**policy)
    ids = [each["id"] for each in articles]
    if through == "scan":
        return dict(zip(ids, find_overlaps(articles).verdicts(chosen), strict=True))
    with Index.create(tmp_path / f"index {len(list(tmp_path.iterdir()))}") as index:
        return dict(zip(ids, Filter(index, policy=chosen).judge(articles), strict=True))


def kept(found: dict[str, Any]) -> set[str]:
    return {name for name, each in found.items() if each.kept}


THROUGH = pytest.mark.parametrize("through", ["scan", "index"])


@THROUGH
def test_a_verdict_knows_all_that_was_seen(through: str, tmp_path: Path) -> None:
    articles = [article("a", PACT), article("b", RAIN), article("c", PACT, RAIN), article("d", MUSIC)]
    found = judged(articles, through, tmp_path)
    said = found["c"].verdict
    assert said.seen == 1.0
    assert (said.verdict, said.coverage < 0.6) == ("partial", True)
    texts = {each["id"]: each["text"] for each in articles}
    assert {passage.other for passage in said.passages} == {"a", "b"}
    for passage in said.passages:
        own, other = texts["c"][passage.start : passage.end], texts[passage.other]
        assert own == other[passage.other_start : passage.other_end]
    assert [passage.start for passage in said.passages] == sorted(each.start for each in said.passages)
    assert (found["d"].verdict.seen, found["d"].verdict.passages) == (0.0, ())


@THROUGH
def test_min_coverage_means_the_union(through: str, tmp_path: Path) -> None:
    articles = [article("a", PACT), article("b", RAIN), article("c", PACT, RAIN)]
    assert kept(judged(articles, through, tmp_path, action="drop", min_coverage=0.8)) == {"a", "b"}
    assert kept(judged(articles, through, tmp_path, action="drop", min_coverage=1.0)) == {"a", "b"}
    more = [*articles[:2], article("c", PACT, RAIN, MUSIC)]
    assert kept(judged(more, through, tmp_path, action="drop", min_coverage=0.8)) == {"a", "b", "c"}


@THROUGH
def test_drop_stops_copies_and_excerpts_that_tell_little_more(through: str, tmp_path: Path) -> None:
    long = article("long", PACT, RAIN, MUSIC)
    cases = [
        article(
            "a fifth is its own", PACT, "The ringing of the bell is to be heard at the lower mill as well."
        ),
        article("copy", "Our own desk:", PACT, RAIN, MUSIC),
        article("all of it is there", PACT),  # 95 % in one earlier article
        article("half of the other", RAIN, MUSIC, "The mayor spoke of it at length in her weekly letter."),
        article("a whole", PACT, RAIN, MUSIC, PACT.upper()[:0], "Nothing of this was known before. " * 12),
    ]
    found = judged([long, *cases], through, tmp_path, action="drop")
    assert found["a fifth is its own"].verdict.verdict == "excerpt"
    assert kept(found) == {"long", "a fifth is its own", "a whole"}
    for name in ("copy", "all of it is there", "half of the other"):
        assert found[name].verdict.kept_instead == "long"


@THROUGH
def test_annotate_says_what_drop_would_do(through: str, tmp_path: Path) -> None:
    articles = [article("a", PACT, RAIN), article("b", PACT, RAIN), article("c", "By the way:", PACT, RAIN)]
    found = judged(articles, through, tmp_path)
    assert kept(found) == {"a", "b", "c"}
    assert [(each.verdict.kept, each.verdict.kept_instead) for each in found.values()] == [
        (True, None),
        (False, "a"),
        (False, "a"),
    ]


@THROUGH
@pytest.mark.parametrize(
    ("keep", "expected"), [("first", "a"), ("longest", "b"), ("origin", "c"), ("none", None)]
)
def test_keep_chooses_which_one_stays(through: str, tmp_path: Path, keep: str, expected: str | None) -> None:
    articles = [
        article("a", PACT, RAIN, published="2026-03-03T10:00:00Z"),
        article("b", PACT, RAIN, MUSIC[:60], published="2026-03-02T10:00:00Z"),
        article("c", PACT, RAIN, published="2026-03-01T10:00:00Z"),
        article("alone", MUSIC),
    ]
    found = judged(articles, through, tmp_path, action="drop", keep=keep)
    assert kept(found) == {"alone", *([expected] if expected else [])}
    for name in {"a", "b", "c"} - {expected}:
        assert found[name].verdict.kept_instead == expected


@THROUGH
@pytest.mark.parametrize("unit", ["passage", "sentence", "paragraph"])
def test_cut_takes_out_what_was_seen_and_nothing_else(through: str, tmp_path: Path, unit: str) -> None:
    own = "Nobody in the lower town had heard a word of it."
    articles = [
        article("a", PACT),
        article("b", RAIN),
        {**article("c"), "text": f"{own}\n\n{PACT}\n\n{RAIN}\n\n{MUSIC}"},
    ]
    found = judged(articles, through, tmp_path, action="cut", cut_unit=unit)
    text, said = articles[2]["text"], found["c"].verdict
    assert found["c"].text is not None
    assert found["c"].text.split() == f"{own} {MUSIC}".split()
    left, end = "", 0
    for start, stop in said.cut:
        left, end = left + text[end:start], stop
    assert left + text[end:] == found["c"].text
    assert (said.kept, found["a"].text, found["a"].verdict.cut) == (True, None, ())


@THROUGH
def test_an_article_of_which_too_little_is_left_is_stopped(through: str, tmp_path: Path) -> None:
    articles = [article("a", PACT), article("b", "A note of ours.", PACT), article("c", MUSIC)]
    assert kept(judged(articles, through, tmp_path, action="cut")) == {"a", "b", "c"}
    found = judged(articles, through, tmp_path, action="cut", min_words_left=5)
    assert kept(found) == {"a", "c"}
    assert found["b"].verdict.kept_instead == "a"


@THROUGH
def test_of_html_whole_blocks_go(through: str, tmp_path: Path) -> None:
    seen = f"<p>{PACT}</p><ul><li>{RAIN}</li></ul>"
    page = f"<div class='x'><p>Our <b>own</b> words.</p>{seen}<p>And more.</p></div>"
    articles = [article("a", PACT), article("b", RAIN), article("c", page)]
    found = judged(articles, through, tmp_path, action="cut", cut_unit="passage")
    assert found["c"].text == "<div class='x'><p>Our <b>own</b> words.</p><p>And more.</p></div>"


@THROUGH
def test_keep_none_cuts_from_all(through: str, tmp_path: Path) -> None:
    articles = [article("a", PACT, MUSIC), article("b", RAIN, PACT)]
    found = judged(articles, through, tmp_path, action="cut", keep="none")
    assert [each.text.strip() for each in found.values()] == [MUSIC, RAIN]


def test_against_the_index_alone_or_the_inputs_alone(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        index.add([article("old", PACT)])
        new = [article("n1", PACT), article("n2", RAIN), article("n3", RAIN)]
        before = index.info().articles
        for against, expected in (
            ("index", [False, True, True]),
            ("inputs", [True, True, False]),
            ("all", [False, True, False]),
        ):
            policy = Policy(action="drop", against=against)  # type: ignore[arg-type]
            with Filter(index, policy=policy, store=False) as judge:
                # In batches of one: those of the run are still compared with each other.
                assert [judge.judge([each])[0].kept for each in new] == expected
        assert index.info().articles == before
        assert index.verify().problems == ()
        assert not list(tmp_path.glob(".*"))


def test_an_index_does_not_stop_what_it_kept_before(tmp_path: Path) -> None:
    with Index.create(tmp_path / "index") as index:
        one = Filter(index, policy="drop", keep="longest")
        assert [
            each.kept for each in one.judge([article("a", PACT, RAIN), article("b", PACT, RAIN, MUSIC)])
        ] == [
            False,
            True,
        ]
        (third,) = one.judge([article("c", PACT, RAIN, MUSIC, "And a line more than all the others.")])
        assert (third.kept, third.verdict.kept_instead) == (False, "b")


def test_what_was_judged_before_is_judged_alike(tmp_path: Path) -> None:
    articles = [article("a", PACT), article("b", "New:", PACT, RAIN), article("c", PACT)]
    with Index.create(tmp_path / "index") as index:
        for policy in ("cut", "drop", "annotate", "cut"):
            judge = Filter(index, policy=policy)
            assert judge.judge(articles) == judge.judge(articles)


def test_the_order_of_a_large_group_does_not_matter_for_the_longest() -> None:
    # More articles than a bucket's cap: not every pair is compared.
    rng = np.random.default_rng(5)
    tails = rng.permutation(120)
    articles = [article(f"{n:03}", PACT, RAIN, "and so on " * int(tail)) for n, tail in enumerate(tails)]
    verdicts = find_overlaps(articles).verdicts("drop", keep="longest", min_coverage=None)
    longest = int(np.argmax(tails))
    copies = [row for row in np.flatnonzero(verdicts.kept).tolist() if row != longest]
    assert verdicts.kept[longest]
    # The article kept in its place is not a copy of it: a text so much longer or shorter is another text.
    for row in copies:
        assert verdicts[row].verdict.kept_instead is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": "burn"},
        {"keep": "all"},
        {"cut_unit": "word"},
        {"against": "x"},
        {"min_coverage": 2},
        {"min_words_left": -1},
    ],
)
def test_wrong_values_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="must"):
        Policy(**wrong)


def test_former_names_warn() -> None:
    with pytest.warns(DeprecationWarning, match='policy="drop", keep="longest"'):
        assert Policy.of("keep-longest") == Policy(action="drop", keep="longest")


def test_what_occurs_twice_in_an_article_is_seen_and_cut_twice() -> None:
    own = "Nobody in the lower town had heard a word of it."
    articles = [article("a", PACT), {**article("b"), "text": f"{PACT}\n\n{own}\n\n{PACT}"}]
    (_, cut) = find_overlaps(articles).verdicts(Policy(action="cut"))
    assert cut.text is not None
    assert cut.text.strip() == own
    assert cut.verdict.seen >= cut.verdict.coverage > 0.8
