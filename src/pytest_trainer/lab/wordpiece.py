"""A WordPiece vocabulary learnt from words, the same one on every call, and BERT's tokenizer over it."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import BertTokenizer

SPECIAL_TOKENS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
MAX_LENGTH = 128


def basic_tokens(text: str) -> list[str]:
    """ASCII text in lower case, split into words and single punctuation marks as BERT does it."""
    return re.findall(r"[a-z0-9]+|[^\sa-z0-9]", text.lower())


def vocabulary(texts: Iterable[str]) -> list[str]:
    """Learn the pieces that spell `texts`: every ASCII character, then merges until each word is one piece.

    The `tokenizers` trainer gives another vocabulary on every call; here ties are broken by spelling.
    """
    counts = Counter(token for text in texts for token in basic_tokens(text))
    characters = string.ascii_lowercase + string.digits
    pieces = {*characters, *("##" + c for c in characters), *string.punctuation}
    spellings = {word: [word[0], *("##" + c for c in word[1:])] for word in counts}
    while pair := _most_frequent_pair(spellings, counts):
        pieces.add(_joined(*pair))
        spellings = {word: _merged(spelling, pair) for word, spelling in spellings.items()}
    return [*SPECIAL_TOKENS, *sorted(pieces)]


def bert_tokenizer(pieces: list[str]) -> BertTokenizer:
    """The uncased tokenizer whose ids are the places of `pieces`."""
    from transformers import BertTokenizer

    ids = {piece: i for i, piece in enumerate(pieces)}
    return BertTokenizer(vocab=ids, do_lower_case=True, model_max_length=MAX_LENGTH)


def _most_frequent_pair(spellings: dict[str, list[str]], counts: Counter[str]) -> tuple[str, str] | None:
    pairs = Counter[tuple[str, str]]()
    for word, spelling in spellings.items():
        for pair in pairwise(spelling):
            pairs[pair] += counts[word]
    return min(pairs, key=lambda pair: (-pairs[pair], pair), default=None)


def _joined(left: str, right: str) -> str:
    return left + right.removeprefix("##")


def _merged(spelling: list[str], pair: tuple[str, str]) -> list[str]:
    merged: list[str] = []
    for piece in spelling:
        if merged and (merged[-1], piece) == pair:
            merged[-1] = _joined(*pair)
        else:
            merged.append(piece)
    return merged
