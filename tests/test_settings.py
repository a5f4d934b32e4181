"""Settings: ranges, messages, fingerprints."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from dedup import settings
from dedup.errors import DedupError, SettingsError
from dedup.settings import Settings

NUMBERS = [knob for knob in fields(Settings) if "low" in knob.metadata]
CHOICES = [knob for knob in fields(Settings) if "choices" in knob.metadata]


@pytest.mark.parametrize("knob", NUMBERS, ids=lambda knob: knob.name)
def test_a_number_out_of_its_range_is_refused_with_the_limits(knob: object) -> None:
    name, meta = knob.name, knob.metadata  # type: ignore[attr-defined]
    assert meta["low"] <= getattr(Settings(), name) <= meta["high"]
    for value in (meta["low"] - 1, meta["high"] + 1):
        with pytest.raises(SettingsError, match=rf"{name} is {value}; it must lie between .* and "):
            Settings(**{name: value})
    for value in (meta["low"], meta["high"]):
        assert getattr(Settings(**{name: value}), name) == value


@pytest.mark.parametrize("knob", NUMBERS, ids=lambda knob: knob.name)
@pytest.mark.parametrize("value", ["4", None, True, [4]])
def test_what_is_no_number_is_refused(knob: object, value: object) -> None:
    name = knob.name  # type: ignore[attr-defined]
    with pytest.raises(SettingsError, match=f"{name} is .*; it must be a (whole )?number"):
        Settings(**{name: value})


def test_a_count_must_be_whole_and_a_share_need_not() -> None:
    with pytest.raises(SettingsError, match=r"bands is 2\.5; it must be a whole number"):
        Settings(bands=2.5)  # type: ignore[arg-type]
    assert Settings(min_similarity=1).min_similarity == 1
    with pytest.raises(SettingsError, match="min_similarity is nan"):
        Settings(min_similarity=float("nan"))


@pytest.mark.parametrize("knob", CHOICES, ids=lambda knob: knob.name)
def test_an_unknown_choice_is_refused_with_the_known_ones(knob: object) -> None:
    name, meta = knob.name, knob.metadata  # type: ignore[attr-defined]
    with pytest.raises(SettingsError, match=f"{name} is 'other'; it must be one of {meta['choices'][0]}"):
        Settings(**{name: "other"})


def test_equal_settings_have_equal_names_and_others_have_others() -> None:
    names = {Settings().fingerprint()}
    assert names == {Settings(bands=Settings().bands).fingerprint()}
    for knob in fields(Settings):
        for value in (knob.metadata.get("high"), *knob.metadata.get("choices", ())):
            if value is not None and value != knob.default:
                names.add(replace(Settings(), **{knob.name: value}).fingerprint())
    others = sum(len(knob.metadata.get("choices", (1, 2))) - 1 for knob in fields(Settings))
    assert len(names) == 1 + others
    assert all(len(name) == 16 for name in names)


def test_settings_do_not_change_and_are_documented() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().bands = 3  # type: ignore[misc]
    assert all(knob.metadata["help"] for knob in fields(Settings))
    assert issubclass(SettingsError, DedupError)


def test_another_algorithm_has_another_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    before = Settings().fingerprint()
    monkeypatch.setattr(settings, "ALGORITHM", settings.ALGORITHM + 1)
    assert Settings().fingerprint() != before
