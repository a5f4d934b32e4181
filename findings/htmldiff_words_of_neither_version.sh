#!/usr/bin/env bash
# Expected: lxml's htmldiff marks the words that differ, and what is left without the deleted ones is the new text.
# Happens (lxml 6.1.3): where a word is linked anew, or to another address, " Link: " and the address become words of
# the text, and the unchanged word behind it is shown as deleted and put in again.
# Why it matters here: readers would take links, which every outlet adds to wire copy, for changes of wording, and so
# would a count of changed words; what differs is shown from aligned words (dedup/reporting/marking.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lxml==6.1.3
"$folder/venv/bin/python" - <<'PY'
from lxml import etree
from lxml.html import fromstring
from lxml.html.diff import htmldiff


def new_text(marked):
    tree = fromstring(marked)
    for each in tree.iter("del"):
        each.text = ""
    return " ".join(tree.text_content().split())


OLD = '<p>The <a href="/mayor">mayor</a> spoke.</p>'
seen = [htmldiff(old, '<p>The <a href="/jane">mayor</a> spoke.</p>') for old in ("<p>The mayor spoke.</p>", OLD)]
print("lxml", etree.__version__, *seen, new_text(seen[0]), sep="\n")
assert [new_text(each) for each in seen] == ["The mayor Link: /jane spoke."] * 2
assert "<ins>spoke.</ins> <del>spoke.</del>" in seen[0]
PY
