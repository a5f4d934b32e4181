#!/usr/bin/env bash
# Expected: numba follows NumPy 2, where a uint64 stays one when a plain number is added to it or divides it.
# Happens (numba 0.68.1, numpy 2.4.6): the literal is an int64, so `h % 1000` of a hash of 2**63 and more is that of a
# negative number, another bucket than NumPy gives; a loop `s = s * 31 + h` goes over to float64 and loses the low bits.
# Nothing is said, and hashes below 2**63 come out right.
# Why it matters here: half of all 64-bit hashes would be filed under another key by compiled code than by plain Python;
# kernels write such numbers as np.uint64(...), and the tests compare them with oracles (dedup/lsh/).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numba==0.68.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import numba
import numpy as np


def bucket(h):
    return h % 1000


def mixed(hashes):
    s = np.uint64(7)
    for h in hashes:
        s = s * 31 + h
    return s


low, high = np.uint64(2**62 + 5), np.uint64(2**63 + 5)
both = np.array([low, high])
compiled = [numba.njit(bucket)(low), numba.njit(bucket)(high), numba.njit(mixed)(both)]
with np.errstate(over="ignore"):
    plain = [bucket(low), bucket(high), mixed(both)]
print("numba", numba.__version__, "numpy", np.__version__)
print("compiled", *map(repr, compiled))
print("NumPy   ", *map(repr, plain))
assert compiled[0] == plain[0] == 909 and (compiled[1], plain[1]) == (197, 813)
assert isinstance(compiled[2], float) and isinstance(plain[2], np.uint64)
PY
