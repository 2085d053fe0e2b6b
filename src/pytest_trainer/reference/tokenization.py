"""A sentence pair as BERT reads it, from the definitions, and what misconceptions of it give instead.

WordPiece cuts a word greedily, the longest known piece first (Wu et al., Google's Neural Machine Translation System,
2016, and BERT's own code); a pair is `[CLS] first [SEP] second [SEP]` (Devlin et al., BERT, 2019).
"""

# ruff: noqa: ARG005 - a misconception takes what the exercise's function takes, and may ignore some of it

from __future__ import annotations

import functools
import itertools
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from pytest_trainer.reference.diagnosis import Misconception, diagnose, outputs

Ids: TypeAlias = list[int]
Texts: TypeAlias = tuple[str, str]
"""The two sentences of a pair."""

CLS, SEP, PAD, UNKNOWN = "[CLS]", "[SEP]", "[PAD]", "[UNK]"
SPECIAL = 3
"""How many special tokens a pair has."""

FIRST_WORDS = ("profit", "fell", ",", "zinc", "rose", "in", "Boston", "bankrupted", "on", "12", "quickly", "said")
SECOND_WORDS = ("sales", "dropped", ".", "tumbling", "was", "Denver", "4711", "by", "percent", "uncertain", "grew")
"""The words of long sentences: some are one piece, some several, and no word is in both lists."""


@functools.cache
def vocabulary(checkpoint: Path) -> Mapping[str, int]:
    """The pieces of a checkpoint's tokenizer.json and their ids."""
    pieces: dict[str, int] = json.loads((checkpoint / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    return pieces


def word_pieces(text: str, pieces: Mapping[str, int]) -> Ids:
    """The ids of an ASCII text without special tokens, in lower case, as BERT's uncased tokenizer cuts it."""
    words = re.findall(r"[a-z0-9]+|[^\sa-z0-9]", text.lower())
    cut = {word: _pieces_of(word, pieces) for word in set(words)}
    return [number for word in words for number in cut[word]]


def _pieces_of(word: str, pieces: Mapping[str, int]) -> Ids:
    ids: Ids = []
    start = 0
    while start < len(word):
        prefix = "##" if start else ""
        known = (end for end in range(len(word), start, -1) if prefix + word[start:end] in pieces)
        end = next(known, None)
        if end is None:
            return [pieces[UNKNOWN]]
        ids.append(pieces[prefix + word[start:end]])
        start = end
    return ids


def longest_first(first: int, second: int, room: int) -> set[tuple[int, int]]:
    """How many tokens of each sentence may be left, where `room` are left of `first` and `second` together.

    One token at a time is taken off the longer sentence. Where both are as long, either may give it, so an odd `room`
    may have two answers; the library's are these, the one or the other from implementation to implementation.
    """
    if first + second <= room:
        return {(first, second)}
    half = room // 2
    if first <= half:
        return {(first, room - first)}
    if second <= half:
        return {(room - second, second)}
    return {(half, room - half), (room - half, half)}


def as_pair(first: Sequence[int], second: Sequence[int], pieces: Mapping[str, int]) -> Ids:
    """One sequence: [CLS] first [SEP] second [SEP]."""
    return [pieces[CLS], *first, pieces[SEP], *second, pieces[SEP]]


def token_types(ids: Sequence[int], sep: int) -> Ids:
    """0 up to the first [SEP], itself included, 1 after it."""
    first_segment = ids.index(sep) + 1 if sep in ids else len(ids)
    return [0] * first_segment + [1] * (len(ids) - first_segment)


@functools.lru_cache(maxsize=4096)
def text_of(tokens: int, words: tuple[str, ...], checkpoint: Path) -> str:
    """A text of exactly so many tokens, made of `words` in turn; the first of them is one piece."""
    lengths = {word: len(word_pieces(word, vocabulary(checkpoint))) for word in words}
    text: list[str] = []
    for word in itertools.cycle(words):
        if tokens == 0:
            break
        text.append(word if lengths[word] <= tokens else words[0])
        tokens -= lengths[text[-1]]
    return " ".join(text)


def long_pair(first: int, second: int, checkpoint: Path) -> Texts:
    """Two texts of so many tokens, which have no word in common."""
    return text_of(first, FIRST_WORDS, checkpoint), text_of(second, SECOND_WORDS, checkpoint)


SHORT_PAIRS: tuple[Texts, ...] = (
    ("Profit fell on Monday.", "Sales dropped."),
    ("It rose", "Jobs in Boston were cut by 12 percent"),
    ("zinc, zinc", "coal"),
)
OTHER_PAIRS: tuple[Texts, ...] = (("She won.", "She lost by 12 percent."), ("coal", "zinc"), ("sales", "profit rose"))
"""As many pairs as in SHORT_PAIRS, and other ones."""


TYPES_OF_THE_UNCUT = (
    "The types are right as long as nothing is cut off, so they seem to follow from the sentences as they were before. "
    "What is cut off the ids has to be cut off their types: one call of the tokenizer gives both."
)
MASK_OF_THE_UNCUT = (
    "The rows are right as long as nothing is cut off, and then ids and mask do not fit each other any more. One call "
    "of the tokenizer, with truncation, gives both."
)
ONLY_BATCHES_CUT = (
    "A single row is right as long as nothing has to be cut off. A pair that comes alone is too long just as often as "
    "one in a batch."
)


def which_sequence(sequences: Callable[[Sequence[Texts]], list[Ids]], pieces: Mapping[str, int]) -> str:
    """The misconception of a pair that gives the same sequences (ids, unpadded) for a batch of pairs, else ""."""
    cls, sep = pieces[CLS], pieces[SEP]

    def rows(row: Callable[[Ids, Ids], Ids]) -> Callable[[Sequence[Texts]], list[Ids]]:
        return lambda pairs: [row(word_pieces(a, pieces), word_pieces(b, pieces)) for a, b in pairs]

    misconceptions = (
        Misconception(
            "You seem to have swapped the two sentences: sentence2 comes first. The order is part of the input, and "
            "sentence1 is the first segment.",
            rows(lambda a, b: as_pair(b, a, pieces)),
        ),
        Misconception(
            "You seem to have joined the two sentences into one text. A tokenizer takes a pair as two texts, so that "
            "it can set [SEP] between them and mark the second segment.",
            rows(lambda a, b: [cls, *a, *b, sep]),
        ),
        Misconception(
            "You seem to have joined the two sentences into one text. A tokenizer takes a pair as two texts, so that "
            "it can set [SEP] between them and mark the second segment.",
            lambda pairs: [[cls, *word_pieces(a + b, pieces), sep] for a, b in pairs],
        ),
        Misconception(
            "You seem to have tokenized sentence1 alone. The model has to see both sentences in one sequence.",
            rows(lambda a, b: [cls, *a, sep]),
        ),
        Misconception(
            "You seem to have tokenized sentence2 alone. The model has to see both sentences in one sequence.",
            rows(lambda a, b: [cls, *b, sep]),
        ),
        Misconception(
            "You seem to have put the two lists of sentences one behind the other, so that every sentence is a "
            "sequence of its own. A pair is one sequence: the tokenizer takes the two lists side by side.",
            lambda pairs: [
                [cls, *word_pieces(text, pieces), sep] for texts in zip(*pairs, strict=True) for text in texts
            ],
        ),
        Misconception(
            "You seem to have tokenized each sentence by itself and set the two results one behind the other, each "
            "with a [CLS] of its own. A pair is one sequence with one [CLS].",
            rows(lambda a, b: [cls, *a, sep, cls, *b, sep]),
        ),
        Misconception(
            "The special tokens seem to be missing. A model of BERT's kind reads the answer off [CLS], and finds the "
            "border between the sentences at [SEP].",
            rows(lambda a, b: [*a, *b]),
        ),
    )
    battery = [(SHORT_PAIRS,)]
    truth = rows(lambda a, b: as_pair(a, b, pieces))
    came = outputs(sequences, [*battery, (OTHER_PAIRS,)])
    if isinstance(came[0], list) and came[0] == came[1]:
        return (
            "The same ids come back whatever the sentences are. Were they taken over from the lesson? There they are "
            "those of another tokenizer and of one pair."
        )
    return diagnose(came[:1], battery, truth, misconceptions)


SAME_LENGTH: tuple[Texts, ...] = (("sales fell", "profit rose"), ("jobs rose", "sales fell"))


def which_batch(sequences: Callable[[Sequence[Texts], bool], list[Ids]], pieces: Mapping[str, int]) -> str:
    """The misconception of batches that gives the same sequences where it gives any, else "".

    `sequences` takes pairs and whether they are handed over as a batch, or as a single row.
    """

    def right(pairs: Sequence[Texts], _batched: bool) -> list[Ids]:
        return [as_pair(word_pieces(a, pieces), word_pieces(b, pieces), pieces) for a, b in pairs]

    def as_tensor(pairs: Sequence[Texts], batched: bool) -> list[Ids]:
        rows = right(pairs, batched)
        if len({len(row) for row in rows}) > 1:
            raise ArithmeticError("rows of different lengths make no tensor")
        return rows

    def single_rows(pairs: Sequence[Texts], batched: bool) -> list[Ids]:
        if batched:
            raise ArithmeticError("a list has no methods of a string")
        return right(pairs, batched)

    of_batches = [(pairs, True) for pairs in (SHORT_PAIRS, SHORT_PAIRS[:1], SAME_LENGTH)]
    of_rows = [(SHORT_PAIRS, True), (SHORT_PAIRS[:1], True), (SHORT_PAIRS[:1], False)]
    tensors = Misconception(
        "Your function works while all rows have the same length, and fails where they differ. You seem to make a "
        "tensor or an array of them: leave them lists, and padding and tensors to the collator.",
        as_tensor,
    )
    rows_alone = Misconception(
        "Your function works for a single row and fails for a batch. There example['sentence1'] is a list of strings, "
        "not a string; the tokenizer takes it as it is.",
        single_rows,
    )
    return diagnose(outputs(sequences, of_batches), of_batches, right, (tensors,)) or diagnose(
        outputs(sequences, of_rows), of_rows, right, (rows_alone,)
    )


def which_types(types: Callable[[Texts], Ids], pieces: Mapping[str, int]) -> str:
    """The misconception of token types that gives the same for each pair, else ""."""

    def lengths(pair: Texts) -> tuple[int, int]:
        first, second = (len(word_pieces(text, pieces)) for text in pair)
        return first, second

    def made(row: Callable[[int, int], Ids]) -> Callable[[Texts], Ids]:
        return lambda pair: row(*lengths(pair))

    misconceptions = (
        Misconception(
            "token_type_ids are all 0, as for a single text. A tokenizer tells two segments apart where it is given "
            "two texts; one text with [SEP] in it, or two results one behind the other, have no second segment.",
            made(lambda a, b: [0] * (a + b + SPECIAL)),
        ),
        Misconception(
            "token_type_ids are all 0, as for a single text. A tokenizer tells two segments apart where it is given "
            "two texts; one text with [SEP] in it, or two results one behind the other, have no second segment.",
            made(lambda a, b: [0] * (a + b + SPECIAL - 1)),
        ),
        Misconception(
            "The first [SEP] seems to be of type 1. It closes the first segment and belongs to it.",
            made(lambda a, b: [0] * (a + 1) + [1] * (b + 2)),
        ),
        Misconception(
            "The last [SEP] seems to be of type 0. It closes the second segment and belongs to it.",
            made(lambda a, b: [0] * (a + 2) + [1] * b + [0]),
        ),
        Misconception(
            "The types seem to be swapped: 0 is the first segment's, 1 the second's.",
            made(lambda a, b: [1] * (a + 2) + [0] * (b + 1)),
        ),
        Misconception(
            "token_type_ids seem to count from 1. The first segment is of type 0, the second of type 1.",
            made(lambda a, b: [1] * (a + 2) + [2] * (b + 1)),
        ),
        Misconception(
            "token_type_ids are all 1, as attention_mask is. They tell the two segments apart: 0 for the first.",
            made(lambda a, b: [1] * (a + b + SPECIAL)),
        ),
    )
    battery = [(pair,) for pair in SHORT_PAIRS]
    came, truth = outputs(types, battery), made(lambda a, b: [0] * (a + 2) + [1] * (b + 1))
    return diagnose(came, battery, truth, misconceptions) or _fixed_border(came, battery)


def _fixed_border(came: Sequence[object], battery: Sequence[tuple[Texts]]) -> str:
    """The sentence on types whose second segment begins at one place in every row."""
    rows = [row for row in came if isinstance(row, list) and row == sorted(row) and set(row) == {0, 1}]
    if len(rows) < len(battery) or len({row.index(1) for row in rows}) > 1:
        return ""
    return (
        "The second segment seems to begin at the same place in every row. It begins after the first [SEP], wherever "
        "that is; the tokenizer knows, if it is given two texts."
    )


NO_TYPES = (
    "There are no token_type_ids. [SEP] alone does not tell the model which sentence a token is of: it adds an "
    "embedding of the segment to each token, and takes 0 for all where nobody says. The tokenizer makes them by "
    "itself."
)


LONG_PAIRS = (
    *((6, 6, 8), (20, 21, 16), (14, 4, 18), (40, 40, 60), (70, 70, 100), (90, 90, 200)),
    *((300, 300, 550), (600, 600, 40)),
)
"""(tokens of sentence1, tokens of sentence2, limit): on either side of the usual limits, one beyond them all, one of
very unequal sentences."""


def which_limit(length: Callable[[int, int, int], int], checkpoint: Path) -> str:
    """The misconception of truncation that gives rows of the same length (tokens, unpadded), else "".

    `length` takes the tokens of the two sentences and the limit.
    """
    pieces = vocabulary(checkpoint)

    def of_texts(cut: Callable[[str, int], str]) -> Callable[[int, int, int], int]:
        def cut_length(first: int, second: int, limit: int) -> int:
            texts = long_pair(first, second, checkpoint)
            return sum(len(word_pieces(cut(text, limit), pieces)) for text in texts) + SPECIAL

        return cut_length

    def only_one(whole: int, cut: int, most: int) -> int:
        if whole + cut + SPECIAL > most and whole + SPECIAL >= most:
            raise ArithmeticError("the library refuses to cut a sentence away")
        return min(whole + cut + SPECIAL, most)

    came = outputs(length, LONG_PAIRS)
    fixed = max((n for n in came if isinstance(n, int)), default=0)
    if not fixed:
        return ""
    own_limit = (
        "How much a model can read differs from model to model, and its tokenizer knows: model_max_length, which is "
        "what a tokenizer truncates to when nobody names another length."
    )
    misconceptions = (
        Misconception(
            "You seem to truncate nothing: a pair that is too long stays too long, and the model has no positions "
            "for the tokens at its end. A tokenizer truncates only when it is told to.",
            lambda a, b, limit: a + b + SPECIAL,
        ),
        Misconception(
            f"You seem to truncate to {fixed} tokens, whatever the tokenizer. {own_limit}",
            lambda a, b, limit: min(a + b + SPECIAL, fixed),
        ),
        *(
            Misconception(f"You seem to truncate to {fixed} tokens, whatever the tokenizer. {own_limit}", alone)
            for alone in (
                lambda a, b, limit: only_one(a, b, fixed),
                lambda a, b, limit: only_one(b, a, fixed),
            )
        ),
        *(
            Misconception(
                f"You seem to truncate to {most} tokens even where the tokenizer's own limit is larger. {own_limit}",
                lambda a, b, limit, most=most: min(a + b + SPECIAL, limit, most),
            )
            for most in (128, 256, 512)
        ),
        Misconception(
            "You seem to leave the special tokens out of the count: with [CLS] and both [SEP], a row is longer than "
            "model_max_length.",
            lambda a, b, limit: min(a + b, limit) + SPECIAL,
        ),
        Misconception(
            "You seem to take the special tokens off the limit twice. model_max_length, and max_length, count [CLS] "
            "and both [SEP].",
            lambda a, b, limit: min(a + b + SPECIAL, limit - SPECIAL),
        ),
        Misconception(
            "You seem to take [CLS] and [SEP] off the limit. model_max_length, and max_length, count the special "
            "tokens.",
            lambda a, b, limit: min(a + b + SPECIAL, limit - 2),
        ),
        Misconception(
            "You seem to cut the texts to so many characters. The limit counts tokens, so the tokenizer has to "
            "truncate.",
            of_texts(lambda text, limit: text[:limit]),
        ),
        Misconception(
            "You seem to cut the texts to so many words. The limit counts tokens, and a word may be several: the "
            "tokenizer has to truncate.",
            of_texts(lambda text, limit: " ".join(text.split()[:limit])),
        ),
        Misconception(
            "You seem to truncate each sentence by itself to half of the limit. The limit holds for the whole "
            "sequence.",
            lambda a, b, limit: min(a, limit // 2) + min(b, limit // 2) + SPECIAL,
        ),
    )
    return diagnose(came, LONG_PAIRS, lambda a, b, limit: min(a + b + SPECIAL, limit), misconceptions)


def which_overflow(rows: Callable[[int, int, int], int]) -> str:
    """The misconception that gives so many rows for one pair, from its two sentences' tokens and the limit, else ""."""
    came = outputs(rows, LONG_PAIRS)
    too_long = [first + second + SPECIAL > limit for first, second, limit in LONG_PAIRS]
    fits = [n == 1 for n, too_much in zip(came, too_long, strict=True) if not too_much]
    several = [isinstance(n, int) and n > 1 for n, too_much in zip(came, too_long, strict=True) if too_much]
    if not all(fits) or not any(several):
        return ""
    return (
        "What does not fit seems to go on in rows of its own, as for long documents. Here a pair is one row with one "
        "label: what is too much is cut off and lost."
    )


UNEQUAL_PAIRS = (
    *((4, 40, 20), (40, 4, 20), (12, 9, 17), (9, 12, 17), (25, 35, 23), (35, 25, 23)),
    *((20, 600, 60), (600, 20, 60)),
)
"""(tokens of sentence1, tokens of sentence2, limit): none leaves open which sentence gives a token, and two exceed any
usual limit."""


def which_cut(kept: Callable[[int, int, int], Ids], checkpoint: Path) -> str:
    """The misconception of what is cut off that gives the same ids, at the given limit or at a fixed one, else "".

    `kept` takes the tokens of the two sentences and the limit, and gives the ids of the row.
    """
    pieces = vocabulary(checkpoint)
    cls, sep = pieces[CLS], pieces[SEP]
    came = outputs(kept, UNEQUAL_PAIRS)
    fixed = max((len(ids) for ids in came if isinstance(ids, list)), default=0)

    def of_ids(row: Callable[[Ids, Ids, int], Ids], most: int = 0) -> Callable[[int, int, int], Ids]:
        def ids(first: int, second: int, limit: int) -> Ids:
            a, b = (word_pieces(text, pieces) for text in long_pair(first, second, checkpoint))
            return row(a, b, most or limit)

        return ids

    def keep(a: Ids, b: Ids, first: int, second: int) -> Ids:
        if first <= 0 or second <= 0:
            raise ArithmeticError("the library refuses to cut a sentence away")
        return as_pair(a[:first], b[:second], pieces)

    def right(a: Ids, b: Ids, limit: int) -> Ids:
        [(first, second)] = longest_first(len(a), len(b), limit - SPECIAL)
        return keep(a, b, first, second)

    def in_characters(first: int, second: int, limit: int) -> Ids:
        a, b = (word_pieces(text[:limit], pieces) for text in long_pair(first, second, checkpoint))
        return as_pair(a, b, pieces)

    longer_first = "Each token should come off the sentence that has more left"
    at_its_end = "You seem to cut the finished sequence at its end, so that sentence2 alone gets shorter"
    only_one = (
        "You seem to cut only {} sentence, however long the other one is. "
        f"{longer_first}; that is what a tokenizer does when it is told to truncate and nothing else."
    )
    ways: tuple[tuple[str, Callable[[Ids, Ids, int], Ids]], ...] = (
        (only_one.format("the second"), lambda a, b, limit: keep(a, b, len(a), limit - SPECIAL - len(a))),
        (only_one.format("the first"), lambda a, b, limit: keep(a, b, limit - SPECIAL - len(b), len(b))),
        (
            f"{at_its_end} and the last [SEP] is lost. {longer_first}.",
            lambda a, b, limit: as_pair(a, b, pieces)[:limit],
        ),
        (
            f"{at_its_end}. {longer_first}.",
            lambda a, b, limit: [*as_pair(a, b, pieces)[:-1][: limit - 1], sep],
        ),
        (
            f"You seem to cut the end of the two sentences joined. {longer_first}.",
            lambda a, b, limit: [cls, *[*a, *b][: limit - 2], sep],
        ),
        (
            "You seem to give each sentence half of the room. Where one needs less than that, the other has the rest.",
            lambda a, b, limit: keep(a, b, (limit - SPECIAL) // 2, (limit - SPECIAL) // 2),
        ),
    )
    misconceptions = (
        Misconception(
            "You seem to truncate nothing. A pair that is too long has to be cut, from the sentence that has more "
            "left.",
            of_ids(lambda a, b, limit: as_pair(a, b, pieces)),
        ),
        Misconception(
            "You seem to cut the texts to so many characters. The limit counts tokens, and the tokenizer takes each "
            "one off the sentence that has more left.",
            in_characters,
        ),
        *(Misconception(sentence, of_ids(row, most)) for most in (0, fixed) for sentence, row in ways),
    )
    return diagnose(came, UNEQUAL_PAIRS, of_ids(right), misconceptions)


RAGGED: tuple[tuple[tuple[tuple[int, int], ...], int], ...] = (
    (((1, 2), (5, 5), (3, 1)), 64),
    (((4, 4),), 96),
    (((2, 2), (2, 17)), 40),
)
"""(tokens of the two sentences of each pair, limit): batches of short pairs of different lengths."""


def which_width(widths: Callable[[Sequence[tuple[int, int]], int], list[int]]) -> str:
    """The misconception of padding that gives rows of the same widths for each batch, else ""."""
    came = outputs(widths, RAGGED)
    fixed = max((max(row, default=0) for row in came if isinstance(row, list)), default=0)

    def own(pairs: Iterable[tuple[int, int]]) -> list[int]:
        return [first + second + SPECIAL for first, second in pairs]

    later = "Padding is the collator's work, later, when it is known which pairs make a batch"
    misconceptions = (
        Misconception(
            "You seem to pad to the longest pair of what Dataset.map hands over, which is not the batch that the "
            f"model will get. {later}.",
            lambda pairs, limit: [max(own(pairs))] * len(pairs),
        ),
        Misconception(
            "You seem to pad every pair to the tokenizer's model_max_length: most of what the model then computes is "
            f"padding. {later}.",
            lambda pairs, limit: [limit] * len(pairs),
        ),
        Misconception(
            f"You seem to pad every pair to {fixed} tokens: most of what the model then computes is padding. {later}.",
            lambda pairs, limit: [fixed] * len(pairs),
        ),
        Misconception(
            f"You seem to pad to a multiple of 8. {later}.",
            lambda pairs, limit: [-(-max(own(pairs)) // 8) * 8] * len(pairs),
        ),
    )
    return diagnose(came, RAGGED, lambda pairs, limit: own(pairs), misconceptions)


def which_rows(rows: Callable[[Texts], int]) -> str:
    """The misconception of a single row that gives so many lists for it (0: one flat list of ints), else ""."""
    misconceptions = (
        Misconception(
            "For a single row, example['sentence1'] is one string, and a loop over it goes over its characters. The "
            "tokenizer itself takes one string or a list of strings.",
            lambda pair: min(map(len, pair)),
        ),
        Misconception(
            "For a single row you seem to return a batch of one: a list with a list in it. Dataset.map stores what "
            "comes back as this row, so the ids have to be one flat list, as the tokenizer gives them for two "
            "strings.",
            lambda pair: 1,
        ),
    )
    battery = [(pair,) for pair in SHORT_PAIRS]
    return diagnose(outputs(rows, battery), battery, lambda pair: 0, misconceptions)
