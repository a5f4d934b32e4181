"""Settings: flags override the environment, which overrides a file, which overrides the defaults."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.cli.configuration import configure
from dedup.errors import InputError, SettingsError
from dedup.settings import Settings


def test_without_layers_everything_is_the_default() -> None:
    found = configure({})
    assert found.settings == Settings()
    assert set(found.origins.values()) == {"default"}


def test_flags_win_over_environment_over_file(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("min_words = 11\nbands = 9\nrows = 3\n")
    found = configure(
        {"min_words": "13", "scope": None},
        environment={"DEDUP_MIN_WORDS": "12", "DEDUP_BANDS": "8", "HOME": "/"},
        directory=tmp_path,
    )
    assert (found.settings.min_words, found.settings.bands, found.settings.rows) == (13, 8, 3)
    assert found.origins["min_words"] == "flag --min-words"
    assert found.origins["bands"] == "environment DEDUP_BANDS"
    assert found.origins["rows"] == f"{tmp_path / 'dedup.toml'}: rows"
    assert found.origins["scope"] == "default"


def test_pyproject_serves_where_there_is_no_dedup_toml(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.dedup]\nmin-words = 21\n")
    assert configure({}, directory=tmp_path).settings.min_words == 21
    (tmp_path / "dedup.toml").write_text("min_words = 22\n")
    assert configure({}, directory=tmp_path).settings.min_words == 22


def test_a_pyproject_without_the_table_gives_nothing(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.ruff]\nline-length = 110\n")
    assert configure({}, directory=tmp_path).settings == Settings()


def test_directories_above_are_not_searched(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("min_words = 11\n")
    below = tmp_path / "below"
    below.mkdir()
    assert configure({}, directory=below).settings == Settings()


def test_a_named_file_replaces_the_usual_ones(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("min_words = 11\n")
    named = tmp_path / "other.toml"
    named.write_text("bands = 9\n")
    settings = configure({}, config=named, directory=tmp_path).settings
    assert (settings.bands, settings.min_words) == (9, Settings().min_words)


def test_equal_values_have_equal_fingerprints_in_every_layer(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("min_similarity = 1\n")
    whole = configure({}, directory=tmp_path).settings.fingerprint()
    assert whole == configure({"min_similarity": "1.0"}).settings.fingerprint()
    assert whole == configure({}, environment={"DEDUP_MIN_SIMILARITY": "1"}).settings.fingerprint()


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), ("on", True), ("false", False)])
def test_switches_in_the_environment(text: str, value: bool) -> None:
    assert configure({}, environment={"DEDUP_FURNITURE": text}).settings.furniture is value


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("min_words = 0", r"dedup\.toml: min_words: min_words is 0; it must lie between 1 and"),
        ('min_words = "many"', r"dedup\.toml: min_words: min_words is 'many'; it must be a number"),
        ("min_words = 1.5", r"dedup\.toml: min_words: min_words is 1.5; it must be a whole number"),
        ("min_words = true", r"dedup\.toml: min_words: min_words is True; it must be a number"),
        ("furniture = 'perhaps'", r"dedup\.toml: furniture: furniture is 'perhaps'; it must be one of"),
        ("scope = 'both'", r"dedup\.toml: scope: scope is 'both'; it must be one of cross, all"),
        ("min_word = 3", r"dedup\.toml: min_word: there is no setting min_word; did you mean min_words\?"),
        ("colour = 3", r"dedup\.toml: colour: there is no setting colour; `dedup settings` lists"),
    ],
)
def test_a_wrong_value_in_a_file_is_named_with_its_place(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "dedup.toml").write_text(content)
    with pytest.raises(SettingsError, match=message):
        configure({}, directory=tmp_path)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DEDUP_MIN_WORDS": "ten"}, "environment DEDUP_MIN_WORDS: min_words is 'ten'; it must be a number"),
        ({"DEDUP_MINWORDS": "10"}, "environment DEDUP_MINWORDS: .* did you mean min_words"),
        ({"DEDUP_FURNITURE": "maybe"}, "environment DEDUP_FURNITURE: furniture is 'maybe'"),
    ],
)
def test_a_wrong_variable_is_named(environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        configure({}, environment=environment)


def test_a_wrong_flag_is_named() -> None:
    with pytest.raises(SettingsError, match="flag --min-words: min_words is 0; it must lie between 1 and"):
        configure({"min_words": "0"})


def test_broken_toml_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "dedup.toml").write_text("min_words = = 3")
    with pytest.raises(InputError, match=r"dedup\.toml: is not valid TOML: .*line 1"):
        configure({}, directory=tmp_path)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml: cannot be read as settings: No such file"):
        configure({}, config=tmp_path / "none.toml")


def test_the_table_of_pyproject_must_be_a_table(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool]\ndedup = 3\n")
    with pytest.raises(SettingsError, match=r"tool\.dedup is 3; it must be a table"):
        configure({}, directory=tmp_path)
