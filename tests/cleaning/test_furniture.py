"""Site furniture is marked, story text is not, and the kernel agrees with a plain reading of the rules."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dedup.cleaning.agencies import agencies, generic_names, read_data
from dedup.cleaning.furniture import mark_by_rules, mark_furniture
from dedup.text.flags import CAPITAL, FURNITURE, LINE, NUMBER, SENTENCE, TEASER
from dedup.text.tokens import Tokens, tokenise
from dedup.text.word_hashes import KIND, SHORT

SEEDS = Path(__file__).parents[2] / "seeds"
STORY = (
    "The two leaders met in the capital on Thursday and agreed to deepen cooperation in trade, energy and "
    "education, a joint statement said after three hours of talks that both sides called constructive."
)


def mask_of(tokens: Tokens) -> NDArray[np.bool_]:
    return mark_furniture(tokens).flags & FURNITURE != 0


def line_marks(text: str) -> list[tuple[str, bool]]:
    """The lines that have words, and whether they are furniture; half a line never is."""
    tokens = tokenise([text], places=True)
    mask = mask_of(tokens)
    starts = [*np.flatnonzero(tokens.flags & LINE).tolist(), len(mask)]
    marks = []
    for start, stop in pairwise(starts):
        assert mask[start:stop].all() == mask[start:stop].any()
        marks.append((text[tokens.starts[start] : tokens.ends[stop - 1]], bool(mask[start])))
    return marks


def furniture_of(*lines: str) -> list[str]:
    return [line for line, marked in line_marks("\n\n".join(lines)) if marked]


def read_seed(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


# For each seed: the lines of its story that are furniture, and the first words after the story.
WITHIN = {
    "000": [],
    "001": [],
    "002": [],
    "003": ["Also read: On Russia", "Also read: Russian troops"],
    "004": ["LEAD NEW Inset"],
}
BOUNDS = {
    "000": ("Imran Khan, Putin", "PTI"),
    "001": ("Imran Khan's first", "PTI"),
    "002": ("Prime Minister of", "Except for the headline"),
    "003": ("Pakistan PM Imran Khan raises", "Also read: Russian"),
    "004": ("Russia-Pakistan", "More For You"),
}


@pytest.mark.parametrize("number", BOUNDS)
def test_of_a_seed_all_furniture_is_marked_and_nothing_else(number: str) -> None:
    (path,) = SEEDS.glob(f"{number}_*.txt")
    marks = line_marks(read_seed(path))
    first, after = BOUNDS[number]
    title = next(i for i, (line, _) in enumerate(marks) if line.startswith(first))
    end = next(i for i, (line, _) in enumerate(marks) if line.startswith(after))
    assert all(marked for _, marked in marks[:title] + marks[end:])
    within = [line for line, marked in marks[title:end] if marked and not line.endswith(("Us", "Size"))]
    assert [line for line in within if not any(line.startswith(known) for known in WITHIN[number])] == []
    assert len(within) == sum(
        1 for line, _ in marks[title:end] if line.startswith(tuple(WITHIN[number] or "\0"))
    )


def test_no_gold_passage_is_furniture() -> None:
    texts = {path.stem: read_seed(path) for path in SEEDS.glob("*.txt")}
    overlaps = [json.loads(line) for line in (SEEDS / "gold.jsonl").read_text(encoding="utf-8").splitlines()]
    for overlap in overlaps:
        for side in "ab":
            tokens = tokenise([texts[overlap[side]]], places=True)
            mask = mask_of(tokens)
            for passage in overlap["passages"]:
                start, end = passage[f"{side}_start"], passage[f"{side}_end"]
                inside = (tokens.starts >= start) & (tokens.ends <= end)
                assert inside.any()
                assert not mask[inside].any()


PAGES = {
    "en": ["Skip to content", "Advertisement", "Share this article", "Also Read: Another headline", "(PTI)",
           "Follow us on Twitter and Facebook", "Facebook Twitter WhatsApp Email", "Home News World Politics",
           "Updated: February 24, 2022 10:02 AM IST", "Copyright 2022 The Publisher",
           "© 2022 Publisher. All rights reserved.",
           "(Photo: Getty Images)", "Leaders meet. (Photo by JANE ROE/AFP via Getty Images)",
           "The Kremlin in Moscow, Russia, June 13, 2023. REUTERS/Jane Roe", "Reuters/Jane Roe",
           "Leave a Reply",
           "This story has been published from a wire agency feed without modifications to the text."],
    "es": ["Publicidad", "Lea también: otro titular", "Compartir", "Síguenos en Facebook", "(EFE)",
           "Todos los derechos reservados", "24 de febrero de 2022"],
    "de": ["Zum Inhalt springen", "Anzeige", "Lesen Sie auch: eine andere Nachricht", "Teilen", "(dpa)",
           "Quelle: dpa", "24. Februar 2022, 10:02 Uhr"],
    "fr": ["Aller au contenu principal", "Publicité", "À lire aussi : un autre titre", "Partager", "(AFP)",
           "Publié le 24 février 2022 à 10:02", "Avec AFP"],
    "hi": ["विज्ञापन", "यह भी पढ़ें: एक और ख़बर", "शेयर करें", "(भाषा)", "24 फरवरी 2022"],
    "ur": ["اشتہار", "یہ بھی پڑھیں: ایک اور خبر", "شیئر کریں", "24 فروری 2022"],
    "ar": ["إعلان", "اقرأ أيضا: خبر آخر", "مشاركة الخبر", "(أ ف ب)", "24 فبراير 2022"],
    "zh": ["广告", "相关阅读：另一条新闻", "分享到", "（新华社）", "2022年2月24日"],
}  # fmt: skip


@pytest.mark.parametrize("language", PAGES)
def test_the_furniture_of_a_language_is_marked(language: str) -> None:
    for line in PAGES[language]:
        marks = line_marks(f"{STORY}\n{line}\n{STORY}")
        assert [marked for _, marked in marks] == [False, True, False], line


@pytest.mark.parametrize(
    "line",
    [
        "Copyright law experts said the ruling could affect thousands of artists across the country.",
        "Photo identification is needed to vote in all of the elections, the government said on Monday.",
        "She learned to read more",
        "Disclosure of the documents began on Monday.",
        "For the latest round of talks, negotiators arrived in Geneva on Monday.",
        "Published on Monday in a scientific journal, the study followed 400 patients over ten years.",
        "Advertisement hoardings were removed from the city overnight.",
        "He shared the article, a photo and a video with the police, who share them with Reuters.",
        "The lawsuit was brought by an agency of photographers against Getty Images.",
        "It has been so since 2019, Reuters reported.",
        "The war began on February 24, 2022. Reuters Television showed the first pictures of it.",
        "In 2022 the number was 12, in 2023 it was 14",
        "The author is charged with having copied a chapter of an older novel, and the prize was withdrawn.",
        "The writer is expected to appear before the court in the spring, when the case is heard again.",
        "Compiled by the ministry from the reports of all schools, the list shows where teachers "
        "are missing.",
        "Reporting by local papers showed that the company had known of the leak for longer than "
        "it admitted.",
        "Read more than forty books a year and the brain stays young, according to a study of older people.",
        "Disclaimer of the inheritance was filed by the three brothers before the deadline passed in May.",
        "Search teams found the aircraft at dawn.",
        "Follow the money, prosecutors were told.",
        "Comments by the minister drew criticism from the opposition.",
        "Home prices rose 4 percent.",
        "Khan ‘regretted’ Ukraine attack",
        "Sigue a la espera de una respuesta del gobierno.",
        "Diese Meldung wurde später dementiert.",
        "تابعوا سيرهم نحو المدينة.",
        "इस खबर को मंत्री ने गलत बताया।",
        "分享经济发展迅速。",
    ],
)
def test_story_text_that_begins_like_furniture_is_left(line: str) -> None:
    assert furniture_of(STORY, line, STORY) == []


def test_a_navigation_path_that_repeats_the_headline() -> None:
    headline = "Leaders agree to deepen trade ties in Moscow"
    assert furniture_of(f"HomeWorld{headline}", headline, STORY) == [f"HomeWorld{headline}"]
    assert furniture_of(f"Start > World > {headline}...", headline, STORY) == [f"Start > World > {headline}"]
    assert furniture_of(headline, headline, STORY) == []


def test_a_block_of_teasers_runs_to_its_last_end() -> None:
    teasers = [
        "More for you",
        "A headline",
        STORY,
        "Keep reading",
        "Another headline",
        STORY,
        "Keep ReadingShow less",
    ]
    assert len(furniture_of(STORY, *teasers)) == len(teasers)
    assert furniture_of(STORY, "(ANI)", *teasers, STORY) == ["ANI", *(line.rstrip(".") for line in teasers)]


def test_a_block_of_headlines_runs_to_the_end() -> None:
    headlines = ["Trending now", "A headline of some eight words or so", "Another headline"]
    assert furniture_of(STORY, *headlines) == headlines
    assert furniture_of(STORY, *headlines, STORY) == headlines[:1]
    assert furniture_of(STORY, "相关阅读", "两国领导人在莫斯科举行会谈并同意深化贸易合作关系") != []


def test_a_teaser_end_far_below_a_heading_hides_no_story() -> None:
    assert furniture_of(STORY, "Related stories", STORY, STORY, STORY, STORY, STORY, "Read more") == [
        "Related stories",
        "Read more",
    ]


def test_headings_above_the_story_open_no_block() -> None:
    assert furniture_of("Latest stories", "A headline", STORY, "Keep reading") == [
        "Latest stories",
        "Keep reading",
    ]


def test_teasers_are_told_from_other_furniture() -> None:
    tokens = mark_furniture(tokenise([f"Search\n{STORY}\n(PTI)\nMore for you\nA headline"]))
    teased = tokens.flags & TEASER != 0
    assert teased.tolist() == [False] * (len(tokens.hashes) - 5) + [True] * 5
    assert mask_of(tokens)[teased].all()


def test_articles_do_not_see_each_other() -> None:
    texts = [STORY, "", "More for you\nA headline", "Keep reading", STORY]
    tokens = tokenise(texts)
    alone = np.concatenate([mask_of(tokenise([text])) for text in texts])
    assert (mask_of(tokens) == alone).all()


# The oracle: the rules as lists of words, read again line by line.

Words = tuple[int, ...]


def words_of(phrase: str) -> Words:
    return tuple(tokenise([phrase]).hashes.tolist())


class Oracle:
    """The rules of ``furniture.toml`` in plain Python; `marks` answers for one article."""

    def __init__(self) -> None:
        data = read_data("furniture.toml")
        names = [
            *(name for agency in agencies() for name in agency.aliases + agency.strict),
            *generic_names(),
        ]
        self.whole = {words_of(phrase) for group in data["line"] for phrase in group["phrases"]}
        templates = data["credit_lines"]["templates"]
        self.whole |= {
            words_of(template.replace("{agency}", name)) for template in templates for name in names
        }
        self.starts = [
            (words_of(p), g["words"], g.get("look_on"))
            for g in data["start"]
            for p in self.years(g["phrases"])
        ]
        self.ends = [(words_of(p), g["words"]) for g in data["end"] for p in g["phrases"]]
        self.headings = {words_of(p): g["short"] for g in data["block"] for p in g["headings"]}
        self.teaser_ends = [(words_of(p), g["words"]) for g in data["teaser_end"] for p in g["phrases"]]
        self.openers = [words_of(p) for p in data["caption"]["openers"]]
        self.closers = [words_of(p) for p in data["caption"]["closers"]]
        self.wires = [words_of(p) for p in data["wire_photo"]["names"]]
        self.dates = {words_of(p)[0] for p in data["dates"]["words"]}
        self.menus = {words_of(p)[0] for p in data["menus"]["words"]}
        self.data = data

    @staticmethod
    def years(phrases: list[str]) -> list[str]:
        spread = (range(1990, 2050) if "{year}" in phrase else [0] for phrase in phrases)
        return [
            phrase.replace("{year}", str(year))
            for phrase, years in zip(phrases, spread, strict=True)
            for year in years
        ]

    def marks(self, hashes: list[int], flags: list[int]) -> list[bool]:
        lines: list[tuple[Words, list[int], int]] = []
        for place, (token, flag) in enumerate(zip(hashes, flags, strict=True)):
            if flag & LINE or not lines:
                lines.append(((), [], place))
            words, line_flags, start = lines[-1]
            lines[-1] = ((*words, token), [*line_flags, flag], start)
        marked = [self.by_rule(words, line_flags) for words, line_flags, _ in lines]
        self.mark_trails(lines, marked)
        self.mark_blocks(lines, marked)
        return [mark for mark, (words, *_) in zip(marked, lines, strict=True) for _ in words]

    def by_rule(self, words: Words, flags: list[int]) -> bool:
        count = len(words)
        return (
            words in self.whole
            or words in self.headings
            or self.starts_as_furniture(words, flags)
            or any(words[-len(p) :] == p and count <= most for p, most in self.ends)
            or self.is_caption(words)
            or self.is_wire_photo(words, flags)
            or (count <= self.data["menus"]["at_most"] and set(words) <= self.menus)
            or (count <= self.data["dates"]["at_most"] and self.is_date(words, flags))
        )

    def starts_as_furniture(self, words: Words, flags: list[int]) -> bool:
        fitting = [(p, look) for p, most, look in self.starts if words[: len(p)] == p and len(words) <= most]
        if not fitting:
            return False
        order = [None, "capital", "names"]  # of several phrases, the one that looks on furthest decides
        phrase, look = max(fitting, key=lambda each: order.index(each[1]))
        if look is None or len(words) <= {"capital": 14, "names": 8}[look]:
            return True
        signs = [bool(flag & (CAPITAL | NUMBER)) for flag in flags]
        if look == "capital":
            return signs[len(phrase)] or not flags[0] & CAPITAL
        rest = list(zip(words, signs, strict=True))[len(phrase) :]
        return sum(not sign and word & KIND != SHORT for word, sign in rest) <= sum(sign for _, sign in rest)

    def is_caption(self, words: Words) -> bool:
        rule = self.data["caption"]
        last = words[-rule["within"] :]
        opened = any(last[i : i + len(p)] == p for p in self.openers for i in range(len(last)))
        strong = any(words[-len(p) :] == p for p, _ in self.teaser_ends)
        closed = any(words[-len(p) :] == p for p in self.closers)
        return len(words) <= rule["words"] and opened and closed and not strong

    def is_wire_photo(self, words: Words, flags: list[int]) -> bool:
        if len(words) > self.data["wire_photo"]["words"]:
            return False
        for name in self.wires:
            for photographer in range(1, 5):
                first = len(words) - photographer - len(name)
                if first < 0 or words[first : first + len(name)] != name:
                    continue
                capitals = all(flag & CAPITAL for flag in flags[-photographer:])
                opens = first == 0 or bool(flags[first] & SENTENCE and flags[first - 1] & NUMBER)
                if capitals and opens:
                    return True
        return False

    def is_date(self, words: Words, flags: list[int]) -> bool:
        numbers = [bool(flag & NUMBER) for flag in flags]
        known = all(number or word in self.dates for word, number in zip(words, numbers, strict=True))
        return known and 0 < sum(numbers) < len(words)

    def mark_trails(self, lines: list[tuple[Words, list[int], int]], marked: list[bool]) -> None:
        agree, before = self.data["trail"]["agree"], self.data["trail"]["before"]
        for number in range(len(lines)):
            path, headline = lines[max(number - 1, 0)][0], lines[number][0]
            if marked[number]:
                continue
            if len(headline) > 18:
                return
            if number == 0:
                continue
            repeats = any(
                len(path) - lead >= agree and headline[: len(path) - lead] == path[lead:]
                for lead in range(1, before + 1)
            )
            run_together = (
                path[0] != headline[0] and len(path) > agree and headline[1 : len(path)] == path[1:]
            )
            # A marked path stays marked; an unmarked one is marked without changing what is story text.
            if repeats or run_together:
                marked[number - 1] = True

    def mark_blocks(self, lines: list[tuple[Words, list[int], int]], marked: list[bool]) -> None:
        by_rule = list(marked)
        anchor, reach, short, all_short, in_story = -1, 0, 0, False, False
        for number, (words, _, start) in enumerate(lines):
            stop = start + len(words)
            limit = max((most for p, most in self.teaser_ends if words[-len(p) :] == p), default=-1)
            if words in self.headings and in_story:
                if anchor < 0 or not all_short:
                    anchor, short, all_short = number, self.headings[words], True
                reach = stop
            elif anchor >= 0 and stop - reach <= limit:
                marked[anchor : number + 1] = [True] * (number + 1 - anchor)
                anchor, reach, all_short = number + 1, stop, True
            elif anchor >= 0 and len(words) > short:
                all_short = False
            in_story = in_story or (not by_rule[number] and len(words) > 18)
        if anchor >= 0 and all_short:
            marked[anchor:] = [True] * (len(marked) - anchor)


ORACLE = Oracle()
PHRASES = [
    "skip to content", "also read", "copyright 2022", "more for you", "trending now", "相关阅读", "read more",
    "Keep ReadingShow less", "keep reading", "photo by", "photo", "Getty Images", "via Getty Images", "AFP",
    "REUTERS", "Jane Roe", "June 13, 2023.", "February", "24", "Facebook", "Twitter", "news", "disclaimer",
    "all rights reserved", "PTI", "with inputs from ANI", "Leaders agree to deepen trade ties", "World",
    "story", "the", "म", "广告", "one two three four five six seven eight nine ten", "(", ")", ". ",
]  # fmt: skip
SEPARATORS = st.sampled_from([" ", "\n", "\n\n", ". ", " ", " "])
TEXTS = st.lists(st.tuples(st.sampled_from(PHRASES), SEPARATORS).map("".join), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_the_kernel_agrees_with_the_oracle(texts: list[str]) -> None:
    tokens = tokenise(texts)
    wanted: list[bool] = []
    for start, end in zip(tokens.offsets[:-1], tokens.offsets[1:], strict=True):
        wanted += ORACLE.marks(tokens.hashes[start:end].tolist(), tokens.flags[start:end].tolist())
    assert (mark_by_rules(tokens).flags & FURNITURE != 0).tolist() == wanted


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 2**32 - 1), min_size=41, max_size=80), min_size=1, max_size=8),
    st.data(),
)
def test_paragraphs_of_unlisted_words_are_never_furniture(
    paragraphs: list[list[int]], data: st.DataObject
) -> None:
    listed = {*words_of(" ".join(PHRASES)), *ORACLE.dates, *ORACLE.menus}
    words = [word for paragraph in paragraphs for word in paragraph]
    flags = np.array([data.draw(st.integers(0, 31)) & ~int(LINE) for _ in words], np.uint8)
    place = 0
    for paragraph in paragraphs:
        flags[place] |= LINE
        place += len(paragraph)
    hashes = np.array([word if word not in listed else 1 for word in words], np.uint32)
    none = np.zeros(0, np.uint32)
    assert not mask_of(Tokens(hashes, flags, np.array([0, len(words)], np.int64), none, none)).any()
