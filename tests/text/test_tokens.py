"""Tokens: the kernel against the plain-Python twin, and the flags by hand."""

from __future__ import annotations

import unicodedata

import numpy as np
import oracles
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import texts

from dedup.text.flags import CAPITAL, LINE, NUMBER, QUOTED, SENTENCE
from dedup.text.tokens import Tokens, hash_words, tokenise
from dedup.text.word_hashes import HAN_TOKEN, KIND, SHORT, SYLLABLE

NEWLINES = "\n\r\v\f\x85\u2028\u2029"


def words_with(flag: np.uint8, text: str) -> list[str]:
    found = tokenise([text], places=True)
    places = zip(found.starts.tolist(), found.ends.tolist(), found.flags.tolist(), strict=True)
    return [text[start:end] for start, end, flags in places if flags & flag]


def same(one: Tokens, two: Tokens) -> bool:
    columns = ("hashes", "flags", "offsets", "starts", "ends")
    return all(np.array_equal(getattr(one, name), getattr(two, name)) for name in columns)


@given(texts())
@example("a")
@example("中a中\u0301b\u00ad")
@example("中文，中\u0301文-\n中。“文”中\u00ad\u0301文中\u3099ガ文‐\n中")
@example("\U0001f1eb\U000e0067\U0003ffff\U0003fffe\U0002ffff")
def test_every_text_gives_the_tokens_of_the_twin(text: str) -> None:
    found, expected = tokenise([text], places=True), oracles.tokens(text)
    assert found.starts.tolist() == [token.start for token in expected]
    assert found.ends.tolist() == [token.end for token in expected]
    assert found.hashes.tolist() == [token.hash for token in expected]
    for flag, name in ((LINE, "line"), (SENTENCE, "sentence"), (NUMBER, "number"), (CAPITAL, "capital")):
        assert (found.flags & flag > 0).tolist() == [getattr(token, name) for token in expected], name


#: Words longer than what is examined at once, twice, and what may precede and follow them.
RUNS = st.lists(
    st.text(st.sampled_from("azAZ09m"), max_size=40)
    | st.sampled_from([" ", ", ", '"', "é", "\u00ad", "’", "@[`{/:", "中"]),
    max_size=12,
).map("".join)


@given(st.lists(RUNS | texts(20), min_size=1, max_size=3))
@example(["\ufe0f"])
@example(["abcdefgh", "ABCDEFGHI", "Ab1"])
@example(["abcdefghijklmnopé", "abcdefgh\u00adi"])
@example(["A" * 15, "b" * 16, "c" * 17, "d" * 31 + " " + "e" * 32, "f" * 33 + "é", "9" * 48])
def test_words_that_are_read_in_one_go_are_those_of_the_twin(batch: list[str]) -> None:
    """They are read at once if enough bytes follow: a long text after them ensures that."""
    found = tokenise([*batch, "word " * 10], places=True)
    expected = [oracles.tokens(text) for text in batch]
    count = int(found.offsets[len(batch)])
    assert np.diff(found.offsets)[: len(batch)].tolist() == [len(each) for each in expected]
    for name, column in (("hash", found.hashes), ("start", found.starts), ("end", found.ends)):
        assert column[:count].tolist() == [getattr(token, name) for each in expected for token in each], name
    for flag, name in ((LINE, "line"), (SENTENCE, "sentence"), (NUMBER, "number"), (CAPITAL, "capital")):
        marked = (found.flags[:count] & flag > 0).tolist()
        assert marked == [getattr(token, name) for each in expected for token in each], name
    alone = tokenise(batch)  # quotation marks, which the twin does not know, are read one character at a time
    quoted = [tokenise([text]).flags & QUOTED for text in batch]
    assert np.array_equal(alone.flags & QUOTED, np.concatenate(quoted))
    assert np.array_equal(found.flags[:count] & QUOTED, np.concatenate(quoted))


@given(st.lists(texts(30), max_size=4))
@example(["One\n\n * * *\n(PTI)", "", "\u2028é two\r\nthree"])
def test_lines_begin_at_the_byte_behind_the_newline(batch: list[str]) -> None:
    expected, before = [], 0
    for text in batch:
        for token in oracles.tokens(text):
            if token.line:
                newlines = [at + 1 for at, sign in enumerate(text[: token.start]) if sign in NEWLINES]
                expected.append(before + len(text[: max(newlines, default=0)].encode()))
        before += len(text.encode())
    assert tokenise(batch).lines.tolist() == expected


@given(texts())
def test_places_slice_back_to_the_word(text: str) -> None:
    found = tokenise([text], places=True)
    for hash_, start, end in zip(found.hashes, found.starts.tolist(), found.ends.tolist(), strict=True):
        assert start < end <= len(text)
        assert hash_words(text[start:end]).tolist() == [hash_]


@given(st.lists(texts(30), max_size=6))
def test_a_batch_gives_what_its_texts_give_one_by_one(batch: list[str]) -> None:
    together = tokenise(batch, places=True)
    alone = [tokenise([text], places=True) for text in batch]
    assert len(together) == len(batch)
    assert [part.tolist() for part in together] == [each.hashes.tolist() for each in alone]
    for name in ("flags", "starts", "ends"):
        assert getattr(together, name).tolist() == [x for each in alone for x in getattr(each, name).tolist()]


@given(st.lists(texts(30), max_size=6), st.data())
def test_arrow_arrays_are_read_in_place_with_their_offsets(batch: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(batch)))
    last = data.draw(st.integers(first, len(batch)))
    expected = tokenise(batch[first:last], places=True)
    for kind in (pa.string(), pa.large_string()):
        sliced = pa.array(batch, kind).slice(first, last - first)
        assert same(tokenise(sliced, places=True), expected)


@given(st.lists(texts(30), max_size=4), st.data())
def test_selected_tokens_keep_their_places_and_articles(batch: list[str], data: st.DataObject) -> None:
    whole = tokenise(batch, places=True)
    count = len(whole.hashes)
    keep = np.array(data.draw(st.lists(st.booleans(), min_size=count, max_size=count)), np.bool_)
    left = whole.select(keep)
    articles = np.repeat(np.arange(len(whole)), np.diff(whole.offsets))
    assert np.repeat(np.arange(len(left)), np.diff(left.offsets)).tolist() == articles[keep].tolist()
    for name in ("hashes", "flags", "starts", "ends"):
        assert getattr(left, name).tolist() == getattr(whole, name)[keep].tolist()
    without = tokenise(batch).select(keep)
    assert len(without.starts) == len(without.ends) == 0


@pytest.mark.parametrize("batch", [[], [""], ["", "", ""], [" \n\t", "—"]])
def test_texts_without_words_have_no_tokens(batch: list[str]) -> None:
    found = tokenise(batch, places=True)
    assert len(found) == len(batch)
    assert found.offsets.tolist() == [0] * (len(batch) + 1)
    assert len(found.hashes) == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("PAKISTAN'S PREMIER", "Pakistan’s premier"),
        ("long-term—plan", "LONG TERM, plan"),
        ("Ｐｕｔｉｎ ２０２２", "putin 2022"),
        ("co\u00adop\u200derate\ufeff", "cooperate"),
        ("می\u200cخواهم", "میخواهم"),
        ("I \u2764\ufe0f news", "I \u2764 news"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("ΟΔΟΣ", "οδοσ"),
        ("ǅ", "ǆ"),
        ("ｶﾞ", "ガ"),
        ("Straße ẞ", "STRASSE ss"),
        ("ﬁrst œuvre ㎏", "first oeuvre kg"),
        ("İstanbul IŞIK", "istanbul ışık"),
        ("ёлка", "елка"),
        ("за\u0301мок", "замок"),
        ("Ομόνοια ΐ", "ΟΜΟΝΟΙΑ ι"),
        ("مجـلس كتابٌ إلى", "مجلس کتاب الی"),
        ("ﻻ مدرسة", "لا مدرسه"),
        ("२०२२ ٢٠٢٢ ๒๐๒๒ ២០២២", "2022 2022 2022 2022"),
        ("ज़मीन \u095b", "जमीन ज"),
        ("ন\u09be\u09df", "না\u09af\u09bc"),
        ("שָׁלוֹם", "שלום"),
        ("ײד", "ייד"),
        ("國際新聞", "国际新闻"),
        ("น้ำ แก้ว", "น\u0e4d\u0e49า เเก้ว"),
        ("ໜ້າ", "ຫນ້າ"),
        ("ൻ ൾ", "ന്\u200d ള്\u200d"),
        ("țară ș", "ţară ş"),
        ("կամ և", "ԿԱՄ եւ"),
        ("ინჩ", "ᲘᲜᲩ"),
        ("ሐሳብ ፀሐይ ዓለም", "ሀሳብ ጸሀይ አለም"),
        ("під\u02bcїзд", "під’їзд"),
        ("o\u02bbzbek", "o‘zbek"),
        ("col·lecció", "coŀlecció"),
        ("ինչո՞ւ", "ինչու"),
        ("⼀⼆", "一二"),
        ("har-\nbour har-\r\nbour har\u00ad\nbour har‐\nbour", "harbour " * 4),
        ("ọ̀rẹ́", "o\u0329\u0300re\u0329\u0301"),  # the line below in Yoruba
        ("Đuro", "Ðuro"),  # an eth for a d with a stroke
    ],
)
def test_what_a_reader_takes_for_one_word_has_one_hash(one: str, other: str) -> None:
    assert hash_words(one).tolist() == hash_words(other).tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("resume", "résumé"),
        ("met", "meet"),
        ("12", "21"),
        ("हिन्दी", "हिन्द"),
        ("中文", "文中"),
        ("й", "и"),
        ("їх", "іх"),
        ("が", "か"),
        ("ñ", "n"),
        ("har-\nBour", "harbour"),
        ("19-\n20", "1920"),
        ("har-\n\nbour", "harbour"),
    ],
)
def test_different_words_have_different_hashes(one: str, other: str) -> None:
    assert hash_words(one).tolist() != hash_words(other).tolist()


def test_accents_given_apart_belong_to_the_word() -> None:
    text = unicodedata.normalize("NFD", "Café réouvert")
    found = tokenise([text], places=True)
    assert [text[start:end] for start, end in zip(found.starts, found.ends, strict=True)] == text.split()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("प्रधानमंत्री ने कहा।", ["प्रधानमंत्री", "ने", "कहा"]),
        ("قال رئيسُ الوزراء", ["قال", "رئيسُ", "الوزراء"]),
        ("北京消息", ["北", "京", "消", "息"]),
        ("𠀀𠮷 word", ["𠀀", "𠮷", "word"]),
        ("ไทย", ["ไ", "ท", "ย"]),
        ("น้ำ ที่นี่", ["น้ำ", "ที่", "นี่"]),
        ("ខ្មែរ", ["ខ្មែ", "រ"]),
        ("မြန်မာ", ["မြ", "န်", "မာ"]),
        ("ガラス か\u3099", ["ガ", "ラ", "ス", "か\u3099"]),
        ("ປະເທດ", ["ປ", "ະ", "ເ", "ທ", "ດ"]),
        ("東京2020", ["東", "京", "2020"]),
        ("서울 소식", ["서울", "소식"]),
        ("go 😀 on 👩‍👩‍👧 now", ["go", "on", "now"]),
        ("a_b c\x00d", ["a", "b", "c", "d"]),
    ],
)
def test_words_of_many_scripts(text: str, words: list[str]) -> None:
    found = tokenise([text], places=True)
    assert [text[s:e] for s, e in zip(found.starts.tolist(), found.ends.tolist(), strict=True)] == words


def test_a_hash_says_what_kind_of_word_it_is() -> None:
    assert (hash_words("of the des كا من élé") & KIND).tolist() == [SHORT] * 6
    assert (hash_words("中 𠀀 々") & KIND).tolist() == [HAN_TOKEN] * 3
    assert (hash_words("ไ か ก์ ခ") & KIND).tolist() == [SYLLABLE] * 4
    assert (hash_words("word यहाँ сторона 한국어를") & KIND).tolist() == [0] * 4


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | texts(12), max_size=6))
@example(["e\u0323\u0302", "\u00ea\u0323", "\u1ec7", "가\u11a8", "\u0344", "α\u0345\u0301", "\u0958"])
def test_text_that_unicode_calls_equal_has_equal_tokens(parts: list[str]) -> None:
    """Canonically, and its words by compatibility; `unicodedata` decides."""
    text = " ".join(parts)
    expected = hash_words(text).tolist()
    for form in ("NFC", "NFD"):
        assert hash_words(unicodedata.normalize(form, text)).tolist() == expected


#: Letters whose compatibility form contains signs or spaces, or is several tokens: they stay one token.
def _is_one_word(character: str) -> bool:
    plain = unicodedata.normalize("NFKC", character)
    return len(tokenise([plain]).hashes) == 1 and unicodedata.category(character)[0] in "LMN"


@given(st.characters(exclude_categories=["Cs", "Cn"]).filter(_is_one_word))
@example("ﬃ")
@example("ﷲ")
@example("ᾳ")
def test_compatibility_and_case_are_folded_as_unicode_folds_them(character: str) -> None:
    plain = unicodedata.normalize("NFKC", character)
    for other in (plain, plain.casefold(), unicodedata.normalize("NFKD", character)):
        assert hash_words(other).tolist() == hash_words(character).tolist()


@pytest.mark.slow
def test_every_character_is_folded_as_unicode_folds_it() -> None:
    for character in map(chr, [*range(0xD800), *range(0xE000, 0x34000), *range(0xE0000, 0xE1000)]):
        # Decomposed, a sign (a struck arrow, a spacing accent) leaves only its mark, which is a word.
        if unicodedata.category(character)[0] in "LMN":
            decomposed = unicodedata.normalize("NFD", character)
            assert hash_words(decomposed).tolist() == hash_words(character).tolist(), hex(ord(character))
        if _is_one_word(character):
            folded = unicodedata.normalize("NFKC", character).casefold()
            assert hash_words(folded).tolist() == hash_words(character).tolist(), hex(ord(character))


def test_lines_and_sentences() -> None:
    text = "One two. Three U.S. four\nfive e.g.six? 7.5 per cent。八"
    assert words_with(LINE, text) == ["One", "five"]
    assert words_with(SENTENCE, text) == ["One", "Three", "four", "five", "7", "八"]
    assert words_with(SENTENCE, "वह गया।वह आया") == ["वह", "वह"]


def test_numbers_and_names() -> None:
    text = "In 2022 Putin met the PTI and iPhone users, ١٢ in Ⅳ 5G"
    assert words_with(NUMBER, text) == ["2022", "١٢", "Ⅳ", "5G"]
    assert words_with(CAPITAL, text) == ["In", "Putin"]


@pytest.mark.parametrize(("first", "last"), [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3)])
def test_han_and_hangul_are_letters_that_no_folding_changes(first: int, last: int) -> None:
    """The table treats them so without asking."""
    characters = "".join(map(chr, range(first, last + 1)))
    assert {unicodedata.category(character) for character in characters} == {"Lo"}
    assert unicodedata.normalize("NFKC", characters).casefold() == characters
    assert tokenise([characters]).hashes.tolist() == [token.hash for token in oracles.tokens(characters)]
