#!/usr/bin/env bash
# Expected: the sort key (SURT) by which CDX indexes of web archives are looked up only turns the host around; paths
# that differ in capitals, and the hosts www.post.example and www2.post.example, keep keys of their own.
# Happens (surt 0.3.1): capitals of path and query, "www" with or without a number, and a session id are gone.
# Why it matters here: addresses serve as ids of articles; ids made from these keys would take two articles, as short
# links and numbered hosts name them, for one, so ids are made of the address itself.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check surt==0.3.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from surt import surt

keys = [surt(address) for address in (
    "https://www.post.example/s/aB3",
    "https://www2.post.example/s/Ab3",
    "https://post.example/s/ab3?sid=0123456789abcdef0123456789abcdef",
)]
print("surt", version("surt"), keys)
assert keys == ["example,post)/s/ab3"] * 3
PY
