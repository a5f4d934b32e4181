"""How an index writes its files."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from dedup.index.store.files import Files, checksum_of


@pytest.mark.parametrize(("durable", "heeded"), [(True, True), (True, False), (False, True)])
def test_a_large_file_holds_what_was_written(
    tmp_path: Path, durable: bool, heeded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    hinted: list[tuple[int, int]] = []
    if hasattr(os, "posix_fadvise"):
        advise = os.posix_fadvise

        def noted(handle: int, start: int, length: int, advice: int) -> None:
            hinted.append((start, length))
            if not heeded:
                raise OSError
            advise(handle, start, length, advice)

        monkeypatch.setattr(os, "posix_fadvise", noted)
    parts = [np.full(5 << 20, number, np.uint8) for number in range(5)]
    path = tmp_path / "large"
    with Files(durable=durable).writing(path) as stream:
        for part in parts:
            stream.write(part)
        stream.write(b"end")
    assert path.read_bytes() == b"".join(part.tobytes() for part in parts) + b"end"
    assert (stream.size, stream.checksum) == (path.stat().st_size, checksum_of(path))
    if not durable:
        assert hinted == [], "nobody waits for the disk"
    elif hasattr(os, "posix_fadvise"):
        assert hinted == [(0, 10 << 20), (10 << 20, 10 << 20)]
