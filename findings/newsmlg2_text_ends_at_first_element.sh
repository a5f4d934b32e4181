#!/usr/bin/env bash
# Expected: str() of a headline or description that NewsMLG2 has parsed is its whole text, as str() is the way that the
# package describes for reading text.
# Happens (newsmlg2 1.1): the text ends at the first element within it, here <span> and <br/>, which NewsML-G2 allows.
# Why it matters here: half a headline or teaser still looks like one, and would be compared as one, so
# dedup/reading/news_xml.py gathers the text of an element and of all within it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check newsmlg2==1.1
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version

from NewsMLG2 import NewsMLG2Document

item = NewsMLG2Document(b"""<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:wire.example:20240305:pier" version="1"
    standard="NewsML-G2" standardversion="2.35" conformance="power" xml:lang="en">
  <itemMeta>
    <itemClass uri="http://cv.iptc.org/newscodes/ninature/text"/>
    <provider uri="http://wire.example/"/>
    <versionCreated>2024-03-05T10:00:00Z</versionCreated>
  </itemMeta>
  <contentMeta>
    <headline>Pier <span class="place">in Norhaven</span> closes</headline>
    <description>The council voted.<br/>Work takes nine months.</description>
  </contentMeta>
</newsItem>""").get_item()
about = item.contentmeta
seen = [str(about.headline), str(about.description)]
print("newsmlg2", version("newsmlg2"), seen)
assert [text.strip() for text in seen] == ["Pier", "The council voted."]
PY
