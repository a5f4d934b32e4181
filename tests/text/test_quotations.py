"""Quotation marks: which words are flagged, in the forms of many languages."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.text.flags import QUOTED
from dedup.text.tokens import tokenise


def words_with(flag: np.uint8, text: str) -> list[str]:
    found = tokenise([text], places=True)
    places = zip(found.starts.tolist(), found.ends.tolist(), found.flags.tolist(), strict=True)
    return [text[start:end] for start, end, flags in places if flags & flag]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('He said "we go now" and left', ["we", "go", "now"]),
        ("He said “we go now” and left", ["we", "go", "now"]),
        ('"Yes," he said. "No."', ["Yes", "No"]),
        ("er sagte: „Wir gehen“ und ging", ["Wir", "gehen"]),
        ("„eins“ und „zwei“ drei", ["eins", "zwei"]),
        ("»Wir gehen«, sagte er, »wir gehen«", ["Wir", "gehen", "wir", "gehen"]),
        ("”vi går” sade han", ["vi", "går"]),
        ("« Nous partons » dit-il", ["Nous", "partons"]),
        ("«\u00a0Nous partons\u00a0» dit-il", ["Nous", "partons"]),
        ("他说「你好」了", ["你", "好"]),
        ("He said 'we go' and left", ["we", "go"]),
        ("He said ‘we go’ and left", ["we", "go"]),
        ("‘we don’t go’ he said", ["we", "don", "t", "go"]),
        ("'we don't go' he said", ["we", "don", "t", "go"]),
        ("“one ‘two three’ four” five", ["one", "two", "three", "four"]),
        ('("inside") out', ["inside"]),
        ("Elle : ‘Nous aimons l’été et ça’ puis rit", ["Nous", "aimons", "l", "été", "et", "ça"]),
        ("‘we like the bakers’ bread’ she said", ["we", "like", "the", "bakers", "bread"]),
        ("‘we like the bakers’ he said", ["we", "like", "the", "bakers"]),
        ("er sagte: ‚Wir gehen‘ und ging", ["Wir", "gehen"]),
        ("«Мы «точно» идём» сказал", ["Мы", "точно", "идём"]),
        ("«Мы ставим „новый“ дом» и", ["Мы", "ставим", "новый", "дом"]),
        ("„Egy »nagy« ház” volt", ["Egy", "nagy", "ház"]),
        ("彼は「『大』店を」と", ["大", "店", "を"]),
        ('אמר: "לפי הדו"ח נלך" והלך', ["לפי", "הדו", "ח", "נלך"]),
        ("״נלך מחר״ אמר", ["נלך", "מחר"]),
        ("他﹁走了﹂嗎", ["走", "了"]),
        ("He: ``we go'' and left", ["we", "go"]),
        ("He said \x93we go\x94 and left", ["we", "go"]),
        ("他说" + '"你好"' + "了", ["你", "好"]),
        ('"走了，"他说。"好，"她说', ["走", "了", "好"]),
        ("‘走了，’他说", ["走", "了"]),
        ("—Nos vamos —dijo ella.", ["Nos", "vamos"]),
        ("— Мы идём, — сказал он, — домой.\nДалее", ["Мы", "идём", "домой"]),
        ("« Nous partons.\n\n» Demain matin. » dit-il", ["Nous", "partons", "Demain", "matin"]),
        ("“We go.\n\n“At noon.” he said", ["We", "go", "At", "noon"]),
        ("“we go\nat noon” he said", ["we", "go", "at", "noon"]),
        ("»mennään» hän", ["mennään"]),
        ("<q>we go</q> out <blockquote>at noon</blockquote>", ["we", "go", "at", "noon"]),
        ("&ldquo;we go&rdquo; he &quot;said&quot;", ["we", "go", "said"]),
        ("“" + "word " * 300 + "”", ["word"] * 300),
    ],
)
def test_words_within_quotation_marks(text: str, quoted: list[str]) -> None:
    assert words_with(QUOTED, text) == quoted


@pytest.mark.parametrize(
    "text",
    [
        "the players' cup and the boys' team",
        "the players’ cup and the boys’ team",
        "don't say it isn't, they aren’t",
        "he is 6'2\" tall",
        "the ’90s and rock ’n’ roll",
        "She said: “We go. Bread is dear.",
        "« Nous.\nEt puis elle part.",
        'The 6 " pipe burst. Bread is dear.',
        "O‘zbekiston va під’їзд",
        "— one item of a list\n— another",
    ],
)
def test_apostrophes_and_inches_quote_nothing(text: str) -> None:
    assert words_with(QUOTED, text) == []
