#!/usr/bin/env bash
# Expected: an extractor of articles leaves out blocks, such as menus, and keeps the sentences that it takes whole.
# Happens (goose3 3.1.22): words in <ins>, <mark>, <u>, <abbr>, <time>, <q>, <cite> or <code> vanish from the middle of
# a sentence; those in <a>, <em>, <strong> and <span> stay. What is left reads well: "and people were hurt".
# Why it matters here: the corrected figure of a report is just what stands in <ins>, and two copies would differ by
# it; markup within a line is taken away here, never its words (dedup/text/markup.py).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check goose3==3.1.22
"$folder/venv/bin/python" - <<'PY'
import re
from importlib.metadata import version

from goose3 import Goose

TAGS = ("a", "em", "strong", "span", "ins", "mark", "u", "abbr", "time", "q", "cite", "code")
SENTENCE = (
    "<p>The council of Norhaven voted on Tuesday evening to close the northern pier after divers found deep cracks in "
    "the pillars and <{0}>seven{1}</{0}> people were hurt, the police said on the way to the meeting.</p>"
)
page = "<html><head><title>Pier closes</title></head><body><article>%s</article></body></html>" % "".join(
    SENTENCE.format(tag, number) for number, tag in enumerate(TAGS)
)
text = Goose().extract(raw_html=page).cleaned_text
kept = [tag for number, tag in enumerate(TAGS) if f"seven{number} " in text]
print("goose3", version("goose3"), "sentences:", text.count("people were hurt"), "words kept in:", kept)
print(re.search("pillars and.*?hurt", text.rpartition("seven3")[2])[0])
assert text.count("people were hurt") == len(TAGS) and kept == ["a", "em", "strong", "span"]
PY
