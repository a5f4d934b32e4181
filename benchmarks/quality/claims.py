"""Whether what is said of articles is true: credits, forms with other facts, stories and what relates them.

Credits are measured on real pages that are not part of the project, against labels made by reading
(``credits.jsonl``); forms and stories on generated text, whose truth is known.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from credits import LABELS, credited_names, texts_of
from sklearn.metrics import adjusted_rand_score

from dedup.article import Article
from dedup.detector import compare, find_overlaps
from dedup.evaluation.gold import Labels
from dedup.report.scan_report import ScanReport
from dedup.results import Overlap
from dedup.settings import Settings

#: Labels of pairs, made by reading them: ids, what is shared, and where its longest passage is in both.
PAIRS = Path(__file__).with_name("pairs.jsonl")
#: How many forms are filled in, and how many digests are put together.
_FORMS, _DIGESTS = 60, 30
#: How many words of each of three stories a digest has.
_DIGEST_WORDS = 60
_FRAMES = (
    "An earthquake of magnitude {figure} struck {count} kilometres off {place} on {day}, the seismological "
    "service said. There were no reports of damage or of injuries. It asks people who felt the shaking to "
    "describe it in the form on its pages, to draw better maps of the hazard for the towns of the coast.",
    "Shares of {place} Mining closed at {figure} dollars on {day}, after {count} thousand had changed hands. "
    "Analysts who follow the company expect it to earn more than in the year before, and most of them "
    "advise their clients to hold the stock until the report on the next quarter comes out in the autumn.",
    "The weather service warned of rain around {place} from {day} on, with up to {count} millimetres and "
    "gusts of {figure} knots. Low streets may be under water for some hours, trains may run late, and "
    "drivers should expect spray and poor sight on the main roads until the front has moved to the east.",
)
_STEMS, _ENDINGS = ("Har", "Pel", "Sel", "Orr", "Cal", "Mor", "Dun", "Wex"), ("row", "by", "den", "mouth")
_PLACES = [one + two for one in _STEMS for two in _ENDINGS]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Claims:
    """One data set's digest, and its measures by name."""

    name: str
    digest: str
    measures: Mapping[str, float]


def measure_credits(folder: Path) -> Claims | None:
    """Credits on labelled pages; None where these are not there."""
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    paths = {name: folder / f"{name}.jsonl.gz" for name in {label["set"] for label in labels}}
    if not all(path.exists() for path in paths.values()):
        return None
    texts = {name: texts_of(path) for name, path in paths.items()}
    count: Counter[str] = Counter()
    for label in labels:
        text = texts[label["set"]][label["id"]]
        true = {credit["name"] for credit in label["credits"]}
        told = credited_names(text)
        flat = credited_names(" ".join(line for line in text.split("\n") if line.strip()))
        count.update(
            true=len(true), told=len(told), right=len(true & told), flat=len(true & flat), forms=len(true)
        )
    return Claims(
        "credits on labelled pages",
        digest_of(texts[label["set"]][label["id"]] for label in labels),
        {
            "credits: recall": round(count["right"] / count["true"], 4),
            "credits: precision": round(count["right"] / count["told"], 4),
            "credits without line ends: recall": round(count["flat"] / count["true"], 4),
        },
    )


def measure_pairs(folder: Path, settings: Settings) -> Claims | None:
    """Pairs of labelled pages: whether they share text, whose it is, and where; None if these are not there.

    The labels of pairs that share something were made by reading what a scan had found: what it misses is not
    among them.
    """
    labels = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    paths = {name: folder / f"{name}.jsonl.gz" for name in {label["set"] for label in labels}}
    if not all(path.exists() for path in paths.values()):
        return None
    texts = {name: texts_of(path) for name, path in paths.items()}
    kinds = {"quotation": "quotation", "copy": "copied", "excerpt": "copied", "partial": "copied"}
    right = placed = shared = 0
    for label in labels:
        one, other = (
            Article(id=label[side], source=side, text=texts[label["set"]][label[side]]) for side in "ab"
        )
        overlap = compare(one, other, settings)
        right += label["kind"] == ("none" if overlap is None else kinds.get(overlap.relation))
        if label["place"]:
            shared += 1
            placed += overlap is not None and _covers(overlap, label["place"])
    return Claims(
        "pairs of labelled pages",
        digest_of(texts[label["set"]][label[side]] for label in labels for side in "ab"),
        {
            "labelled pairs: kind told": round(right / len(labels), 4),
            "labelled pairs: passage found": round(placed / shared, 4),
        },
    )


def _covers(overlap: Overlap, place: Sequence[int]) -> bool:
    """Whether passages hold at least nine tenths of a labelled one, in both articles."""
    spans = [[(each.a_start, each.a_end) for each in overlap.passages]]
    spans.append([(each.b_start, each.b_end) for each in overlap.passages])
    for (start, end), found in zip((place[:2], place[2:]), spans, strict=True):
        inside = sum(max(0, min(end, stop) - max(start, begin)) for begin, stop in found)
        if inside < 0.9 * (end - start):
            return False
    return True


def measure_forms(seed: int, settings: Settings) -> Claims:
    """Forms with other facts, and updates of one event, which are copies."""
    draw = random.Random(seed)
    articles: list[Article] = []
    true: dict[tuple[str, str], str] = {}
    for number in range(_FORMS):
        frame = _FRAMES[number % len(_FRAMES)]
        first = _facts(draw)
        other = _facts(draw)
        while other["place"] == first["place"] or other["day"] == first["day"]:
            other = _facts(draw)
        update = first | {"figure": f"{draw.uniform(2, 90):.1f}", "count": str(draw.randint(100, 900))}
        for kind, facts in (("template", other), ("copy", update)):
            a, b = f"{number}{kind}a", f"{number}{kind}b"
            own = [f"{kind} {number} {name}" for name in "ab"]
            articles += [
                Article(id=name, source=source, text=frame.format(**values))
                for name, source, values in zip((a, b), own, (first, facts), strict=True)
            ]
            true[a, b] = kind
    found: Counter[tuple[str, str]] = Counter()
    by_id = {article.id: article for article in articles}
    for (a, b), kind in true.items():
        overlap = compare(by_id[a], by_id[b], settings)
        found[kind, overlap.relation if overlap else "none"] += 1
    return Claims(
        f"forms, seed {seed}",
        digest_of(article.text for article in articles),
        {
            "forms: template recall": round(found["template", "template"] / _FORMS, 4),
            "forms: updates that are copies": round(found["copy", "copy"] / _FORMS, 4),
        },
    )


def _facts(draw: random.Random) -> dict[str, str]:
    return {
        "place": draw.choice(_PLACES),
        "day": draw.choice(_DAYS),
        "figure": f"{draw.uniform(2, 90):.1f}",
        "count": str(draw.randint(100, 900)),
    }


def measure_stories(name: str, articles: Sequence[Article], gold: Labels, settings: Settings) -> Claims:
    """Stories when digests run a paragraph of three of them each: two levels of truth, story and related."""
    draw = random.Random(len(articles))
    story_of = {id_: number for number, members in enumerate(gold.stories) for id_ in members.articles}
    held: dict[int, list[Article]] = {}
    for article in articles:
        if article.id in story_of and len(article.text.split()) > 2 * _DIGEST_WORDS:
            held.setdefault(story_of[article.id], []).append(article)
    digests, related = [], set()
    for number in range(_DIGESTS):
        chosen = draw.sample(sorted(held), 3)
        related |= {tuple(sorted(pair)) for pair in combinations(chosen, 2)}
        parts = [_part(draw.choice(held[story]).text, draw) for story in chosen]
        digests.append(Article(id=f"digest{number}", source="The Digest", text="\n\n".join(parts)))
    report = find_overlaps([*articles, *digests], settings)
    known = [each for each in report.articles if each.id in story_of]
    alone = iter(range(-1, -len(known) - 1, -1))
    found = [each.story if each.story is not None else next(alone) for each in known]
    rand = adjusted_rand_score([story_of[each.id] for each in known], [str(each) for each in found])
    told = _related(report, story_of)
    right = len(told & related)
    flagged = sum(each.role == "digest" for each in report.articles if each.id.startswith("digest"))
    return Claims(
        f"{name}, with digests",
        digest_of(article.text for article in (*articles, *digests)),
        {
            "stories with digests: adjusted Rand": round(float(rand), 4),
            "stories with digests: related F1": round(2 * right / max(1, len(told) + len(related)), 4),
            "stories with digests: digests told": round(flagged / _DIGESTS, 4),
        },
    )


def _part(text: str, draw: random.Random) -> str:
    """Some words in a row of a text."""
    words = text.split()
    start = draw.randrange(len(words) - _DIGEST_WORDS)
    return " ".join(words[start : start + _DIGEST_WORDS]) + "."


def _related(report: ScanReport, story_of: Mapping[str, int]) -> set[tuple[int, ...]]:
    """The pairs of true stories that the report relates through a digest: each by most of its articles."""
    true: dict[str, int] = {}
    for story in report.stories:
        counts = Counter(story_of[each] for each in story.articles if each in story_of)
        if counts:
            true[story.id] = counts.most_common(1)[0][0]
    return {
        tuple(sorted((true[story.id], true[other.story])))
        for story in report.stories
        for other in story.related
        if other.through and story.id in true and other.story in true and true[story.id] != true[other.story]
    }


def digest_of(texts: Iterable[str]) -> str:
    """16 hex digits that name the texts, in their order."""
    digest = hashlib.blake2b(digest_size=8)
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()
