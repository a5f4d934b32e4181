#!/usr/bin/env bash
# Expected: text from a PDF has, where a line ends in a hyphen, the hyphen and a line break, or the word made whole.
# Happens (pypdfium2 5.15.2): hyphen and line break are one character, which is neither: U+FFFE, which Unicode gives
# no character, from get_text_range(), and the control character U+0002 from get_text_bounded(). "north-ern" and
# "well-known" look the same, and a search for either finds nothing. pypdf keeps "-" and the break.
# Why it matters here: each printed column would lose a word every few lines; dedup/reading/pdf_files.py looks for both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pypdfium2==5.15.2 pypdf==7.1.1
"$folder/venv/bin/python" - <<'PY'
import io
from importlib.metadata import version

import pypdf
import pypdfium2

LINES = ("The council voted to close the north-", "ern pier. The risk was well-", "known, the mayor said.")
shown = " T* ".join(f"({line}) Tj" for line in LINES)
drawing = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET".encode()
objects = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
    b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
]
pdf, places = b"%PDF-1.4\n", []
for number, each in enumerate(objects, 1):
    places.append(len(pdf))
    pdf += b"%d 0 obj\n%s\nendobj\n" % (number, each)
table = b"".join(b"%010d 00000 n \n" % place for place in places)
end = b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(pdf)
pdf += b"xref\n0 5\n0000000000 65535 f \n" + table + end

page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
seen = {
    "get_text_range": page.get_text_range(),
    "get_text_bounded": page.get_text_bounded(),
    "pypdf": pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text(),
}
print("pypdfium2", version("pypdfium2"), "pypdf", version("pypdf"), *map(ascii, seen.items()), sep="\n")
text = "The council voted to close the north{0}ern pier. The risk was well{0}known, the mayor said."
assert list(seen.values()) == [text.format("\ufffe"), text.format("\x02"), text.format("-\n")]
PY
