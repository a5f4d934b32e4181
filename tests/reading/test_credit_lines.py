"""Credits in fields beside the text: from the file to the result."""
# ruff: noqa: E501 - markup reads better unbroken

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dedup import find_overlaps, read_articles
from dedup.article import Article
from dedup.index import Index
from dedup.reading import read_batches

TEXT = (
    "The lighthouse keepers of Varnholm handed over their keys on Monday. A lamp that three families had "
    "tended for a century is now switched by a computer in the capital, and the stairs are closed."
)
G2 = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:1"><itemMeta><provider literal="Bay Wire"/>'
    "</itemMeta><rightsInfo><copyrightHolder literal='x'><name>Agence France-Presse</name></copyrightHolder>"
    "<usageTerms>Subscribers only</usageTerms></rightsInfo><contentMeta><headline>Keys</headline>"
    f"<creditline>Bay Wire/DPA</creditline></contentMeta><contentSet><inlineXML><html><body><p>{TEXT}</p>"
    "</body></html></inlineXML></contentSet></newsItem>"
)
NITF = (
    "<nitf><head><docdata><doc-id id-string='7'/><doc.copyright holder='Reuters' year='2026'/></docdata>"
    "<pubdata name='Bay Wire'/></head><body><body.head><hedline><hl1>Keys</hl1></hedline></body.head>"
    f"<body.content><p>{TEXT}</p></body.content></body></nitf>"
)
NEWSML = (
    "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>bay.example</ProviderId></NewsIdentifier>"
    "</Identification><NewsComponent><NewsLines><HeadLine>Keys</HeadLine><CopyrightLine>(c) 2026 ANSA</CopyrightLine>"
    f"</NewsLines><ContentItem><DataContent><p>{TEXT}</p></DataContent></ContentItem></NewsComponent></NewsItem></NewsML>"
)
NINJS = json.dumps(
    {
        "uri": "urn:9",
        "versioncreated": "2026-01-31T10:30:00Z",
        "headline": "Keys",
        "body_text": TEXT,
        "copyrightholder": "Bay Wire",
        "copyrightnotice": "Copyright 2026 Bay Wire, from material of PTI",
        "usageterms": "Not for archives.",
    }
)
PAGE = (
    "<html><head><title>Keys</title><script type='application/ld+json'>"
    + json.dumps({"@type": "NewsArticle", "articleBody": TEXT, "sourceOrganization": {"name": "Reuters"}})
    + f"</script></head><body><article><p>{TEXT}</p></article></body></html>"
)


@pytest.mark.parametrize(
    ("name", "content", "agencies"),
    [
        ("g2.xml", G2, {"dpa", "AFP"}),
        ("story.nitf.xml", NITF, {"Reuters"}),
        ("one.xml", NEWSML, {"ANSA"}),
        ("ninjs.json", NINJS, {"PTI"}),
    ],
)
def test_fields_that_feeds_deliver_are_credits(
    tmp_path: Path, name: str, content: str, agencies: set[str]
) -> None:
    pytest.importorskip("defusedxml")
    path = tmp_path / name
    path.write_text(content)
    (article,) = find_overlaps(read_batches([path])).articles
    beside = [credit for credit in article.credits if credit.form == "metadata"]
    assert {credit.name for credit in beside} == agencies
    for credit in beside:
        assert (credit.state, credit.vouches, credit.start, credit.end) == ("credited", "whole", None, None)
        assert credit.text
    assert article.agency in agencies


def test_a_page_tells_its_source_organisation(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / "keys.html"
    path.write_text(PAGE)
    (article,) = read_articles([path])
    assert article.credit_lines == "Reuters"


def test_the_text_comes_first_and_the_field_is_evidence_of_its_own() -> None:
    article = Article(id="a", text=f"VARNHOLM (AP) — {TEXT}", credit_lines="Photo desk\nThe Associated Press")
    (found,) = find_overlaps([article]).articles
    assert [(credit.form, credit.text) for credit in found.credits] == [
        ("dateline", "(AP)"),
        ("metadata", "The Associated Press"),
    ]


def test_values_of_several_fields_are_joined_in_every_format(tmp_path: Path) -> None:
    row = {"id": "a", "source": "Bay", "text": TEXT, "creditline": "Bay", "copyrightholder": "dpa"}
    lines = tmp_path / "a.jsonl"
    lines.write_text(json.dumps(row) + "\n")
    sheet = tmp_path / "b.csv"
    sheet.write_text(",".join(row) + "\n" + ",".join(f'"{value}"' for value in row.values()) + "\n")
    table = tmp_path / "c.parquet"
    pq.write_table(pa.table({name: [value] for name, value in row.items()}), table)
    for path in (lines, sheet, table):
        (article,) = read_articles([path])
        assert article.credit_lines == "Bay\ndpa", path


def test_a_large_file_is_read_as_a_small_one(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    rows = [
        {"id": str(n), "source": "Bay", "text": TEXT, "creditline": "Bay"}
        | ({"copyright": "dpa"} if n == 6_000 else {})
        for n in range(9_000)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert path.stat().st_size > 1 << 20
    said = [article.credit_lines for article in read_articles([path])]
    assert said[6_000] == "Bay\ndpa"
    assert {*said[:6_000], *said[6_001:]} == {"Bay"}


def test_an_index_keeps_them(tmp_path: Path) -> None:
    article = Article(id="a", text=TEXT, credit_lines="Reuters")
    with Index.create(tmp_path / "ix") as index:
        index.add([article])
        assert index.article("a") == article
        (found,) = index.report().articles
    assert [(credit.form, credit.text) for credit in found.credits] == [("metadata", "Reuters")]
