#!/usr/bin/env bash
# Expected: with cache=True, numba notices when a function that a cached kernel calls has changed in another file.
# Happens (numba 0.68.1): only the kernel's own file is checked; the old machine code answers, without a word.
# Why it matters here: after an update old and new kernels would run side by side, and an index would disagree
# with itself. So dedup/jit/cache.py names its cache by the contents of every file that a kernel is made from.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check numba==0.68.1
cd "$folder"
unset NUMBA_CACHE_DIR
cat >callee.py <<'PY'
import numba

@numba.njit
def weight(x):
    return x + 1
PY
cat >kernel.py <<'PY'
import numba
from callee import weight

@numba.njit(cache=True)
def total(x):
    return weight(x)
PY
ask() { "$folder/venv/bin/python" -c 'import callee, kernel; print(callee.weight(1), kernel.total(1))'; }
first=$(ask)
sed -i 's/x + 1/x + 100/' callee.py
second=$(ask)
"$folder/venv/bin/python" -c 'import numba; print("numba", numba.__version__)'
echo "weight(1), total(1) before the change: $first; after it: $second"
[ "$first" = "2 2" ] && [ "$second" = "101 2" ]
