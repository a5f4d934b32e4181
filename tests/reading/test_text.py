"""Text files, folders, patterns and manifests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dedup.errors import DuplicateIdError, FieldError, InputError, SettingsError
from dedup.reading import read_articles, read_batches


def write(folder: Path, **texts: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_bytes(text.encode())
    return folder


def ids(*inputs: str | Path) -> list[str]:
    return [article.id for article in read_articles(inputs)]


def notes(*inputs: str | Path) -> list[str]:
    reading = read_batches(inputs)
    assert list(reading)
    return [note for note in reading.notes if "no date was found" not in note]


def test_one_folder_makes_every_file_a_source(tmp_path: Path) -> None:
    write(tmp_path, a="One.", b="Two.")
    assert [(a.id, a.source, a.text) for a in read_articles([tmp_path])] == [
        ("a", "a", "One."),
        ("b", "b", "Two."),
    ]
    assert notes(tmp_path) == ["no source is named: every text file counts as a source of its own"]


def test_several_folders_are_the_sources(tmp_path: Path) -> None:
    write(tmp_path / "dawn", a="One.")
    write(tmp_path / "pti" / "2026", b="Two.")
    assert [(a.id, a.source) for a in read_articles([tmp_path])] == [("a", "dawn"), ("b", "2026")]
    assert notes(tmp_path) == [
        "no source is named for the text files: each one's folder counts as its source"
    ]


def test_equal_names_in_several_folders_stay_apart(tmp_path: Path) -> None:
    write(tmp_path / "dawn", **{"1": "One.", "2": "Two."})
    write(tmp_path / "pti", **{"1": "Three."})
    assert ids(tmp_path) == ["dawn/1", "2", "pti/1"]
    assert "several files share a name" in notes(tmp_path)[-1]


def test_spans_count_in_the_text_as_given(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffone\r\ntwo\rthree\n\n“x”".encode())
    assert next(iter(read_articles([path]))).text == "one\r\ntwo\rthree\n\n“x”"


def test_text_without_a_word_is_fine(tmp_path: Path) -> None:
    write(tmp_path, a=" \n", b="!?")
    assert [a.text for a in read_articles([tmp_path])] == [" \n", "!?"]


def test_many_files_come_in_few_batches(tmp_path: Path) -> None:
    write(tmp_path, **{f"{n:03}": "Text." for n in range(300)})
    assert [batch.num_rows for batch in read_batches([tmp_path])] == [300]


def test_hidden_and_unknown_files_in_a_folder_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path, a="One.")
    write(tmp_path / ".git", b="Two.")
    (tmp_path / "README.md").write_text("Three.")
    assert ids(tmp_path) == ["a"]
    assert notes(tmp_path)[0] == "1 file left out because of an ending that is not read"


def test_patterns(tmp_path: Path) -> None:
    write(tmp_path, a="One.", b="Two.")
    write(tmp_path / "in" / "deep", c="Three.")
    (tmp_path / "x.md").write_text("no")
    assert ids(str(tmp_path / "[ab].txt")) == ["a", "b"]
    assert ids(str(tmp_path / "*")) == ["a", "b", "c"]
    assert sorted(ids(str(tmp_path / "**"))) == ["a", "b", "c"]
    assert ids(str(tmp_path / "**/c.*")) == ["c"]
    with pytest.raises(InputError, match="no file matches the pattern"):
        ids(str(tmp_path / "*.csv"))


def test_a_file_named_like_a_pattern_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("One.")
    assert ids(tmp_path / "a[1].txt") == ["a[1]"]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, a="One.")
    assert ids(tmp_path, tmp_path / "a.txt") == ["a"]
    assert notes(tmp_path, tmp_path / "a.txt")[0] == "1 file given more than once and read once"


def test_inputs_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.doc").write_text("x")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "link.txt").symlink_to(tmp_path / "gone")
    cases = {
        "missing.txt": "no such file or directory",
        "empty": "no articles in it: no file ends in .txt",
        "a.doc": "its ending is not one that is read: .txt",
        "empty.txt": "no articles in it: the file is empty",
        "link.txt": "no such file or directory",
    }
    for name, says in cases.items():
        with pytest.raises(InputError, match=says) as raised:
            ids(tmp_path / name)
        assert raised.value.file == str(tmp_path / name)
    with pytest.raises(SettingsError, match="no input is named"):
        read_batches([])


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that the system will not read")
def test_a_file_that_the_system_will_not_read(tmp_path: Path) -> None:
    (tmp_path / "x.txt").symlink_to("/proc/self/mem")
    with pytest.raises(InputError, match=r"x.txt: cannot be read: "):
        ids(tmp_path / "x.txt")


def test_a_file_without_the_right_to_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, a="One.", b="Two.")
    opened = Path.open

    def refuse(path: Path, *args: object, **options: object) -> object:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError, match=r"a.txt: may not be read"):
        ids(tmp_path)
    assert [a.id for a in read_articles([tmp_path], on_error="skip")] == ["b"]


def test_not_utf8_names_the_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("one\ncafé".encode("cp1252"))
    with pytest.raises(
        InputError, match=r"a.txt:2: byte 0xE9 at offset 7 is not UTF-8; .* --encoding cp1252"
    ):
        ids(path)
    assert [a.text for a in read_articles([path], encoding="cp1252")] == ["one\ncafé"]


def test_nul_is_refused(tmp_path: Path) -> None:
    write(tmp_path, a="One.", b="T\0wo.")
    with pytest.raises(InputError, match=r"b.txt: text has a NUL character at place 1"):
        ids(tmp_path)
    assert [a.id for a in read_articles([tmp_path], on_error="skip")] == ["a"]


MANIFEST = (
    "file,id,source,title,url,published,language,remark\n"
    'a.txt,A,Dawn,"Talks, again",https://dawn.com/1,2026-01-31T10:00:00+05:00,en,x\n'
    "in/b.txt,,PTI,,,,,\n"
)


def test_manifest(tmp_path: Path) -> None:
    write(tmp_path, a="One.")
    write(tmp_path / "in", b="Two.")
    (tmp_path / "manifest.csv").write_text(MANIFEST)
    (tmp_path / "gold.jsonl").write_text("{}\n")
    one, two = read_articles([tmp_path])
    assert (one.id, one.source, one.title, one.language) == ("A", "Dawn", "Talks, again", "en")
    assert (one.url, one.published) == ("https://dawn.com/1", datetime(2026, 1, 31, 5, tzinfo=UTC))
    assert (two.id, two.source, two.title, two.published) == ("b", "PTI", None, None)
    assert notes(tmp_path) == ["1 file left out because a manifest beside them lists text files"]


def test_manifest_speaks_of_a_file_named_alone_and_can_be_named_itself(tmp_path: Path) -> None:
    write(tmp_path, a="One.", c="Three.")
    write(tmp_path / "in", b="Two.")
    (tmp_path / "manifest.csv").write_text("\ufeff" + MANIFEST)
    assert ids(tmp_path / "a.txt") == ["A"]
    assert ids(tmp_path / "manifest.csv") == ["A", "b"]
    assert "1 file not listed in the manifest beside them, and read without it" in notes(tmp_path)


def test_manifest_of_articles_is_an_ordinary_csv(tmp_path: Path) -> None:
    (tmp_path / "manifest.csv").write_text("id,text\n1,One.\n")
    assert ids(tmp_path) == ["1"]


@pytest.mark.parametrize(
    ("rows", "error", "says"),
    [
        ("file\ngone.txt\n", InputError, "manifest.csv:2: lists gone.txt, which is not there"),
        ("file,id\n\na.txt,1\n,2\n", FieldError, "manifest.csv:4: the column file is empty"),
        ("file\na.txt\na.txt\n", InputError, "manifest.csv:3: lists a.txt a second time"),
        ("file\nmanifest.csv\n", InputError, "manifest.csv:2: lists manifest.csv, which is not a text file"),
        ("file,id\na.txt,1,2\n", InputError, "manifest.csv:2: the row has more columns than the header"),
        ("file,title\na.txt,caf\udce9\n", InputError, "byte 0xE9 at offset 20 is not UTF-8"),
    ],
)
def test_bad_manifests(tmp_path: Path, rows: str, error: type[InputError], says: str) -> None:
    write(tmp_path, a="One.")
    (tmp_path / "manifest.csv").write_bytes(rows.encode(errors="surrogateescape"))
    with pytest.raises(error, match=says):
        ids(tmp_path)


def test_duplicate_ids_in_a_manifest_name_both_files(tmp_path: Path) -> None:
    write(tmp_path, a="One.", b="Two.")
    (tmp_path / "manifest.csv").write_text("file,id\na.txt,x\nb.txt,x\n")
    with pytest.raises(DuplicateIdError, match=r"b.txt: the id 'x' is taken by .*a.txt"):
        ids(tmp_path)


def test_formats_mix(tmp_path: Path) -> None:
    write(tmp_path, a="One.")
    (tmp_path / "b.jsonl").write_text('{"text": "Two."}\n')
    (tmp_path / "b.csv").write_text("text\nThree.\n")
    assert ids(tmp_path) == ["a", "b.csv:2", "b.jsonl:1"]


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    (tmp_path / "caf\udce9.txt").write_text("One.")
    assert ids(tmp_path) == ["caf\\xe9"]
