#!/usr/bin/env bash
# Expected: trafilatura's content_fingerprint, made to tell near-duplicates, differs a little for two reports of which
# one has a "not", other figures, or its sentences in another order, and Simhash.similarity is below 1.
# Happens (trafilatura 2.3.1): in texts of enough long words only those of five letters and more are hashed, as a bag:
# all four have the same fingerprint.
# Why it matters here: an updated or denied report would pass for a repeat, so candidates are only proposed by hashes
# and then aligned word for word; "3 died" and "9 died" differ.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pip==26.3
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check trafilatura==2.3.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from trafilatura.deduplication import Simhash, content_fingerprint

first = (
    "The harbour council will close the northern pier after divers found cracks in {} of its oldest pillars, "
    "and engineers warned traders about further closures during spring and summer. "
)
second = (
    "Repairs should {}take {} months and cost about {} million euros, according to estimates that officials "
    "presented during Tuesday's meeting, where several residents questioned whether ferries could continue."
)
reports = (
    first.format(2) + second.format("", 9, 4),
    first.format(2) + second.format("not ", 9, 4),
    first.format(6) + second.format("", 3, 80),
    second.format("", 9, 4) + " " + first.format(2),
)
prints = [content_fingerprint(each) for each in reports]
likeness = [Simhash(reports[0]).similarity(Simhash(each)) for each in reports]
print("trafilatura", version("trafilatura"), prints, likeness)
assert len(set(prints)) == 1 and set(likeness) == {1.0}
PY
