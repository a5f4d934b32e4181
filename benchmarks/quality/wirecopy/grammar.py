"""A context-free grammar that writes sentences, one file a language under ``grammars/``.

A section ``[name]`` holds one alternative a line; a section ``[name*]`` holds words parted by blanks. Within
an alternative ``{name}`` stands for a section, ``{NAME}`` for a fact of the event, ``{name:form}`` for an
inflected word, ``a/b/c`` for words of one meaning, and ``_`` for a blank within one of them. A section
``[name.energy]`` takes the place of ``[name]`` in stories about energy.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wirecopy.inflection import inflect
from wirecopy.words import Sentence, Word, split_punctuation

_SLOT = re.compile(r"^(\W*?)\{([A-Za-z_0-9]+)(?::([a-z]+))?\}(.*)$", re.DOTALL)

_INNER = re.compile(r"\{[A-Za-z_0-9]+\}")


@dataclass(frozen=True)
class Grammar:
    """The sections of one language's file.

    Attributes
    ----------
    language : str
        ISO 639-1.
    sections : mapping of str to tuple of str
    topics : tuple of str
        What stories can be about: the endings of the sections that have one.
    joiner : str
        What parts two words: a blank, or nothing in Chinese.
    """

    language: str
    sections: Mapping[str, tuple[str, ...]]
    lists: frozenset[str]
    topics: tuple[str, ...]
    joiner: str = " "

    def sentence(
        self, start: str, rng: random.Random, topic: str, facts: Mapping[str, str] | None = None
    ) -> Sentence:
        """Write one sentence from a section, its first letter a capital."""
        words = Writer(self, rng, topic, facts or {}).write("{" + start + "}")
        if words:
            first = words[0].text
            words[0] = words[0]._replace(text=first[:1].upper() + first[1:])
        return words


@dataclass
class Writer:
    """Expands slots; one a sentence."""

    grammar: Grammar
    rng: random.Random
    topic: str
    facts: Mapping[str, str]

    def write(self, alternative: str) -> Sentence:
        """Expand one alternative into words."""
        words: Sentence = []
        for token in alternative.split():
            slot = _SLOT.match(token)
            expanded = self._slot(*slot.groups()) if slot else self._literal(token)
            glue = token[:1] in "”,.;:?!।۔،؛" and not slot and words and not expanded[0].text
            if glue:
                words[-1] = words[-1]._replace(after=words[-1].after + expanded[0].before)
            else:
                words += expanded
        return words

    def _slot(self, before: str, name: str, form: str | None, after: str) -> Sentence:
        if "{" in after:
            return [self._compound(f"{before}{{{name}}}{after}")]
        if name.isupper():
            words = [split_punctuation(token) for token in self.facts[name].split()]
        elif (section := self._section(name)) in self.grammar.lists:
            words = self._word(section, form)
        else:
            words = self.write(self.rng.choice(self.grammar.sections[section]))
        if not words:
            return words
        words[0] = words[0]._replace(before=before + words[0].before)
        suffix = self._tail(words[-1].text, after)
        words[-1] = words[-1]._replace(text=words[-1].text + suffix[0], after=words[-1].after + suffix[1])
        return words

    def _compound(self, token: str) -> Word:
        """A token with several slots, such as ``{digit}.{digit}``, is one word."""
        return split_punctuation(_INNER.sub(lambda slot: _spelt(self.write(slot.group())), token))

    @staticmethod
    def _tail(last: str, after: str) -> tuple[str, str]:
        """What follows a slot: a possessive ending belongs to the word, the rest is punctuation."""
        if not after.startswith("'s"):
            return "", after
        return "'" if last.endswith("s") else "'s", after[2:]

    def _section(self, name: str) -> str:
        special = f"{name}.{self.topic}"
        return special if special in self.grammar.sections else name

    def _word(self, section: str, form: str | None) -> Sentence:
        groups = self.grammar.sections[section]
        number = self.rng.randrange(len(groups))
        group = groups[number].split("/")
        chosen = group.pop(self.rng.randrange(len(group)))
        # Where a word has no synonym its neighbours in the list take its place: the same class of word.
        spare = group or [groups[(number + step) % len(groups)].split("/")[0] for step in (1, 2, 3)]
        words = [Word(part) for part in chosen.split("_")]
        options = tuple(inflect(option, form) for option in spare if "_" not in option)
        words[-1] = words[-1]._replace(text=inflect(words[-1].text, form), options=options)
        return words

    def _literal(self, token: str) -> Sentence:
        word = split_punctuation(token)
        group = word.text.split("/")
        chosen = group.pop(self.rng.randrange(len(group)))
        parts = chosen.split("_")
        words = [Word(part) for part in parts]
        options = tuple(option for option in group if "_" not in option) if len(parts) == 1 else ()
        words[0] = words[0]._replace(before=word.before, options=options)
        words[-1] = words[-1]._replace(after=word.after)
        return words


def _spelt(words: Sentence) -> str:
    return " ".join(word.before + word.text + word.after for word in words)


@cache
def read_grammar(language: str) -> Grammar:
    """Read a language's grammar file.

    Examples
    --------
    >>> "en" in languages() and len(read_grammar("en").topics) >= 8
    True
    """
    path = Path(__file__).parent / "grammars" / f"{language}.txt"
    sections: dict[str, list[str]] = {}
    lists: set[str] = set()
    name = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("[") and stripped.endswith("]"):
            name = stripped[1:-1].rstrip("*")
            sections.setdefault(name, [])
            if stripped.endswith("*]"):
                lists.add(name)
        else:
            sections[name] += stripped.split() if name in lists else [stripped]
    topics = sorted({key.partition(".")[2] for key in sections if "." in key})
    return Grammar(
        language=language,
        sections={key: tuple(value) for key, value in sections.items()},
        lists=frozenset(lists),
        topics=tuple(topics) or ("general",),
        joiner="" if language == "zh" else " ",
    )


def languages() -> tuple[str, ...]:
    """The languages that have a grammar."""
    return tuple(sorted(path.stem for path in (Path(__file__).parent / "grammars").glob("*.txt")))
