"""What people see on a terminal, narrow and wide, with and without colour."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from dedup.reporting.terminal import render, render_comparison
from dedup.reporting.wording import headline


def shown(report, width: int = 80, **options) -> str:
    stream = io.StringIO()
    render(report, Console(file=stream, width=width), **options)
    return stream.getvalue()


def compared(report, agreeing, number: int = 0, **console) -> str:
    stream, pair = io.StringIO(), report.overlaps[number]
    a, b = report.article(pair.a), report.article(pair.b)
    render_comparison(pair, a, b, Console(file=stream, **{"width": 80, **console}), agreeing=agreeing)
    return stream.getvalue()


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_nothing_is_wider_than_the_console_and_nothing_ends_in_blanks(report, hostile, width):
    for each in (report, hostile):
        lines = shown(each, width).splitlines()
        assert max(map(cell_len, lines)) <= width
        assert not any(line.endswith(" ") for line in lines)
    text = shown(report, width)
    for name in ("000", "001", "002", "003", "Kashmir Today", "0f3a5b7c9d1e2f40"):
        assert name in text


def test_no_word_of_a_title_is_cut(report):
    words = {word for each in report.texts for word in headline(each).split()}
    for line in shown(report, 80).splitlines():
        if line.endswith("…") and "002" in line:
            assert line.removesuffix("…").split()[-1] in words


def test_notes_come_first_then_the_articles_with_their_sentences(report):
    lines = shown(report, 200).splitlines()
    assert lines[0] == "Note: The source of 004 was inferred from its folder."
    first = lines.index("Articles") + 1
    assert lines[first].startswith("      62 %  Kashmir Today  002  24 Feb 2022  Prime Minister of Pakistan")
    assert lines[first + 1].strip().startswith("62 % of this article is PTI copy, 8 passages")
    assert [line.split("%")[0].strip() for line in lines[first : first + 8 : 2]] == ["62", "35", "12", "3"]


def test_pairs_and_stories_follow(report):
    text = shown(report, 200)
    order = ["\nPairs", "of earlier", "\nStories", "earliest of the full texts", "Share: words", "5 articles"]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    wide = next(line for line in text.splitlines() if line.startswith("1  partial"))
    assert wide.index("Kashmir Today") < wide.index("Eastern Eye")
    assert "5 h 38 min" in wide
    narrow = shown(report, 80)
    assert "partial · PTI ·" in narrow
    assert "+5 h 38 min" in narrow


def test_long_ids_stay_on_one_line(report):
    long = "https://a.example/news/2024/01/05/" + "long-slug-" * 9
    made = replace(
        report,
        texts=(replace(report.texts[0], id=long), *report.texts[1:]),
        articles=(replace(report.articles[0], id=long), *report.articles[1:]),
        overlaps=tuple(replace(each, a=long) if each.a == "000" else each for each in report.overlaps),
        stories=(),
    )
    for width in (60, 80, 120, 200):
        text = shown(made, width)
        assert "a.example…ng-slug-" in text
        assert len(text.splitlines()) < 40
    assert long in shown(made, 400, full_ids=True)


def test_an_encoding_without_the_signs_gets_ascii(report):
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    render(report, Console(file=stream, width=80))
    text = raw.getvalue().decode("ascii")
    assert "partial - PTI - " in text
    assert "..." in text


def test_what_is_cut_is_counted(many):
    text = shown(many, limit=5)
    assert "… 296 more articles with shared text, not shown." in text
    assert "… 295 more stories, not shown." in text
    assert "… 295 more pairs, not shown." in text
    assert "n299" in text
    assert "n100" not in text
    assert "not shown" not in shown(many, limit=None)


def test_a_run_without_overlaps_says_so(empty):
    assert shown(empty).splitlines() == [
        "No shared text was found.",
        "0 articles, 0 overlaps, 0 stories. Settings 0f, dedup 0.1.0.",
    ]


def test_control_characters_and_markup_of_a_text_do_nothing(hostile):
    stream = io.StringIO()
    render(hostile, Console(file=stream, width=100, force_terminal=True))
    assert "\x1b[31mred" not in stream.getvalue()
    assert "␛[31mred" in shown(hostile, 400)


def test_no_color_is_honoured(report, monkeypatch):
    stream = io.StringIO()
    render(report, Console(file=stream, width=80, force_terminal=True, color_system="truecolor"))
    assert "\x1b[33mpartial" in stream.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    stream = io.StringIO()
    render(report, Console(file=stream, width=80, force_terminal=True, color_system="truecolor"))
    assert "\x1b[1m" in stream.getvalue()
    assert "33mpartial" not in stream.getvalue()


def test_a_comparison_stands_side_by_side_with_places_and_scores(report, agreeing):
    text = compared(report, agreeing)
    assert "partial, syndicated, PTI: 5 passages, 24 % of A and 46 % of B" in text
    assert '- the credit "(PTI)" stands in one of them' in text
    first = report.overlaps[0].passages[0]
    assert f"A {first.a_start}–{first.a_end}" in text
    assert f"B {first.b_start}–{first.b_end}" in text
    left, right = next(line for line in text.splitlines() if "Vladimir Putin met" in line).split("  ", 1)
    assert left.strip().startswith("Vladimir Putin met")
    assert right.strip().startswith("Vladimir Putin met")
    assert "similarity: 2 × agreeing words" in " ".join(text.split())


def test_without_colour_differing_words_stand_in_brackets(report, agreeing):
    text = compared(report, agreeing, width=200)
    assert "met Pakistan prime minister Imran Khan in [Moscow on Thursday (24]) in his first" in text
    assert "in [the Kremlin today] in his first" in text
    assert "[differs]" in text


def test_with_colour_words_are_styled_not_bracketed(report, agreeing):
    text = compared(report, agreeing, width=200, force_terminal=True, color_system="standard")
    assert "\x1b[4;33mthe Kremlin today\x1b[0m" in text
    assert "[the Kremlin today]" not in text


def test_no_color_brings_the_brackets_back_in_a_terminal(report, agreeing, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    text = compared(report, agreeing, width=200, force_terminal=True, color_system="standard")
    assert "[the Kremlin today]" in text


def test_precomputed_words_do_as_well_as_a_callable(report, agreeing):
    assert compared(report, agreeing(report.overlaps[0])) == compared(report, agreeing)


def test_a_narrow_console_puts_the_texts_under_each_other(report, agreeing):
    text = compared(report, agreeing, width=40)
    assert max(map(len, text.splitlines())) <= 40
    lines = [line.strip() for line in text.splitlines()]
    assert "A 159–338" in lines
    assert "B 129–302" in lines


def test_two_that_share_nothing_say_so(report):
    stream = io.StringIO()
    a, b = report.article("000"), report.article("004")
    render_comparison(None, a, b, Console(file=stream, width=80), agreeing=())
    assert "The two share no passage under these settings." in stream.getvalue()


def test_a_comparison_of_hostile_texts_is_inert(hostile):
    def none(pair):
        return [([], []) for _ in pair.passages]

    text = compared(hostile, none, force_terminal=True)
    assert "\x1b[31mred" not in text
