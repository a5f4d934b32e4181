"""Times are shown in one zone, and as exactly as they are known."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from rich.console import Console

from dedup import Article
from dedup.detector import compare_report, find_overlaps
from dedup.errors import SettingsError
from dedup.reporting import html_page, terminal
from dedup.reporting.comparison import render_comparison
from dedup.reporting.times import Times

STORY = (
    "The town clerk said on Friday that the lift to the upper town will stand still for two weeks in May, as "
    "its cables are to be changed, and that a bus will run every ten minutes from the market to the church. "
    "Shopkeepers of the upper town had asked for a bus in the evening, too, which the council has refused."
)
LATE = datetime(2024, 3, 1, 21, 30, tzinfo=UTC)


def report():
    return find_overlaps(
        [
            Article(id="a", source="Herald", text=STORY, published=LATE, published_precision="minute"),
            Article(
                id="b",
                source="Courier",
                text=STORY + " He gave no more details.",
                published=LATE.replace(hour=23),
                published_precision="minute",
            ),
            Article(
                id="c",
                source="Echo",
                text=STORY + " It is so.",
                published=LATE.replace(day=3, hour=0, minute=0),
                published_precision="day",
            ),
        ]
    )


def table(times: Times, width: int = 120) -> str:
    out = io.StringIO()
    terminal.render(report(), Console(file=out, width=width), times=times)
    return out.getvalue()


def test_the_table_tells_days_and_moments_in_the_zone() -> None:
    told = table(Times.of("Asia/Karachi"))
    assert "2024-03-02 02:30" in told
    assert "21:30" not in told
    assert "2 Mar 2024" in told
    assert "3 Mar 2024" in told, "a day is not shifted"
    assert "Times are in Asia/Karachi." in told
    assert "2024-03-01 21:30" in table(Times())


def test_the_page_tells_them_too() -> None:
    out = io.BytesIO()
    html_page.write(report(), out, times=Times.of("America/New_York"))
    page = out.getvalue().decode()
    assert "2024-03-01 16:30" in page
    assert "2024-03-01 21:30" not in page
    assert "Times are in America/New_York." in page
    assert '"published":"2024-03-01T21:30:00+00:00"' in page, "what is saved from the page stays in UTC"


@pytest.mark.parametrize("name", ["Karachi", "", "../etc/passwd", "Asia/Nowhere"])
def test_a_zone_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="must be a zone such as Asia/Karachi"):
        Times.of(name)


def test_a_comparison_indents_what_goes_on() -> None:
    title = (
        "The lift to the upper town stands still for two weeks in May and a bus runs from the market instead"
    )
    one = Article(id="a", source="Herald", text=STORY, title=title, published=LATE)
    out = io.StringIO()
    console = Console(file=out, width=60)
    render_comparison(
        None, one, Article(id="b", text="Rain."), console, agreeing=(), times=Times.of("Asia/Tokyo")
    )
    lines = out.getvalue().split("A  ")[1].split("\nB  ")[0].split("\n")[1:]
    assert len([line for line in lines if line]) >= 2
    assert all(line.startswith("   ") for line in lines if line.strip())
    assert "2024-03-02 06:30 Asia/Tokyo" in " ".join(" ".join(lines).split())


def test_two_articles_make_a_report_of_their_own() -> None:
    one, other = Article(id="b", text=STORY), Article(id="a", text=STORY.replace("May", "June"))
    found = compare_report(one, other, notes=["Two files."])
    assert [(each.a, each.b, each.relation) for each in found.overlaps] == [("a", "b", "copy")]
    assert list(found.notes) == ["Two files."]
