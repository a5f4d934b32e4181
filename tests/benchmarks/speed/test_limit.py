"""The C program does the whole work: its signatures equal those of plain Python."""

from __future__ import annotations

import re
from pathlib import Path

import limit
import numpy as np
import pytest

from dedup.lsh.minhash import permutations

pytestmark = pytest.mark.skipif(limit.compiler() is None, reason="there is no C compiler")
WORD = 1 << 32


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):
    return limit.compiled(tmp_path_factory.mktemp("limit"))[0]


def mixed(h: int) -> int:
    h = (h ^ h >> 16) * 0x85EBCA6B % WORD
    h = (h ^ h >> 13) * 0xC2B2AE35 % WORD
    return h ^ h >> 16


def in_plain_python(text: str) -> list[int]:
    hashes = []
    for word in re.findall("[a-z0-9]+", text.lower()):
        h = 0x811C9DC5
        for letter in word.encode():
            h = (h ^ letter) * 0x9E3779B1 % WORD
        hashes.append(mixed(h))
    shingles = []
    for start in range(len(hashes) - limit.SHINGLE_WORDS + 1):
        h = 0
        for token in hashes[start : start + limit.SHINGLE_WORDS]:
            h = (h * 0x01000193 + token) % WORD
        shingles.append(mixed(h))
    a, b, _ = permutations(limit.PERMUTATIONS, limit.SEED).tolist()
    return [min(((x * h + y) % WORD for h in shingles), default=WORD - 1) for x, y in zip(a, b, strict=True)]


@pytest.mark.parametrize(
    "texts",
    [
        ["The Quick, brown fox: jumps-over the lazy dog's 42nd back"],
        ["", "too few words here", "@[`{ /:\x00\x7f only signs", "one two three four five"],
        ["a" * 4095 + " b c d e f " + "g" * 5000, "x y " * 3000],  # words at and over the ends of blocks
    ],
)
def test_same_signatures_as_plain_python(library, texts):
    assert limit.c_signer(library, texts)().tolist() == [in_plain_python(text) for text in texts]


def test_other_scripts_are_refused(library):
    with pytest.raises(UnicodeEncodeError):
        limit.c_signer(library, ["Приветствие"])


def test_measures_stand_beside_each_other(library):
    measures = limit.measure(library, ["Ministers met in Moscow – again – to sign a pact on grain. "] * 50, 2)
    assert measures["the limit, C"]["share_of_the_limit"] == 1
    assert all(row["megabytes_per_second"] > 0 for row in measures.values())


def test_without_a_compiler(monkeypatch, tmp_path: Path, capsys):
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(RuntimeError, match="no C compiler"):
        limit.compiled(tmp_path)
    monkeypatch.setattr("sys.argv", ["limit.py", "nowhere.jsonl"])
    limit.main()
    assert "not measured" in capsys.readouterr().out


def test_empty_input(library):
    assert limit.c_signer(library, [])().shape == np.empty((0, limit.PERMUTATIONS)).shape
