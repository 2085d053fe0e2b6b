"""The words and sentence patterns of short news stories, as plain tables; words of a kind share a string.

The `{slots}` of a pattern are filled by `lab/wordings.py`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

COMPANIES = """
    Ashford Brightwater Corvus Delmar Everhart Fairmont Granger Halden Hollis Ironwood Kestrel Larkspur
    Marlowe Montrose Norvale Oakridge Penrose Quillon Redstone Silverline Stanmore Tidewater Vantage Westbrook
"""
PLACES = """
    Boston Cairo Chicago Dallas Denver Dublin Houston Lisbon
    Madrid Oslo Prague Sydney Tokyo Toronto Vienna Warsaw
"""
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
NUMBERS = "12 14 15 17 18 21 24 26 29 32 35 38 41 43 47 52 56 58 63 67 74 76 85 90"

# An act, and its wordings as base/past/participle.
VERBS = {
    "rise": "rise/rose/risen climb/climbed/climbed grow/grew/grown increase/increased/increased",
    "fall": "fall/fell/fallen drop/dropped/dropped decline/declined/declined decrease/decreased/decreased",
    "buy": "buy/bought/bought acquire/acquired/acquired purchase/purchased/purchased",
    "sue": "sue/sued/sued",
    "fund": "fund/funded/funded finance/financed/financed bankroll/bankrolled/bankrolled",
    "ship": "ship/shipped/shipped send/sent/sent deliver/delivered/delivered",
    "cut": "cut/cut/cut eliminate/eliminated/eliminated scrap/scrapped/scrapped",
    "add": "add/added/added create/created/created",
    "injure": "hurt/hurt/hurt injure/injured/injured",
    "kill": "kill/killed/killed",
}
# The act of shipping as the receiver sees it.
RECEIVE = "get/got/got receive/received/received obtain/obtained/obtained"

NOUNS = {
    "profit": "profit earnings",
    "sales": "sales revenue",
    "trucks": "trucks lorries",
    "planes": "planes aircraft",
    "cars": "cars automobiles",
    "jobs": "jobs posts positions",
    "bus": "bus coach",
    "train": "train",
    "ferry": "ferry",
}


@dataclass(frozen=True)
class Frame:
    """A topic: what may happen, to what, among how many companies; how it is told, and who reports it."""

    acts: str
    nouns: str
    companies: int
    clauses: tuple[str, ...]
    sources: str = "officials sources analysts insiders"


FRAMES = {
    "result": Frame(
        acts="rise fall",
        nouns="profit sales",
        companies=1,
        clauses=(
            "{noun} at {agent} {does} by {percent}",
            "{owner} {noun} {does} {percent}",
            "{owner} {noun} {place} {does} by {percent}",
            "{agent} {sees} {noun} {base} by {percent}",
        ),
    ),
    "deal": Frame(
        acts="buy sue fund",
        nouns="",
        companies=2,
        clauses=(
            "{agent} {does} {other} {for} {money}",
            "{other} {was_done} by {agent} {for} {money}",
            "{other} {was_done} {for} {money} by {agent}",
        ),
    ),
    "supply": Frame(
        acts="ship",
        nouns="trucks planes cars",
        companies=2,
        clauses=(
            "{agent} {does} {number} {noun} to {other}",
            "{total} {noun} {were_done} to {other} by {agent}",
            "{other} {receives} {number} {noun} from {agent}",
        ),
    ),
    "jobs": Frame(
        acts="cut add",
        nouns="jobs",
        companies=1,
        clauses=(
            "{agent} {does} {number} {noun}",
            "{total} {noun} {were_done} by {agent}",
            "{total} {noun} {were_done} at {agent}",
            "{total} {noun} {place} {were_done} by {agent}",
        ),
    ),
    "crash": Frame(
        acts="injure kill",
        nouns="bus train ferry",
        companies=0,
        clauses=(
            "a {noun} crash {place} {does} {number} people",
            "{total} people {were_done} in a {noun} crash",
            "{total} people {were_done} when a {noun} crashed",
            "a {noun} crashed and {does} {number} people",
        ),
        sources="officials police rescuers witnesses",
    ),
}

# What opens a sentence must be told by the story; a place or day that was told already is not told again.
LAYOUTS = (
    "{source} {said} that {clause} {place} {day} .",
    "{clause} {place} {day} , {source} {said} .",
    "{clause} {place} {day} .",
    "{day} , {clause} {place} .",
    "{place} , {clause} {day} .",
)

CONTRACTIONS = {"did": "didn't", "was": "wasn't", "were": "weren't", "will": "won't", "would": "wouldn't"}


def pick(words: str, rng: random.Random, but: tuple[str, ...] = ()) -> str:
    """Draw one of the words, which spaces separate; none of those in `but`."""
    return rng.choice([word for word in words.split() if word not in but])
