"""Choosing the writer and the place: written beside the target and renamed, or not at all."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
import threading

import pytest

from dedup.errors import OutputError, SettingsError
from dedup.reporting.formats import format_of, write
from dedup.runtime.outputs import written_beside


@pytest.mark.parametrize(
    ("format_", "start"),
    [
        ("jsonl", b'{"kind":"overlap","a":"000"'),
        ("csv", b"a,b,a_source"),
        ("html", b"<!doctype html>"),
        ("parquet", b"PAR1"),
        ("table", b"Note: The source of 004 was"),
    ],
)
def test_every_format_goes_to_a_file_and_to_standard_output(report, tmp_path, capsysbinary, format_, start):
    path = tmp_path / "out"
    write(report, format_, path)
    assert path.read_bytes().startswith(start)
    assert not list(tmp_path.glob(".dedup-*"))
    write(report, format_)
    assert capsysbinary.readouterr().out == path.read_bytes()


def test_a_dash_is_standard_output(report, capsysbinary, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(report, "jsonl", "-")
    assert len(capsysbinary.readouterr().out.splitlines()) == 10
    assert not list(tmp_path.iterdir())


def test_parquet_is_not_poured_into_a_terminal(report, capsysbinary, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(OutputError, match="a terminal cannot show it; give -o FILE or a pipe"):
        write(report, "parquet")
    assert capsysbinary.readouterr().out == b""


def test_an_unknown_format_is_refused(report, tmp_path):
    with pytest.raises(SettingsError, match="format is 'xml'; it must be one of table, jsonl, csv"):
        write(report, "xml", tmp_path / "out")


@pytest.mark.parametrize(
    ("name", "format_"), [("a.JSONL", "jsonl"), ("a.csv", "csv"), ("a.b", None), ("x.htm", "html")]
)
def test_the_ending_names_the_format(name, format_):
    assert format_of(name) == format_


def test_the_limit_reaches_table_and_page(many, tmp_path):
    write(many, "table", tmp_path / "t", limit=3)
    assert "297 more pairs, not shown" in (tmp_path / "t").read_text()
    write(many, "html", tmp_path / "h", limit=3)
    assert (tmp_path / "h").read_text().count('"listed":true') == 3


def test_a_missing_directory_is_named_with_the_mend(report, tmp_path):
    with pytest.raises(
        OutputError, match=r"no/out\.jsonl: the directory .*no does not exist; create it first"
    ):
        write(report, "jsonl", tmp_path / "no" / "out.jsonl")


def test_a_directory_is_no_output(report, tmp_path):
    with pytest.raises(OutputError, match="is a directory; give the name of a file in it"):
        write(report, "html", tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_directory_is_named(report, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        write(report, "jsonl", tmp_path / "out.jsonl")
    tmp_path.chmod(0o700)


def test_a_full_disk_is_named(report, tmp_path):
    if not os.path.exists("/dev/full"):  # noqa: PTH110 - a device
        pytest.skip("no /dev/full on this system")
    with pytest.raises(OutputError, match=r"/dev/full: cannot be written \(No space left on device\)"):
        write(report, "jsonl", "/dev/full")
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)  # noqa: PTH116


def test_a_named_pipe_is_written_into_and_stays_one(report, tmp_path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write(report, "jsonl", pipe)
    reader.join()
    assert json.loads(got[0].splitlines()[-1])["kind"] == "summary"
    assert pipe.is_fifo()


def test_what_stood_there_stays_when_the_run_is_interrupted(report, tmp_path):
    path = tmp_path / "out.html"
    path.write_text("before")

    def interrupted(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(report, "html", path, furniture=interrupted)
    assert path.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["out.html"]


def test_a_link_keeps_pointing_and_permissions_stay(tmp_path):
    final, link = tmp_path / "final", tmp_path / "link"
    final.write_text("before")
    final.chmod(0o640)
    link.symlink_to(final)
    with written_beside([link]) as (beside,):
        beside.write_text("after")
        assert final.read_text() == "before"
    assert link.is_symlink()
    assert final.read_text() == "after"
    assert stat.S_IMODE(final.stat().st_mode) == 0o640


def test_a_reader_that_has_gone_is_left_to_the_caller(report, monkeypatch):
    class Gone(io.BytesIO):
        def write(self, _):
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stdout", type("Out", (), {"buffer": Gone(), "flush": lambda self: None})())
    with pytest.raises(BrokenPipeError):
        write(report, "jsonl")
