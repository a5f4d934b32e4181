"""Captions are recognised by the grammar of their credits, whatever the agency or photographer."""

from __future__ import annotations

import pytest

from dedup.cleaning.captions import mark_captions
from dedup.text.flags import FURNITURE
from dedup.text.tokens import tokenise

SCENE = (
    "Pickers sort the first apples of the year in a shed near Dunmore, Friday, September 13, "
    "2024, as rain clears. "
)
STORY = (
    "The growers' union said on Friday that its members would pick for two weeks longer than "
    "last year, and asked "
    "the ministry for more permits for workers from abroad."
)


def is_caption(line: str) -> bool:
    tokens = mark_captions(tokenise([f"{STORY}\n{line}\n{STORY}"]))
    marked = (tokens.flags & FURNITURE != 0).tolist()
    length = len(tokenise([STORY]).hashes)
    assert not any(marked[:length]), "the story before is left"
    assert not any(marked[-length:]), "the story behind is left"
    return all(marked[length:-length])


@pytest.mark.parametrize("agency", ["AP", "Reuters", "dpa", "The Canadian Press", "Anadolu", "EFE"])
@pytest.mark.parametrize(
    "credit",
    [
        "({} Photo/Ann Doe)", "({} Photo/Ann Doe, File)", "{}/Ann Doe", "{}/Ann Doe/File Photo",
        "(Ann Doe/{})", "[Ann Doe/{}]",
        "Ann Doe via {}", "Ann Doe | {} | Getty Images", "Photograph: Ann Doe/{}",
        "Photo: Ann Doe / {}", "Credit: Ann Doe/{}",
        "Foto: Ann Doe/{}", "Bild: Ann Doe/{}", "(Photo by Ann Doe / {})", "({} Photo)", "Photo: {}",
        "| Photo Credit: {}",
        "Ann Doe/{} via Getty Images", "(Ann Doe/The Dunmore Times via {})",
        "(Ann Doe/Pool Photo via {})", "({})", "[Image via {}]",
        "{}/ANN DOE",
    ],
)  # fmt: skip
def test_a_line_that_ends_with_the_credit_of_a_picture(credit: str, agency: str) -> None:
    assert is_caption(SCENE + credit.format(agency))


@pytest.mark.parametrize(
    "credit",
    ["Ann Doe/Getty Images", "PA Wire", "(Supplied: Dunmore Council)", "(Photo courtesy of Twitter)",
    "(Photo: Handout)", "NurPhoto", "Getty", "— Ann Doe, USA TODAY NETWORK"],
)  # fmt: skip
def test_picture_desks_and_houses_need_no_agency(credit: str) -> None:
    assert is_caption(SCENE + credit)
    assert is_caption(credit) or credit == "NurPhoto"


def test_a_caption_of_the_archive() -> None:
    assert is_caption(f"FILE - {SCENE}(AP Photo/Ann Doe, File)")
    assert is_caption("FILE - Ann Doe, left, speaks in Dunmore. (AP)")


@pytest.mark.parametrize(
    "credit", ["Ann Doe for The Dunmore Post", "(Ann Doe/Staff Photographer)", "Ann Doe/Coast Tribune"]
)
def test_names_that_end_with_a_paper_or_an_office_credit_a_caption_and_nothing_by_themselves(
    credit: str,
) -> None:
    assert is_caption(SCENE + credit)
    assert not is_caption(credit)
    assert not is_caption(f"{SCENE}She is {credit}")


@pytest.mark.parametrize(
    "line",
    [
        "The mayor told Reuters.",
        "It was founded in 1846. The Associated Press said so.",
        "Nothing else was known, said Ann Doe of AP.",
        "The pickers went home. Reuters could not verify this.",
        "The pickers went home. The AP contributed.",
        "He works for Getty Images.",
        "They sold the photo to the Associated Press",
        "He was a photographer at Reuters",
        "The picture was taken by Ann Doe",
        "The ministry declined to comment on the number of permits and on the plan of the union. (dpa)",
        "The report was written for the U.S. Environmental Protection Agency",
        "قال الوزير ذلك. قالت رويترز",
        "वह घर गया। रॉयटर्स ने कहा।",
        "他回家了。据新华社报道。",
    ],
)
def test_a_line_of_a_story_that_names_an_agency_is_no_caption(line: str) -> None:
    assert not is_caption(line)


def test_the_sign_off_of_agency_copy_hides_nothing() -> None:
    tokens = mark_captions(tokenise([f"{STORY}\n{SCENE}(AP)"]))
    assert not (tokens.flags & FURNITURE).any(), "the last line of a story may end with its agency"
