from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dedup.errors import FieldError, InputError
from dedup.evaluation.gold import read_labels
from dedup.evaluation.measures import evaluate

FEATURE = (
    '<feature name="plagiarism" obfuscation="none" this_offset="10" this_length="50" '
    'source_reference="a.txt" source_offset="5" source_length="48"/>'
)


def overlap(**changes: Any) -> dict[str, Any]:
    passage = {"a_start": 0, "a_end": 40, "b_start": 3, "b_end": 43, "relation": "verbatim"}
    return {"kind": "overlap", "a": "x", "b": "y", "relation": "copy", "passages": [passage], **changes}


def write(path: Path, *records: Any) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_pan_pairs_are_turned_so_that_the_first_id_sorts_first(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(f'<document reference="b.txt">{FEATURE}</document>')
    ((pair, label),) = read_labels(tmp_path).pairs.items()
    assert pair == ("a", "b")
    (passage,) = label.passages
    assert (passage.a_start, passage.a_end, passage.b_start, passage.b_end) == (5, 53, 10, 60)


def test_pan_detections_and_negatives_beside_the_folder_are_read(tmp_path: Path) -> None:
    truth = tmp_path / "truth"
    truth.mkdir()
    feature = FEATURE.replace('"plagiarism"', '"detected-plagiarism"')
    (truth / "t.xml").write_text(f'<document reference="b.txt">{feature}<feature name="about"/></document>')
    (tmp_path / "negatives").write_text("z.txt a.txt\n")
    labels = read_labels(truth)
    assert list(labels.pairs) == [("a", "b")]
    assert labels.negatives == {("a", "z"): "random pair"}


def test_pan_truth_against_json_lines_of_a_scan(tmp_path: Path) -> None:
    (tmp_path / "t.xml").write_text(f'<document reference="b.txt">{FEATURE}</document>')
    found = {"a_start": 5, "a_end": 53, "b_start": 10, "b_end": 60, "relation": "verbatim"}
    result = write(tmp_path / "r.jsonl", overlap(a="a", b="b", passages=[found], similarity=0.9))
    assert evaluate(read_labels(tmp_path / "t.xml"), read_labels(result)).passages.plagdet == 1


def test_all_kinds_of_lines_are_read(tmp_path: Path) -> None:
    labels = read_labels(
        write(
            tmp_path / "g.jsonl",
            overlap(treatment="cut", share_a=0.2, share_b=0.5, edit_rate=0.1),
            {"kind": "negative", "a": "z", "b": "x", "treatment": "byline"},
            {"kind": "article", "id": "x", "treatment": "wire"},
            {"kind": "story", "id": "x", "articles": ["x", "y"], "origin": "x"},
            {"kind": "summary", "articles": 3},
        )
    )
    label = labels.pairs["x", "y"]
    assert (label.treatment, label.share, label.edit_rate, label.optional) == ("cut", 0.5, 0.1, False)
    assert labels.negatives == {("x", "z"): "byline"}
    assert labels.articles == {"x": "wire"}
    assert labels.stories[0].origin == "x"


def test_furniture_is_left_out(tmp_path: Path) -> None:
    caption = {"a_start": 90, "a_end": 99, "b_start": 90, "b_end": 99, "relation": "furniture"}
    both = overlap()
    both["passages"].append(caption)
    labels = read_labels(write(tmp_path / "g.jsonl", both, overlap(a="p", relation="furniture")))
    assert list(labels.pairs) == [("x", "y")]
    assert len(labels.pairs["x", "y"].passages) == 1


def test_a_pair_of_optional_passages_is_optional(tmp_path: Path) -> None:
    record = overlap()
    record["passages"][0]["optional"] = True
    assert read_labels(write(tmp_path / "g.jsonl", record)).pairs["x", "y"].optional


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{oops\n", "g.jsonl:1: not a JSON object"),
        ("[1]\n", "g.jsonl:1: found list, expected a JSON object"),
        ('{"id": "x"}\n', "g.jsonl:1: the field 'kind' is missing"),
        ('\n{"kind": "overlap", "a": "x"}\n', "g.jsonl:2: the field 'b' is missing"),
        (
            json.dumps(overlap(passages=[{"a_start": 4, "a_end": 4, "b_start": 0, "b_end": 1}])),
            "must not be empty",
        ),
    ],
)
def test_broken_lines_are_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "g.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match=message.replace("[", r"\[")):
        read_labels(path)


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("<document", "not XML"),
        (
            f'<document reference="b">{FEATURE.replace("this_offset", "off")}</document>',
            "'this_offset' is missing",
        ),
        (f'<document reference="b">{FEATURE.replace("50", "0")}</document>', "nor lengths less than 1"),
    ],
)
def test_broken_xml_is_named(tmp_path: Path, xml: str, message: str) -> None:
    (tmp_path / "t.xml").write_text(xml)
    with pytest.raises(InputError, match=message):
        read_labels(tmp_path)


def test_a_missing_path_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_labels(tmp_path / "none")
    with pytest.raises(InputError, match="no XML file"):
        read_labels(tmp_path)
    assert issubclass(FieldError, InputError)
