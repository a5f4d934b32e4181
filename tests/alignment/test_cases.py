"""What outlets do to a text, written by hand, and texts designed to be slow."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import words

from dedup.alignment.batch import Alignments, agreeing_runs, align_pairs
from dedup.settings import Settings
from dedup.text.tokens import hash_words, tokenise

STORY = (
    "The two countries have been holding regular joint military exercises since 2016 in another sign of "
    "deepening ties between Moscow and Islamabad"
)
LEAD = "Fishermen along the northern coast landed their largest catch of herring for a decade on Sunday."
TAIL = "Children under twelve travel free on ferries during school holidays, operators announced yesterday."

Spans = list[tuple[str, str]]


def found_in(a: str, b: str, **knobs: float) -> tuple[Spans, Alignments]:
    """Return the aligned passages as text, and the columns behind them."""
    tokens = tokenise([a, b], places=True)
    found = align_pairs(
        tokens.hashes,
        tokens.flags,
        tokens.offsets,
        np.array([0]),
        np.array([1]),
        Settings(**knobs),  # type: ignore[arg-type]
    )
    shift = int(tokens.offsets[1])

    def text(whole: str, start: int, end: int) -> str:
        return whole[int(tokens.starts[start]) : int(tokens.ends[end - 1])]

    return [
        (text(a, a_start, a_end), text(b, shift + b_start, shift + b_end))
        for a_start, a_end, b_start, b_end in zip(
            found.a_start.tolist(),
            found.a_end.tolist(),
            found.b_start.tolist(),
            found.b_end.tolist(),
            strict=True,
        )
    ], found


def test_a_copied_sentence_is_found_from_its_first_to_its_last_word() -> None:
    spans, found = found_in(f"{LEAD} {STORY}.", f"{STORY.upper()}, officials said. {TAIL}")
    assert spans == [(STORY, STORY.upper())]
    assert found.similarity.tolist() == [1.0]


@pytest.mark.parametrize(
    ("changed", "agree"),
    [
        (STORY.replace("regular ", ""), 21),
        (STORY.replace("regular", "frequent"), 21),
        (STORY.replace("since 2016", "since 2016, when the pact was signed in Sochi,"), 22),
        (STORY.replace("regular joint military", "joint military regular"), 21),
        (STORY.replace("Moscow and Islamabad", "Russia and Pakistan"), 19),
        (STORY.replace(" in another", ".\n\nIn another"), 22),
        (STORY.replace("deepening ties", "deep ties"), 21),
        (STORY.replace("have been holding", "are holding"), 20),
    ],
)
def test_a_small_change_is_bridged_and_not_counted(changed: str, agree: int) -> None:
    spans, found = found_in(f"{LEAD} {STORY} {LEAD}", f"{TAIL} {changed} {TAIL}")
    assert len(spans) == 1
    assert found.words.tolist() == [agree]
    assert spans[0][0].startswith("The two countries")


def test_a_sentence_cut_from_the_middle_is_bridged() -> None:
    first, cut, last = (" ".join(words(name, count)) for name, count in (("c", 30), ("d", 11), ("f", 30)))
    spans, found = found_in(f"{first}. {cut}. {last}.", f"{first}. {last}.")
    assert spans == [(f"{first}. {cut}. {last}", f"{first}. {last}")]
    assert found.words.tolist() == [60]
    assert found.similarity.tolist() == [pytest.approx(120 / 131)]


def test_runs_far_apart_are_two_passages() -> None:
    first, last = " ".join(words("c", 20)), " ".join(words("d", 20))
    between = " ".join(words("f", 60))
    spans, _ = found_in(f"{first} {between} {last}", f"{first} {' '.join(words('g', 60))} {last}")
    assert spans == [(first, first), (last, last)]
    spans, _ = found_in(f"{first} {between} {last}", f"{first} {last}")
    assert spans == [(first, first), (last, last)]


def test_paragraphs_that_change_places_are_two_passages() -> None:
    first, last = " ".join(words("c", 20)), " ".join(words("d", 25))
    spans, _ = found_in(f"{first}\n\n{last}", f"{last}\n\n{first}")
    assert spans == [(first, first), (last, last)]


def test_a_passage_twice_in_one_article_is_reported_once() -> None:
    text = " ".join(words("c", 25))
    for a, b in ((f"{LEAD} {text}", f"{text} {TAIL} {text}"), (f"{text} {TAIL} {text}", f"{LEAD} {text}")):
        spans, found = found_in(a, b)
        assert spans == [(text, text)]
        assert found.words.tolist() == [25]


def test_a_passage_twice_in_both_articles_is_reported_twice_at_most() -> None:
    text = " ".join(words("c", 25))
    spans, _ = found_in(f"{text} {LEAD} {LEAD} {text}", f"{text} {TAIL} {TAIL} {text}")
    assert spans == [(text, text)] * 2


@pytest.mark.parametrize("length", [9, 10])
def test_the_least_number_of_words_is_kept(length: int) -> None:
    text = " ".join(words("c", length))
    assert len(found_in(f"{LEAD} {text}", f"{text} {TAIL}")[0]) == (length >= 10)


def edited_copy(runs: tuple[int, ...]) -> tuple[str, str]:
    """Return two texts that agree in runs of these lengths, with a different word between every two runs."""
    sides = []
    for changed in ("d", "f"):
        agreeing, side = words("c", sum(runs)), []
        for number, run in enumerate(runs):
            side += [*agreeing[:run], *words(changed, 1, number)]
            agreeing = agreeing[run:]
        sides.append(" ".join(side))
    return sides[0], sides[1]


@pytest.mark.parametrize(
    ("runs", "seeds", "agree"),
    [((4, 4, 2), 2, 10), ((5, 3, 3), 2, 11), ((4, 4, 4), 3, 12), ((5, 4, 3), 3, 12)],
)
def test_a_pair_with_fewer_than_three_seeds_goes_no_further(
    runs: tuple[int, ...], seeds: int, agree: int
) -> None:
    """A run of five words has two seeds of four words; all seeds of the pair count, wherever they occur."""
    a, b = edited_copy(runs)
    _, found = found_in(a, b)
    assert found.words.tolist() == ([agree] if seeds >= 3 else [])
    elsewhere = " ".join(words("g", 4))
    _, found = found_in(f"{elsewhere} {LEAD} {LEAD} {LEAD} {a}", f"{b} {TAIL} {TAIL} {TAIL} {elsewhere}")
    assert found.words.tolist() == [agree]


@pytest.mark.parametrize(
    ("runs", "min_words", "agree"), [((4, 4, 2), 5, 10), ((5, 3, 3), 5, 11), ((5, 3, 3), 6, None)]
)
def test_no_more_seeds_are_asked_than_the_least_passage_holds(
    runs: tuple[int, ...], min_words: int, agree: int | None
) -> None:
    """Five words in a row have two seeds of four words, six have three."""
    _, found = found_in(*edited_copy(runs), min_words=min_words)
    assert found.words.tolist() == ([] if agree is None else [agree])


@pytest.mark.parametrize("seed_words", [2, 3, 4, 5, 6])
@pytest.mark.parametrize("more", [0, 1, 2, 3])
def test_a_run_of_the_least_number_of_words_is_found_however_few_its_seeds(
    seed_words: int, more: int
) -> None:
    least = max(5, seed_words + more)  # a run of fewer words weighs too little
    text = " ".join(words("c", least))
    spans, _ = found_in(f"{LEAD} {text}", f"{text} {TAIL}", seed_words=seed_words, min_words=least)
    assert spans == [(text, text)]


def test_short_words_that_meet_by_chance_do_not_lengthen_a_passage() -> None:
    spans, _ = found_in(f"{STORY} and of the day it was", f"{STORY} but as they go to the end of it")
    assert spans == [(STORY, STORY)]


def test_two_tellings_of_one_event_share_no_passage() -> None:
    one = "Putin received Khan in the Kremlin for talks that lasted three hours and touched on gas and grain."
    two = (
        "For three hours the Pakistani prime minister and the Russian president spoke in Moscow about grain."
    )
    assert found_in(one, two)[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "प्रधानमंत्री ने कहा कि दोनों देशों के बीच संबंध मजबूत हो रहे हैं और आने वाले वर्षों में व्यापार बढ़ेगा",
        "قال رئيس الوزراء إن العلاقات بين البلدين تزداد قوة وإن التجارة سوف تنمو في السنوات القادمة",
        "总理在星期四的会议上表示两国关系正在不断加强今后几年贸易将继续增长",
        "Премьер заявил, что отношения между двумя странами укрепляются и торговля в ближайшие годы вырастет",
    ],
)
def test_other_scripts_align_as_well(text: str) -> None:
    spans, _ = found_in(f"{LEAD} {text}", f"{text} {TAIL}")
    assert spans == [(text, text)]


def test_articles_shorter_than_a_seed_share_nothing() -> None:
    assert found_in("one two three", "one two four", min_words=1)[0] == []
    assert found_in("", "", min_words=1)[0] == []
    assert found_in(STORY, "", min_words=1)[0] == []


@pytest.mark.parametrize(
    "text",
    [
        "Closed",
        "Rain stops play",
        "1 2 3 4 5",
        "Ali, Ahmed and Karim",
        "Every Word Of This Short Notice Wears A Capital As Headlines In Some Countries Do",
    ],
)
def test_equal_texts_are_one_passage_whatever_they_hold(text: str) -> None:
    spans, found = found_in(text, text.upper())
    assert spans == [(text, text.upper())]
    assert found.words.tolist() == [len(text.split())]


@pytest.mark.parametrize("shared", ["They said", "It", "Officials said on Monday that"])
@pytest.mark.parametrize("mirrored", [False, True])
def test_a_moved_paragraph_is_found_whole_though_it_continues_as_another_does(
    shared: str, mirrored: bool
) -> None:
    """The text after one passage happens to begin the other passage."""
    first, last = " ".join(words("c", 30)), " ".join(words("d", 31))
    a = f"{first}. {shared} {last}."
    b = f"{shared} {last}. {LEAD} {first}. {shared} {' '.join(words('f', 20))}."
    spans, found = found_in(*((b, a) if mirrored else (a, b)))
    assert len(spans) == 2
    assert found.words.sum() >= 61
    assert all(side.split()[0] in (first.split()[0], last.split()[0], shared.split()[0]) for side, _ in spans)


def test_passages_do_not_share_a_word_of_either_text() -> None:
    first, last = " ".join(words("c", 20)), " ".join(words("d", 20))
    _, found = found_in(f"{first} so it was {last}", f"so it was {last} {TAIL} {first} so it was {LEAD}")
    for starts, ends in ((found.a_start, found.a_end), (found.b_start, found.b_end)):
        order = np.argsort(starts)
        assert (ends[order][:-1] <= starts[order][1:]).all()
    assert found.words.tolist() == [23, 20] or found.words.tolist() == [20, 23]


@pytest.mark.parametrize("next_words", [("The", "minister"), ("It was", "snowing"), ("在", "北京")])
def test_a_passage_ends_with_its_sentence(next_words: tuple[str, str]) -> None:
    alike, other = next_words
    spans, _ = found_in(
        f"{LEAD} {STORY}. {alike} {' '.join(words('c', 12))}.", f"{STORY}. {alike} {other} resigned. {TAIL}"
    )
    assert spans == [(STORY, STORY)]


def test_a_passage_begins_with_its_sentence() -> None:
    spans, _ = found_in(f"{LEAD} He resigned today. {STORY}.", f"{TAIL} Nobody came today. {STORY}.")
    assert spans == [(STORY, STORY)]


def test_a_sentence_of_one_word_that_is_shared_stays() -> None:
    spans, _ = found_in(f"{STORY}. Never. {LEAD}", f"{TAIL} {STORY}. Never. {TAIL}")
    assert spans == [(f"{STORY}. Never", f"{STORY}. Never")]


def test_no_pairs_give_no_passages() -> None:
    tokens, none = tokenise([STORY]), np.zeros(0, np.uint32)
    assert len(align_pairs(tokens.hashes, tokens.flags, tokens.offsets, none, none, Settings())) == 0


def test_hundreds_of_passages_of_one_pair_are_kept() -> None:
    """There are more passages than the kernel has room for at first."""
    runs = [words("c", 12, 100 * number) for number in range(60)]
    a = " ".join(" ".join(run + words("d", 30, 100 * number)) for number, run in enumerate(runs))
    b = " ".join(" ".join(run + words("f", 30, 100 * number)) for number, run in enumerate(runs))
    spans, _ = found_in(a, b)
    assert spans == [(" ".join(run), " ".join(run)) for run in runs]


SENTENCE = "The council approved the plan for the new bridge on Monday evening."


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"{SENTENCE} " * 10_000, f"{SENTENCE} " * 10_000),
        (f"{SENTENCE} " * 10_000, SENTENCE),
        (SENTENCE, f"{SENTENCE} " * 10_000),
        ("word " * 100_000, "word " * 100_000),
        ("the " * 50_000, "of the " * 25_000),
        ("one two three four five " * 20_000, "five four three two one " * 20_000),
        ("one two three four " * 25_000, "one two three four five " * 20_000),
    ],
    ids=["both", "many-one", "one-many", "one-word", "short-words", "mirrored", "out-of-step"],
)
def test_texts_that_repeat_end_in_time_proportional_to_their_length(a: str, b: str) -> None:
    """A hundred thousand words per side: work that grew with the square would not finish here."""
    tokens = tokenise([a, b])
    found = align_pairs(tokens.hashes, tokens.flags, tokens.offsets, np.array([0]), np.array([1]), Settings())
    length_a, length_b = np.diff(tokens.offsets).tolist()
    assert (found.a_end <= length_a).all()
    assert (found.b_end <= length_b).all()
    assert found.words.sum() <= min(length_a, length_b)


def test_one_article_of_two_hundred_thousand_words_against_itself() -> None:
    hashes = np.random.default_rng(3).integers(0, 2**32, 200_000, np.uint32)
    twice = np.concatenate([hashes, hashes])
    offsets = np.array([0, 200_000, 400_000])
    flags = np.zeros(len(twice), np.uint8)
    found = align_pairs(twice, flags, offsets, np.array([0]), np.array([1]), Settings())
    assert (found.words.tolist(), found.longest_run.tolist()) == ([200_000], [200_000])


def test_agreeing_runs_of_the_same_text_are_one() -> None:
    hashes = hash_words(STORY)
    assert agreeing_runs(hashes, hashes, Settings()).tolist() == [[0, 0, 22]]
    assert agreeing_runs(hashes[:0], hashes, Settings()).tolist() == []
    assert agreeing_runs(hashes[:3], hashes[:3], Settings()).tolist() == [[0, 0, 3]]


@pytest.mark.parametrize(
    "text",
    [
        "Imran Khan, Vladimir Putin, Nawaz Sharif, Joe Biden, Ned Price, Sergey Lavrov, Asif Zardari, Abbasi",
        "1 2 10 30 4 2 3 4 23 1 19 22 2 2 14 18 7 3 3 10",
        "Arsenal 2 Chelsea 1, Everton 0 Fulham 3, Burnley 2 Watford 2, Leeds 1 Derby 1, Norwich 0 Wolves 4",
        "up two up three down two up one up two up three down two down one",
    ],
)
def test_names_numbers_and_refrains_alone_are_no_passage(text: str) -> None:
    assert found_in(f"{LEAD} {text}.", f"{TAIL} {text}.")[0] == []
