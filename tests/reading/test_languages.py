"""The language of texts that name none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dedup.reading import languages, read_batches
from dedup.reading.inspection import inspect

TEXTS = {
    "en": "The ferry crossed the sound twice before noon, and nobody on board had seen the fog coming in.",
    "de": "Die Fähre fuhr vor dem Mittag zweimal über den Sund, und niemand an Bord hatte den Nebel gesehen.",
    "fr": "Le bac a traversé le détroit deux fois avant midi, et personne à bord n'avait vu venir la brume.",
    "hi": "नाव ने दोपहर से पहले दो बार जलडमरूमध्य पार किया और सवार किसी भी व्यक्ति ने कोहरा आते नहीं देखा था।",
    "ur": "کشتی نے دوپہر سے پہلے دو بار آبنائے کو عبور کیا اور کسی نے دھند کو آتے ہوئے نہیں دیکھا۔",
    "zh": "渡轮在中午之前两次穿过海峡，船上没有人看到大雾正在到来，港口的钟声一直响到晚上。",
}


def test_texts_of_many_scripts() -> None:
    pytest.importorskip("py3langid")
    assert {code: languages.language_of(text) for code, text in TEXTS.items()} == dict(
        zip(TEXTS, TEXTS, strict=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12 34 56 78 90",
        "Rain.",
        "Naav ne dopahar se pehle do baar samudra paar kiya aur kisi ne dhundh nahi dekhi.",
    ],
)
def test_what_is_not_clear_is_not_told(text: str) -> None:
    pytest.importorskip("py3langid")
    assert languages.language_of(text) is None


def test_an_inspection_tells_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("py3langid")
    path = tmp_path / "a.jsonl"
    rows = [{"id": code, "source": "S", "text": text} for code, text in TEXTS.items()]
    rows[0]["language"] = "en-GB"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"id": "x", "text": "Rain."}]))
    found = inspect(read_batches([path]))
    assert found.languages == {"en-GB": 1}
    assert found.languages_found == {"de": 1, "fr": 1, "hi": 1, "ur": 1, "zh": 1, "unclear": 1}
    monkeypatch.setattr(languages, "_identifier", lambda: None)  # as without py3langid
    assert inspect(read_batches([path])).languages_found == {}
