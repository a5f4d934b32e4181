"""Credits are read by a grammar: names, positions and connecting words, each form in its place."""

from __future__ import annotations

import pytest

from dedup.cleaning.credit_grammar import Line, read_line
from dedup.cleaning.credit_names import names, sign_names
from dedup.cleaning.credit_patterns import Rule, is_place, rules, spells_out
from dedup.cleaning.credits import Credit, credits_of, find_credit

EVERYWHERE = frozenset({"head", "late", "last", "dated"})
PROSE = (
    "The harbour council voted on Tuesday night to shut the old ice house for eleven months, and the ninety "
    "stall holders who sell there will move to a tent on the quay."
)
STORY = "\n\n".join(
    (
        PROSE,
        "Engineers found cracks in the sea wall beneath the hall during a survey in January, a report says.",
        "The work is expected to cost four million crowns, and the town will pay a third of it next spring.",
        "Traders asked for lower rents while the building is closed; the mayor said she would look into it.",
    )
)


def example_rules() -> list[tuple[Rule, str]]:
    return [(rule, example) for rule in rules() for example in rule.examples]


@pytest.mark.parametrize(("rule", "example"), example_rules())
def test_each_rule_reads_its_examples(rule: Rule, example: str) -> None:
    padded = example
    if "opening" in rule.where:
        padded = f"{example} {PROSE * 5}"
    if "ending" in rule.where:
        padded = f"{PROSE * 5} {example}"
    places = rule.where & EVERYWHERE or EVERYWHERE
    found = read_line(Line(padded, frozenset(places)))
    if rule.form == "photo":
        assert found == ()
    else:
        assert any(reading.form != "mention" for reading in found), found


MENU = "Home\nNews\nSport\nWeather\nVideo\nLife\nShop\nJobs\nCars\nHomes\nFilm\nMusic\nGames\n"
WORDINGS = [
    ("KOLKATA: (PTI) {prose}", "PTI", "dateline"),
    ("PELL BAY, Ohio — (AP) {prose}", "AP", "dateline"),
    ("Reuters, Pell Bay\n{prose}", "Reuters", "dateline"),
    (MENU + "PELL BAY (AP) — {prose}", "AP", "dateline"),
    ("Ice house to shut By Ann Doe, Associated Press PELL BAY (AP) — {prose}", "AP", "byline"),
    ("Ice house to shut ### By ANN DOE, Associated Press ### PELL BAY (AP) — {prose}", "AP", "byline"),
    ("Ice house to shut\nAnn Doe, Associated Press\n{prose}", "AP", "byline"),
    ("Ice house to shut\nAnn Doe, The Associated Press\n{prose}", "AP", "byline"),
    ("ANN DOE, Associated Press\n{prose}", "AP", "byline"),
    ("Ice house to shut\nBy ANN DOE\nAssociated Press\n{prose}", "AP", "byline"),
    ("Ice house to shut\nReuters Staff\n{prose}", "Reuters", "byline"),
    ("Ice house to shut\nAP\n{prose}", "AP", "byline"),
    ("Agence France Presse\n{prose}", "AFP", "byline"),
    ("{prose}\nAFP/kl", "AFP", "sign_off"),
    ("{prose}\n(PTI) AB CDE", "PTI", "sign_off"),
    ("{prose}\n(ANI/Al)", "ANI", "sign_off"),
    ("{prose}\n/TT-Reuters", "Reuters", "sign_off"),
    ("{prose}\nThe Associated Press contributed to this report.", "AP", "contribution"),
    ("{prose}\nAssociated Press writers Al Bo and Cy Di contributed to this report.", "AP", "contribution"),
    ("{prose}\nAdditional reporting by Reuters", "Reuters", "contribution"),
    ("{prose}\nMaterial from the Associated Press was used in this report.", "AP", "contribution"),
    ("{prose}\nThis article was written by Reuters and edited by us.", "Reuters", "contribution"),
    ("{prose}\nReporting by Al Bo, editing by Cy Di", "Reuters", "sign_off"),
    ("{prose} (Reporting by Al Bo; Editing by Cy Di)", "Reuters", "sign_off"),
    ("{prose}\n© 2024 The Associated Press. All rights reserved.", "AP", "copyright"),
    ("{prose}\n© 2024 AFP", "AFP", "copyright"),
    ("{prose}\nCopyright (2024) PTI", "PTI", "copyright"),
    ("{prose}\n(c) 2024, Bloomberg", "Bloomberg", "copyright"),
    ("{prose}\nCopyright ANSA - All rights reserved", "ANSA", "copyright"),
    ("{prose}\n© dpa-infocom, dpa:240301-99-654321/2", "dpa", "copyright"),
    ("{prose}\n— with files from The Canadian Press", "Canadian Press", "contribution"),
    ("{prose}\nWith AFP", "AFP", "contribution"),
    ("{prose}\nFrom wire reports", None, "feed"),
    ("{prose}\nDistributed by Tribune Content Agency, LLC.", "Tribune Content Agency", "feed"),
    ("{prose}\nThe-CNN-Wire™ & © 2024 Cable News Network, Inc. All rights reserved.", "CNN", "copyright"),
    ("{prose}\n(SITA, TASR)", "SITA", "sign_off"),
    ("{prose}\nMit Agenturmaterial von dpa und AFP", "dpa", "contribution"),
    ("Publié par AFP\n{prose}", "AFP", "byline"),
    ("ПЕЛЛ, 1 мар - РИА Новости. {prose}", "RIA Novosti", "dateline"),
    ("لاہور (اے پی پی) {prose}", "APP", "dateline"),
    ("नयी दिल्ली, 24 फरवरी (भाषा) {prose}", "PTI", "dateline"),
    ("[東京 1日 ロイター] - {prose}", "Reuters", "dateline"),
    ("（法新社巴黎1日电）{prose}", "AFP", "dateline"),
    ("〔中央社〕{prose}", "CNA Taiwan", "dateline"),
    ("[서울=뉴시스] {prose}", "Newsis", "dateline"),
    ("Le Phare avec AFP\n{prose}", "AFP", "contribution"),
    ("{prose}\n(avec agences)", None, "contribution"),
    ("EFE / Pell\n{prose}", "EFE", "dateline"),
    ("{prose}\nΠηγή: ΑΠΕ-ΜΠΕ", "ANA-MPA", "sign_off"),
    ("{prose}\nEfe", "EFE", "sign_off"),
    ("Szczecin. {prose} Zażółć gęślą jaźń.\nPAP", "PAP", "sign_off"),
    ("{prose}\n(רויטרס)", "Reuters", "sign_off"),
    ("{prose}\n(סוכנויות)", None, "feed"),
    ("تهران - ایرنا - {prose}", "IRNA", "dateline"),
    ("{prose}\n(د ب أ)", "dpa", "sign_off"),
    ("{prose}\n(রয়টার্স)", "Reuters", "sign_off"),
    ("{prose}\n(பிடிஐ)", "PTI", "sign_off"),
    ("{prose}\n(పీటీఐ)", "PTI", "sign_off"),
    ("{prose}\n(รอยเตอร์)", "Reuters", "sign_off"),
    ("{prose}\n(İHA)", "İHA", "sign_off"),
    ("{prose}\n(epd)", "epd", "sign_off"),
    ("{prose}\n뉴시스", "Newsis", "sign_off"),
    ("Київ, 1 березня (Укрінформ). {prose}", "Ukrinform", "dateline"),
    ("{prose}\n(Інтерфакс-Україна)", "Interfax", "sign_off"),
    ("{prose}\n(Theo Reuters)", "Reuters", "contribution"),
    ("{prose}\n(ant)", "Antara", "sign_off"),
    ("{prose}\n(ኢዜአ)", "ENA", "sign_off"),
    ("Praha 1. března (ČTK) - {prose}", "ČTK", "dateline"),
    ("PELL BAY, March 1, 2024 /PRNewswire/ -- {prose}", "PR Newswire", "dateline"),
]  # fmt: skip


@pytest.mark.parametrize(("wording", "name", "form"), WORDINGS)
def test_wordings_of_real_pages_are_credits(wording: str, name: str | None, form: str) -> None:
    text = wording.replace("{prose}", STORY)
    found = [credit for credit in credits_of(text) if credit.state == "credited"]
    assert (name, form) in [(credit.name, credit.form) for credit in found]
    for credit in found:
        assert text[credit.start : credit.end].strip()
        assert credit.vouches == ("part" if credit.form == "contribution" else "whole")


@pytest.mark.parametrize(
    ("line", "suppliers"),
    [
        ("(AP, dpa)", ["AP", "dpa"]),
        ("Mit Agenturmaterial von dpa und AFP", ["dpa", "AFP"]),
        ("/TT-Reuters", ["TT", "Reuters"]),
        ("(SITA, TASR)", ["SITA", "TASR"]),
        ("Additional reporting by AP and Reuters", ["AP", "Reuters"]),
    ],
)
def test_all_names_of_a_joint_credit_are_told(line: str, suppliers: list[str]) -> None:
    found = [credit for credit in credits_of(f"{STORY}\n\n{line}") if credit.state == "credited"]
    assert [credit.name for credit in found] == suppliers


NAMED = [
    ("Follow AP's coverage of ice at https://example.com/ice", "AP"),
    ("“It is too cold,” the mayor told Reuters on Tuesday.", "Reuters"),
    ("According to the Associated Press, the hall was built in 1904.", "AP"),
    ("The Pell Post first asked, Bloomberg reported.", "Bloomberg"),
]


@pytest.mark.parametrize(("line", "name"), NAMED)
def test_a_name_in_the_text_is_a_mention(line: str, name: str) -> None:
    text = f"{PROSE}\n\n{line}\n\n{STORY}"
    assert [(credit.name, credit.state) for credit in credits_of(text)] == [(name, "named")]
    assert find_credit(text) is None


@pytest.mark.parametrize(
    "line", ["(AP Photo/Al Bo)", "Al Bo Cy/AFP", "Photo: Al Bo / AFP", "(Al Bo/Pool via AP)", "REUTERS/Al Bo"]
)
def test_the_credit_of_a_picture_is_none_of_the_text(line: str) -> None:
    assert credits_of(f"Ice house to shut\n\n{line}\n\n{STORY}") == []


@pytest.mark.parametrize("line", ["TT", "PAP"])
def test_a_short_name_with_other_meanings_alone_on_the_last_line_is_no_credit(line: str) -> None:
    assert find_credit(f"{STORY}\n\n{line}") is None


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("Information from: The Pell Post, http://example.com", "The Pell Post"),
        ("The vote was first reported by The Pell Post on Monday.", "The Pell Post"),
    ],
)
def test_the_credit_of_another_outlet_is_told_by_its_name(line: str, outlet: str) -> None:
    (credit,) = credits_of(f"{STORY}\n\n{line}")
    assert (credit.name, credit.kind) == (outlet, "outlet")


FLAT = [wording for wording, name, _ in WORDINGS if name and "\n" in wording and wording.isascii()]


@pytest.mark.parametrize("wording", FLAT)
def test_a_text_whose_lines_are_parted_by_signs_keeps_its_credits(wording: str) -> None:
    text = wording.replace("{prose}", STORY)
    whole = {credit.name for credit in credits_of(text) if credit.state == "credited"}
    flat = " ### ".join(line for line in text.split("\n") if line)
    assert whole <= {credit.name for credit in credits_of(flat) if credit.state == "credited"}


def test_two_credits_of_one_story_are_both_told() -> None:
    text = f"PELL BAY (AP) — {STORY}\n\nReuters contributed to this report."
    assert [(credit.name, credit.vouches) for credit in credits_of(text)] == [
        ("AP", "whole"),
        ("Reuters", "part"),
    ]


def test_a_dateline_far_down_vouches_for_a_part() -> None:
    text = f"{STORY}\n\n{STORY}\n\n{STORY}\n\nPELL BAY (AP) — {PROSE}"
    assert [credit.vouches for credit in credits_of(text)] == ["part"]


def test_credits_are_told_with_the_place_they_have_in_the_text() -> None:
    text = f"É — ice house to shut\n\nPELL BAY (AP) — {STORY}"
    assert credits_of(text) == [Credit("AP", "agency", "dateline", "whole", 32, 36)]
    assert text[32:36] == "(AP)"


def test_names_are_replaced_by_signs_and_found_again() -> None:
    for name in names():
        signed = sign_names(f"x {name} y")
        assert [signed.original[start:end] for _, start, end in signed.places] == [name]
        assert signed.original_place(len(signed.text)) == len(signed.original)


def test_a_name_within_a_word_or_an_address_is_none() -> None:
    assert sign_names("al@reuters.com, MREUTERS, www.reuters.com, Reutersville").names == ()


def test_places_and_short_forms() -> None:
    assert is_place("SÃO PAULO, 24 de fev ")
    assert not is_place("Rain fell in ")
    assert spells_out("the Aam Aadmi Party ", "AAP")


_HTML_STORY = "<p>" + " ".join(["The council met on Monday and spoke of the bridge before it voted."] * 6)


@pytest.mark.parametrize(
    ("html", "name", "form", "words"),
    [
        ("{}</p>\n<p>(PTI)</p>", "PTI", "sign_off", "(PTI)"),
        ("{} (PTI)</p>", "PTI", "sign_off", "(PTI)"),
        ("{}</p><p class='end'>&mdash; AFP</p>", "AFP", "sign_off", "&mdash; AFP"),
        ("<p><strong>HARROW</strong> (Reuters) - {}</p>", "Reuters", "dateline", "(Reuters)"),
        ("<p>HARROW (<a href='/r'>AP</a>) &#8212; {}</p>", "AP", "dateline", "(<a href='/r'>AP</a>)"),
        ("{}</p>\n<p><em>With inputs from ANI</em></p>", "ANI", "contribution", "With inputs from ANI"),
        ("{}</p><br>(ANI)", "ANI", "sign_off", "(ANI)"),
    ],
)
def test_credits_are_read_through_markup_and_placed_in_the_text_as_given(html, name, form, words) -> None:
    text = html.format(_HTML_STORY)
    (found,) = [each for each in credits_of(text) if each.state == "credited"]
    assert (found.name, found.form) == (name, form)
    assert text[found.start : found.end] == words
