"""HTML and Markdown in a text: what is skipped, what is read, and where."""

from __future__ import annotations

import html

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dedup import Article, compare
from dedup.text.flags import LINE
from dedup.text.tokens import hash_words, tokenise

STORY = (
    "The mountain railway will close for two winters while engineers rebuild the upper viaduct, and buses "
    "will carry pupils to the valley school until the line opens again in spring."
)


def words(text: str, text_as: str = "auto") -> list[str]:
    found = tokenise([text], places=True, text_as=text_as)
    return [text[start:end] for start, end in zip(found.starts.tolist(), found.ends.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One</p><p>two</p>", ["One", "two"]),
        ('<a href="http://a.example/x" class="link tag">the lake</a>&nbsp;road', ["the", "lake", "road"]),
        ("<!-- a note --> one <script>var a = '<p>';</script>two", ["one", "two"]),
        ("one<style>p { color: red }</style> two", ["one", "two"]),
        (
            '<figure class="c"><img src="a>b" alt="A lake"/><figcaption>A lake</figcaption></figure>two',
            ["two"],
        ),
        ("one &amp; two &lt;three&gt; &#8217;four&#x2019;", ["one", "two", "three", "four"]),
        ("a < b and c > d", ["a", "b", "and", "c", "d"]),
        ("write to <anna@lake.example> now", ["write", "to", "anna", "lake", "example", "now"]),
        ("AT&T; &nosuch; x", ["AT", "T", "nosuch", "x"]),
        (
            "[the lake](https://x.example/a_(b)) froze ![A map](/m.png) again",
            ["the", "lake", "froze", "again"],
        ),
        ("a [note] (see below) and b](c", ["a", "note", "see", "below", "and", "b", "c"]),
        ("<b>One", ["One"]),
        ("<p one two", ["p", "one", "two"]),
        ("漢<rt>kan</rt>字", ["漢", "字"]),
    ],
)
def test_markup_is_passed_over(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("rail<b>way</b> via<wbr>duct H<sub>2</sub>O", "railway viaduct H2O"),
        ("caf&eacute; caf&#233; cafe&#x301;", "café café café"),
        ("don&rsquo;t &ldquo;go&rdquo;&hellip;", "don’t “go”…"),
        ("<em>น</em>&#3657;ำ", "น้ำ"),
        ("rail<i>-\n</i>way", "rail- way"),
    ],
)
def test_inline_tags_and_entities_do_not_cut_words(text: str, plain: str) -> None:
    assert hash_words(text).tolist() == hash_words(plain).tolist()


def test_block_tags_end_lines_and_inline_tags_do_not() -> None:
    found = tokenise(["<p>One <b>two</b></p><p>three<br>four</p>"])
    assert (found.flags & LINE > 0).tolist() == [True, False, True, True]


def test_plain_text_is_read_as_it_is_where_that_is_asked_for() -> None:
    assert words("<p>One</p> &amp; [a](http://b.example)", "plain") == [
        *("p", "One", "p", "amp", "a", "http", "b", "example")
    ]
    assert words("<note to=x>One</note>", "html") == ["One"]
    assert words("<note to=x>One</note>", "auto") == ["note", "to", "x", "One", "note"]


@given(st.text(st.sampled_from("ab é新<>&;/!-[]()\"'=#\n"), max_size=60))
@example("<")
@example("<a")
@example("&#")
@example("<!--")
@example("<a b='")
def test_places_are_those_of_the_original_whatever_the_markup(text: str) -> None:
    for text_as in ("auto", "html", "plain"):
        found = tokenise([text, "end"], places=True, text_as=text_as)
        starts, ends = found.starts[: found.offsets[1]], found.ends[: found.offsets[1]]
        assert (starts < ends).all()
        assert (ends[:-1] <= starts[1:]).all()
        assert (ends <= len(text)).all()
        assert found.starts[-1] == 0
        assert found.ends[-1] == 3


@given(st.characters(exclude_categories=["Cs"]))
def test_a_character_and_its_entity_are_one_word(character: str) -> None:
    text = f"rail{character}way long words to reach"
    for written in (f"rail&#{ord(character)};way long words to reach",):
        if html.unescape(f"&#{ord(character)};") == character:
            assert hash_words(written).tolist() == hash_words(text).tolist()


def test_a_copy_inside_html_is_verbatim_with_the_places_of_the_original() -> None:
    marked = STORY.replace("engineers", '<a href="/e?a=1" class="who">engineers</a>').replace(
        "upper viaduct", "<strong>upper</strong>&nbsp;via<wbr>duct"
    )
    page = f'<div class="body"><p>Snow fell.</p><p>{marked}</p></div>'
    found = compare(Article(id="a", text=page), Article(id="b", text=STORY))
    assert found is not None
    (passage,) = found.passages
    assert (passage.relation, passage.similarity) == ("verbatim", 1.0)
    assert page[passage.a_start : passage.a_end] == marked.rstrip(".")
    assert STORY[passage.b_start : passage.b_end] == STORY.rstrip(".")


def test_articles_that_share_markup_alone_share_nothing() -> None:
    figure = (
        '<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="1024" '
        'class="wp-image-{0}" sizes="(max-width: 1024px) 100vw, 1024px" '
        'src="https://site{0}.example/a-1024x683.jpg" '
        'alt="Picture {0}"/></figure>'
    )
    bodies = ["The council met late.", "A painter drew the old bridge."]
    one, two = (f"<p>{body}</p>{figure.format(number)}" for number, body in enumerate(bodies))
    assert compare(Article(id="a", text=one), Article(id="b", text=two)) is None
    assert np.diff(tokenise([one, two]).offsets).tolist() == [4, 6]
