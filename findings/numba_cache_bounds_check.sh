#!/usr/bin/env bash
# Expected: with NUMBA_BOUNDSCHECK=1 a kernel with cache=True checks its indexes, whatever an earlier run has cached.
# Happens (numba 0.68.1): the setting is not part of the cache's key. A kernel cached without the check answers with
# what lies behind the view; one cached with the check goes on checking when the setting is gone.
# Why it matters here: a run of the tests with bounds checks would check nothing, so the key of the project's own
# cache holds this setting (dedup/jit/kernel_cache.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numba==0.68.1
cd "$folder"
unset NUMBA_BOUNDSCHECK
cat >kernel.py <<'PY'
import numba

@numba.njit(cache=True)
def third(values):
    return values[2]
PY
cat >ask.py <<'PY'
import numpy as np

import kernel

# Two items of an array of four: the third lies within the same memory.
view = np.arange(4)[:2]
try:
    print(kernel.third(view))
except IndexError:
    print("IndexError")
PY
ask() { NUMBA_CACHE_DIR="$folder/$1" "$folder/venv/bin/python" ask.py; }
seen=$(ask plain; NUMBA_BOUNDSCHECK=1 ask plain; NUMBA_BOUNDSCHECK=1 ask checked; ask checked)
"$folder/venv/bin/python" -c 'import numba; print("numba", numba.__version__)'
echo "cached without the check: without, with it; cached with the check: with, without it:" $seen
[ "$(echo $seen)" = "2 2 IndexError IndexError" ]
