#!/usr/bin/env bash
# Expected: striprtf gives of a link the words that a reader sees, or always words and address.
# Happens (striprtf 0.0.35): it depends on the braces of the field and on line breaks in the source: one bracing gives
# no address; another gives it of the last link on each line of the source, so the first of two has none.
# Why it matters here: the same story saved by two programs would differ by the words of an address in mid-sentence, so
# dedup/reading/rtf_files.py takes the instruction of the link away first.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check striprtf==0.0.35
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from striprtf.striprtf import rtf_to_text

FLAT = r'{\field{\*\fldinst HYPERLINK "https://a.example/%s"}{\fldrslt %s}}'
NESTED = r'{\field{\*\fldinst{HYPERLINK "https://a.example/%s"}}{\fldrslt{\ul %s}}}'
texts = [
    rtf_to_text(
        r"{\rtf1\ansi She praised " + field % (1, "the law") + between + field % (2, "the traders") + r".\par}"
    ).strip()
    for field, between in ((FLAT, " and met "), (NESTED, " and met "), (NESTED, " and met\n "))
]
print("striprtf", version("striprtf"), *texts, sep="\n")
assert texts == [
    "She praised the law and met the traders.",
    'She praised the law and met the traders("https://a.example/2").',
    'She praised the law("https://a.example/1") and met the traders("https://a.example/2").',
]
PY
