"""`dedup compare` and `dedup explain`: two files, or two ids of one input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_lines import OTHERS, SHARED, Run
from json_records import lines_of, write_lines

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Return two texts that share a passage, and one that shares nothing."""
    texts = {"one": f"{SHARED} {OTHERS[0]}", "two": f"{OTHERS[1]} {SHARED}", "other": OTHERS[2]}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text)
    return tmp_path / "one.txt", tmp_path / "two.txt", tmp_path / "other.txt"


def test_two_files_side_by_side(run: Run, files: tuple[Path, Path, Path]) -> None:
    result = run("compare", files[0], files[1], "--format", "table")
    assert result.exit_code == 0
    assert "verbatim" in result.stdout
    assert "agrees" in result.stdout
    words = " ".join(result.stdout.split())
    assert words.count("Soldier") == 2


def test_words_that_differ_are_marked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(SHARED)
    (tmp_path / "two.txt").write_text(SHARED.replace("wreath", "garland"))
    seen = run("compare", tmp_path / "one.txt", tmp_path / "two.txt", "--format", "table").stdout
    assert "[wreath]" in seen
    assert "[garland]" in seen
    assert "[Soldier]" not in seen


def test_json_lines(run: Run, files: tuple[Path, Path, Path]) -> None:
    result = run("compare", files[1], files[0])
    (overlap,) = lines_of(result.stdout, "overlap")
    assert (overlap["a"], overlap["b"]) == ("one", "two")
    (passage,) = overlap["passages"]
    assert files[0].read_text()[passage["a_start"] : passage["a_end"]] == passage["a_text"]
    assert passage["a_text"].startswith("Prime Minister Imran Khan")


def test_two_ids_of_one_input(run: Run, articles: Path) -> None:
    (overlap,) = lines_of(run("compare", "b", "a", articles).stdout, "overlap")
    (scanned, _) = lines_of(run("scan", articles).stdout, "overlap")
    assert overlap["passages"][0]["a_text"] == scanned["passages"][0]["a_text"]


def test_files_of_one_name_in_two_folders(run: Run, tmp_path: Path) -> None:
    for folder in ("herald", "courier"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "story.txt").write_text(SHARED)
    (overlap,) = lines_of(run("compare", "herald/story.txt", "courier/story.txt").stdout, "overlap")
    assert (overlap["a"], overlap["b"]) == ("courier/story.txt", "herald/story.txt")


def test_nothing_shared_is_said_with_the_way_to_the_reason(run: Run, files: tuple[Path, Path, Path]) -> None:
    table = run("compare", files[0], files[2], "--format", "table")
    assert table.exit_code == 0
    assert "share no passage" in table.stdout
    assert f"`dedup explain {files[0]} {files[2]}` says why" in table.stderr
    lines = run("compare", files[0], files[2])
    assert (lines.exit_code, lines.stdout) == (0, "")
    assert "nothing is shared" in lines.stderr


@pytest.mark.parametrize("verb", ["compare", "explain"])
def test_an_id_that_is_not_there(run: Run, articles: Path, verb: str) -> None:
    result = run(verb, "a", "bb", articles)
    assert result.exit_code == 1
    assert result.stderr == (
        "dedup: no article among 4 has an id that is or begins with 'bb'; did you mean b?\n"
    )


@pytest.mark.parametrize("verb", ["compare", "explain"])
def test_a_file_with_several_articles(run: Run, articles: Path, verb: str) -> None:
    result = run(verb, articles, articles.parent)
    assert result.exit_code == 1
    assert "holds 4 articles; to pick two of them, give their ids and then the input" in result.stderr


@pytest.mark.parametrize("verb", ["compare", "explain"])
def test_an_article_is_not_compared_with_itself(run: Run, articles: Path, verb: str) -> None:
    result = run(verb, "a", "a", articles)
    assert result.exit_code == 1
    assert "the two are one and the same article" in result.stderr


def test_explain_what_was_found(run: Run, articles: Path) -> None:
    result = run("explain", "a", "b", articles)
    assert result.exit_code == 0
    for word in ("Shingles", "Jaccard", "bands agree", "probability", "found: "):
        assert word in result.stdout
    record = json.loads(run("explain", "a", "b", articles, "--format", "json").stdout)
    assert record["found"]
    assert record["shared_shingles"] > 40
    assert record["closest"][0]["bands"]
    assert record["overlap"]["passages"]


def test_explain_what_was_missed(run: Run, articles: Path) -> None:
    apart = run("explain", "a", "d", articles).stdout
    assert apart.startswith("not found: the two share no three words in a row")
    strict = " ".join(run("explain", "a", "b", articles, "--min-words", "200").stdout.split())
    assert "min_words asks for 200" in strict
    assert "the thresholds dropped all of it: " in strict
    few = " ".join(run("explain", "a", "b", articles, "--min-overlap-words", "200").stdout.split())
    assert "words agree in all passages of the pair; min_overlap_words asks for 200" in few
    same = " ".join(run("explain", "a", "c", articles).stdout.split())
    assert "both are of the source Herald" in same
    assert same.startswith("not found: the scope does not compare the two")


def test_the_seeds(run: Run) -> None:
    (overlap,) = lines_of(run("compare", *sorted(SEEDS.glob("00[02]_*.txt"))).stdout, "overlap")
    assert overlap["words"] > 200
    record = json.loads(run("explain", *sorted(SEEDS.glob("00[04]_*.txt")), "--format", "json").stdout)
    assert not record["found"]


@pytest.mark.parametrize("verb", ["compare", "explain"])
def test_ids_are_taken_by_their_beginning(run: Run, verb: str) -> None:
    result = run(verb, "000", "002", SEEDS, "--format", "table")
    assert result.exit_code == 0
    result = run(verb, "00", "002", SEEDS)
    assert result.exit_code == 1
    assert "'00' is the beginning of 5 ids ('000_08069bb042b531b9', '001_ed3781059f7032e5'," in result.stderr
    assert "give more of it" in result.stderr


def repeating(tmp_path: Path) -> Path:
    """Return a source's articles, all with one line below, and another's article with that line."""
    notice = (
        "Harbour tours leave the old quay every hour from May until the end of September and cost nothing "
        "for children who come with somebody from their school or their choir."
    )
    letters = "bdfgklmnprstv"
    words = [one + vowel + two + "en" for one in letters for two in letters for vowel in "aeo"]
    texts = [" ".join(words[30 * n : 30 * n + 30]) + "." for n in range(13)]
    records = [
        {"id": f"p{n}", "source": "Post", "text": f"{text}\n\n{notice}"} for n, text in enumerate(texts[1:])
    ]
    records.append({"id": "g", "source": "Gate", "text": f"{texts[0]}\n\n{notice}"})
    return write_lines(tmp_path / "repeating.jsonl", records)


def test_explain_and_compare_agree_with_the_scan_on_what_a_source_repeats(run: Run, tmp_path: Path) -> None:
    corpus = repeating(tmp_path)
    assert not lines_of(run("scan", corpus, "--format", "jsonl").stdout, "overlap")
    assert not run("compare", "g", "p0", corpus).stdout
    told = json.loads(run("explain", "g", "p0", corpus, "--format", "json").stdout)
    assert not told["found"]
    assert told["reasons"][0].startswith("not found: ")
    assert told["b"]["repeated_words"] > 20


def test_an_index_gives_its_own_background(run: Run, tmp_path: Path) -> None:
    corpus, folder = repeating(tmp_path), tmp_path / "archive"
    assert run("index", "create", folder, "--quiet").exit_code == 0
    assert run("index", "add", folder, corpus, "--quiet", "--format", "jsonl").exit_code == 0
    told = json.loads(run("explain", "g", "p0", folder, "--format", "json").stdout)
    assert (told["found"], told["b"]["repeated_words"] > 20) == (False, True)
    missing = run("explain", "g", "nobody", folder)
    assert missing.exit_code == 1
    assert "no article 'nobody'" in missing.output


def test_two_files_show_what_is_too_little_for_a_scan(run: Run, tmp_path: Path) -> None:
    phrase = "he laid a wreath at the tomb of the unknown soldier"
    for name, text in (
        ("one", f"In the morning {phrase}. {OTHERS[0]}"),
        ("two", f"{OTHERS[1]} Then {phrase}."),
    ):
        (tmp_path / f"{name}.txt").write_text(text)
    shown = run("compare", tmp_path / "one.txt", tmp_path / "two.txt", "--format", "table")
    assert "Below a scan's floors" in shown.stdout
    assert phrase in " ".join(shown.stdout.split())
    assert "without a corpus" in shown.stderr
    (record,) = lines_of(run("compare", tmp_path / "one.txt", tmp_path / "two.txt").stdout, "below_floors")
    assert "words" in record["passages"][0]["reason"]


@pytest.mark.parametrize("ending", ["html", "csv", "parquet", "jsonl", "txt"])
def test_a_pair_goes_to_a_file_of_any_format(
    run: Run, files: tuple[Path, Path, Path], tmp_path: Path, ending: str
) -> None:
    target = tmp_path / f"pair.{ending}"
    result = run("compare", files[0], files[1], "-o", target)
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert b"Soldier" in target.read_bytes()


def test_a_comparison_shows_times_in_a_zone(run: Run, tmp_path: Path) -> None:
    rows = [
        {"id": name, "source": name, "text": SHARED, "published": "2024-03-01T21:30:00Z"}
        for name in ("one", "two")
    ]
    path = write_lines(tmp_path / "articles.jsonl", rows)
    zone = ("--show-times-in", "Asia/Karachi")
    seen = run("compare", "one", "two", path, "--format", "table", *zone)
    assert "2024-03-02 02:30 Asia/Karachi" in seen.stdout
    seen = run("scan", path, "--format", "table", *zone)
    assert "2 Mar 2024" in seen.stdout
    assert "Times are in Asia/Karachi." in seen.stdout
    for verb in (("scan", path), ("compare", "one", "two", path)):
        refused = run(*verb, "--format", "jsonl", *zone)
        assert refused.exit_code == 2
        assert "--show-times-in is for table and html" in refused.stderr
        refused = run(*verb, "--format", "table", "--show-times-in", "Karachi")
        assert refused.exit_code == 2
        assert "--show-times-in is 'Karachi'" in refused.stderr
