"""What stands in articles and is no syndication: outlets' furniture, and blocks that many of them print."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from wirecopy.grammar import Grammar
from wirecopy.style import HouseStyle, rendered
from wirecopy.words import Paragraph, plain

AGENCIES = ("PTI", "ANI", "AFP", "AP", "Reuters", "IANS", "dpa", "EFE")

#: Credits and disclaimers, as outlets print them under agency copy; ``{o}``: the outlet, ``{a}``: the agency.
CREDITS = (
    "(This story has not been edited by {o} staff and is published from a syndicated feed.)",
    "(Except for the headline, this story has not been edited by {o} and is published from a {a} feed.)",
    "This article was produced by {a}; {o} takes no responsibility for its content.",
    "With inputs from {a}",
    "— {a}",
    "Source: {a}",
    "This is an unedited, automatically generated story from a news feed; {o} may not have changed it.",
    "(With agency inputs)",
)

_MENUS = (
    "Skip to content", "Search", "Latest Stories", "Home | World | Business | Sport | Opinion", "Subscribe",
    "Sign in to your account", "Breaking News", "E-paper", "Menu", "Sections", "Today's Paper",
)  # fmt: skip

_FOOTERS = (
    "Keep ReadingShow less", "Share this article", "Follow us on Facebook, Twitter and Instagram",
    "Get the latest news delivered to your inbox every morning. Sign up for the {o} newsletter.",
    "Copyright {o}. All rights reserved. Reproduction without written permission is prohibited.",
    "Read all the latest news, breaking news and live updates on the {o} app. Download it now.",
    "Join the conversation: comments are moderated and close after three days.",
    "Most Popular", "Related Articles", "Advertisement",
    "Support independent journalism: become a member of {o} today.",
)  # fmt: skip

_CAPTIONS = ("{c} Photo: {a}", "File photo: {c}", "{c} | Photo Credit: {a}", "Representational image ({a})")

_NAME_HEADS = (
    "Herald",
    "Chronicle",
    "Courier",
    "Observer",
    "Gazette",
    "Tribune",
    "Post",
    "Mirror",
    "Standard",
    "Echo",
)
_NAME_PLACES = (
    "Harbour",
    "Northern",
    "Valley",
    "Capital",
    "Eastern",
    "Island",
    "Coastal",
    "Delta",
    "Metro",
    "Frontier",
)


#: Draws the lines of a block.
Block = Callable[[Grammar, random.Random], list[str]]


@dataclass(frozen=True)
class Outlet:
    """A source with its house style and its own furniture.

    Attributes
    ----------
    name : str
    style : HouseStyle
    top, bottom : tuple of str
        The lines that it prints above and below every article.
    """

    name: str
    style: HouseStyle
    top: tuple[str, ...]
    bottom: tuple[str, ...]


def make_outlet(number: int, style: HouseStyle, rng: random.Random) -> Outlet:
    """Draw an outlet; up to 100 numbers give different names."""
    name = f"{_NAME_PLACES[number % 10]} {_NAME_HEADS[number // 10 % 10]}"
    top = rng.sample(_MENUS, rng.randint(0, 4))
    bottom = rng.sample(_FOOTERS, rng.randint(0, 4))
    return Outlet(name, style, tuple(top), tuple(line.format(o=name) for line in bottom))


def caption(grammar: Grammar, topic: str, facts: Mapping[str, str], rng: random.Random, agency: str) -> str:
    """A photo's caption with its credit."""
    words = grammar.sentence("caption", rng, topic, facts)
    described = grammar.joiner.join(rendered(word) for word in words) + "."
    return rng.choice(_CAPTIONS).format(c=described, a=agency)


def paragraph(line: str) -> Paragraph:
    """One line as a paragraph of its own."""
    return [plain(line)]


def boilerplate(kind: str, grammar: Grammar, rng: random.Random) -> list[str]:
    """A block that several outlets print and that is no syndication; see `BOILERPLATE`."""
    return BOILERPLATE[kind](grammar, rng)


def _names(grammar: Grammar, rng: random.Random) -> list[str]:
    first, last = grammar.sections["first"], grammar.sections["last"]
    people = [f"{rng.choice(first)} {rng.choice(last)}" for _ in range(rng.randint(11, 18))]
    return [f"{rng.choice(grammar.sections['country'])}: " + ", ".join(people) + "."]


def _table(grammar: Grammar, rng: random.Random) -> list[str]:
    clubs = rng.sample(grammar.sections["city"], rng.randint(8, 12))
    rows = ["Team P W D L Pts"]
    for club in clubs:
        won, drawn, lost = rng.randint(0, 12), rng.randint(0, 6), rng.randint(0, 9)
        rows.append(f"{club} {won + drawn + lost} {won} {drawn} {lost} {3 * won + drawn}")
    return ["\n".join(rows)]


def _market(grammar: Grammar, rng: random.Random) -> list[str]:
    indices = [
        "Dow Jones Industrial Average",
        "S&P 500",
        "Nasdaq Composite",
        "FTSE 100",
        "Nikkei 225",
        "DAX",
        "Sensex",
        "Hang Seng",
    ]
    rows = [
        f"{name} {rng.choice(('up', 'down'))} {rng.uniform(1, 300):.2f} points "
        f"({rng.uniform(0, 3):.2f} per cent) at {rng.uniform(3_000, 40_000):.2f}"
        for name in rng.sample(indices, 5)
    ]
    return ["; ".join(rows) + "."]


def _fixed(*choices: str) -> Block:
    return lambda grammar, rng: [rng.choice(choices)]


_LEGAL = _fixed(
    "The information on this page is given for general purposes only and is not investment, legal or tax "
    "advice; readers should consult a qualified adviser before acting on it, and past performance is no "
    "guide to future returns.",
    "Views expressed here are those of the author alone and do not necessarily reflect the position of this "
    "publication, its editors, its owners or its advertisers, none of whom accept any liability for losses "
    "that arise from their use.",
    "Quotes are delayed by at least fifteen minutes. Market data are supplied by third parties and may "
    "contain errors; neither the publisher nor its suppliers warrant that they are complete, "
    "accurate or fit for any particular purpose.",
)
_BYLINE = _fixed(
    "Reporting by Elena Castillo and Omar Rahman; additional reporting by Ravi Iyer; writing by Hana Novak; "
    "editing by Daniel Berg",
    "By our Special Correspondent. The writer covers courts, politics and public finance, and can be reached "
    "at the newsroom desk.",
    "Reporting by Nadia Haddad; editing by Viktor Horvath and Amina Diallo. Our standards: the newsroom "
    "principles of trust.",
)
_PHRASES = (
    "speaking on condition of anonymity because he was not authorised to speak to the media",
    "did not immediately respond to a request for comment on Thursday",
    "for the first time since the start of the coronavirus pandemic in early 2020",
    "according to two people familiar with the matter who asked not to be named",
    "told a news conference in the capital at the end of the two-day meeting",
    "the two sides agreed to continue talks at a later date",
)


def _phrase(grammar: Grammar, rng: random.Random) -> list[str]:
    return [f"The official, {rng.choice(_PHRASES)}."]


#: Kind of block -> how it is drawn. All of them must go unreported.
BOILERPLATE: dict[str, Block] = {
    "common phrase": _phrase,
    "list of names": _names,
    "sports table": _table,
    "market boilerplate": _market,
    "legal disclaimer": _LEGAL,
    "byline": _BYLINE,
}
