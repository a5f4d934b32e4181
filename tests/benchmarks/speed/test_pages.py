"""The cost of pages: files are written completely, and none of them stays."""

from __future__ import annotations

import pages
import pytest


@pytest.mark.parametrize("way", pages.WAYS)
def test_the_file_is_as_large_as_asked_for_and_goes(way, tmp_path):
    sizes = []

    def opened(path):
        stream = pages.WAYS[way](path)
        close = stream.close

        class Watched:
            def __enter__(self):
                return stream

            def __exit__(self, *given):
                close()
                sizes.append(path.stat().st_size)

        return Watched()

    wall, processor = pages.write(tmp_path / "file", opened, 11)
    assert sizes == [11 << 20]
    assert wall > 0 <= processor
    assert list(tmp_path.iterdir()) == []


def test_both_ways_are_told(tmp_path, monkeypatch, capsys):
    given = ["pages.py", str(tmp_path), "--megabytes", "1", "--pause", "0", "--rounds", "1"]
    monkeypatch.setattr("sys.argv", given)
    pages.main()
    lines = capsys.readouterr().out.splitlines()
    assert [line[:16].strip() for line in lines] == ["", *pages.WAYS]
    assert all(float(number) >= 0 for line in lines[1:] for number in line[16:].split())
