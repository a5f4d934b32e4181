#!/usr/bin/env bash
# Expected: of a Word file with tracked changes one reads the text with the changes or the text without them.
# Happens (python-docx 1.2.0, docx2txt 0.9): Paragraph.text leaves deleted and inserted words out alike, and those in a
# content control or moved; docx2txt has the insertion, but a moved phrase twice, and joins words at a no-break hyphen.
# Why it matters here: "The pier closed" is in neither version of the file, yet reads well, and would be compared;
# dedup/reading/office_files.py reads the text as it is once all changes are accepted.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-docx==1.2.0 docx2txt==0.9
"$folder/venv/bin/python" - <<'PY'
import os
import tempfile
from importlib.metadata import version

import docx
import docx2txt
from docx.oxml import parse_xml

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def run(text, tag="t"):
    return f'<w:r><w:{tag} xml:space="preserve">{text}</w:{tag}></w:r>'


def paragraph(*parts):
    return parse_xml(f"<w:p {SPACE}>{''.join(parts)}</w:p>")


change = 'w:author="desk" w:date="2024-03-05T10:00:00Z"'
document = docx.Document()
for each in (
    paragraph(
        run("The pier "),
        f'<w:del w:id="1" {change}>{run("is ", "delText")}</w:del>',
        f'<w:ins w:id="2" {change}>{run("may be ")}</w:ins>',
        run("closed"),
        f"<w:sdt><w:sdtContent>{run(' on Tuesday')}</w:sdtContent></w:sdt>",
        run("."),
    ),
    paragraph(
        f'<w:moveFrom w:id="3" {change}>{run("She said: ")}</w:moveFrom>',
        run("No"),
        "<w:r><w:noBreakHyphen/></w:r>",
        run("one knew."),
        f'<w:moveTo w:id="4" {change}>{run(" She said: ")}</w:moveTo>',
    ),
):
    document.element.body.insert_element_before(each, "w:sectPr")
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "pier.docx")
    document.save(path)
    seen = {
        "python-docx": [each.text for each in docx.Document(path).paragraphs],
        "docx2txt": docx2txt.process(path).split("\n\n"),
    }
print("python-docx", version("python-docx"), "docx2txt", version("docx2txt"), seen)
assert seen == {
    "python-docx": ["The pier closed.", "No-one knew."],
    "docx2txt": ["The pier may be closed on Tuesday.", "She said: Noone knew. She said:"],
}
PY
