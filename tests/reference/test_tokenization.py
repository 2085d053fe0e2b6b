"""WordPiece, pairs and truncation against the library's tokenizer, and what tells misconceptions apart."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.lab.recipes import Tokenizer
from pytest_trainer.reference import strategies_sentences as strategies
from pytest_trainer.reference import tokenization
from pytest_trainer.reference.diagnosis import Raised, outputs
from pytest_trainer.reference.tokenization import (
    as_pair,
    long_pair,
    longest_first,
    token_types,
    vocabulary,
    word_pieces,
)

PIECES = vocabulary(CHECKPOINT)
CLS, SEP, PAD = (PIECES[name] for name in ("[CLS]", "[SEP]", "[PAD]"))


def library(first, second, **settings):
    limit = settings.pop("limit", None)
    return Tokenizer(model_max_length=limit).make()(first, second, **settings)


ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)


@settings(deadline=None)
@given(ASCII)
def test_word_pieces_are_the_librarys(text):
    text = text.replace("[", "(")  # a special token in the text is no word
    assert word_pieces(text, PIECES) == Tokenizer().make()(text, add_special_tokens=False)["input_ids"]


def test_word_pieces_written_out():
    assert [list(PIECES)[i] for i in word_pieces("Profit, bankrupted!", PIECES)] == [
        "profit", ",", "b", "##ank", "##ru", "##p", "##t", "##ed", "!"
    ]  # fmt: skip


def test_a_word_that_no_pieces_spell_is_unknown():
    assert word_pieces("ab", {"[UNK]": 1, "a": 5, "##c": 6}) == [1]
    assert word_pieces("ac", {"[UNK]": 1, "a": 5, "##c": 6}) == [5, 6]


@settings(deadline=None)
@given(strategies.sentence_pairs())
def test_short_pairs_are_the_librarys(pairs):
    for pair in pairs:
        theirs = library(pair["sentence1"], pair["sentence2"])
        ids = as_pair(*(word_pieces(pair[name], PIECES) for name in ("sentence1", "sentence2")), PIECES)
        assert (theirs["input_ids"], theirs["token_type_ids"]) == (ids, token_types(ids, SEP))
        assert PAD not in ids
        assert 5 <= len(ids) < 70


def by_removing(first, second, room):
    """Every outcome of taking one token at a time off the longer, or off either where they are as long."""
    left = {(first, second)}
    while any(a + b > room for a, b in left):
        left = {after for a, b in left for after in [(a - 1, b)] * (a >= b) + [(a, b - 1)] * (b >= a)}
    return left


@pytest.mark.parametrize("room", range(2, 24))
def test_longest_first_takes_one_token_at_a_time_off_the_longer(room):
    for first, second in itertools.product(range(1, 25), repeat=2):
        assert longest_first(first, second, room) == by_removing(first, second, room)


@pytest.mark.parametrize("limit", [5, 6, 8, 13, 30])
def test_the_library_truncates_longest_first(limit):
    for first, second in itertools.product((1, 2, 3, 5, 8, 13, 21), repeat=2):
        texts = long_pair(first, second, CHECKPOINT)
        a, b = (word_pieces(text, PIECES) for text in texts)
        rights = [as_pair(a[:n], b[:m], PIECES) for n, m in longest_first(first, second, limit - 3)]
        assert library(*texts, truncation=True, limit=limit)["input_ids"] in rights


@pytest.mark.parametrize("tokens", [1, 2, 5, 6, 7, 30, 601])
def test_long_pairs_have_as_many_tokens_as_asked_for(tokens):
    first, second = (word_pieces(text, PIECES) for text in long_pair(tokens, tokens, CHECKPOINT))
    assert len(first) == len(second) == tokens
    assert first[0] != second[0]


@settings(deadline=None)
@given(strategies.sentence_pairs(), strategies.limits())
def test_the_larger_limit_cuts_no_pair(pairs, limit):
    lengths = [len(library(pair["sentence1"], pair["sentence2"], limit=1000)["input_ids"]) for pair in pairs]
    assert limit == 9 or max(lengths) < limit


@given(strategies.pairs_about_the_limit())
def test_pairs_about_the_limit_do_not_show_which_sentence_is_cut(case):
    room = case["model_max_length"] - 3
    assert room % 2 == 0
    for first, second in case["tokens"]:
        assert 1 <= second <= first <= second + 1
        assert room - 3 <= first + second <= room + max(3, room // 2)
        assert max(first, second) < room


@given(strategies.pairs_beyond_any_limit())
def test_pairs_beyond_any_limit_are_cut_wherever_one_cuts(case):
    assert len(case["tokens"]) == 2
    assert all(first + second + 3 > 512 > case["model_max_length"] for first, second in case["tokens"])


def rows_by(tokenize):
    """What `which_sequence` asks for, made with the library."""
    return lambda pairs: tokenize([a for a, _ in pairs], [b for _, b in pairs])["input_ids"]


SEQUENCES = {
    "swapped": lambda a, b: library(b, a),
    "joined": lambda a, b: library([f"{x} {y}" for x, y in zip(a, b, strict=True)], None),
    "into one text": lambda a, b: library([x + y for x, y in zip(a, b, strict=True)], None),
    "sentence1 alone": lambda a, _: library(a, None),
    "sentence2 alone": lambda _, b: library(b, None),
    "one behind the other, so": lambda a, b: library(a + b, None),
    "special tokens seem": lambda a, b: library(a, b, add_special_tokens=False),
    "a [CLS] of its own": lambda a, b: {
        "input_ids": [x + y for x, y in zip(library(a, None)["input_ids"], library(b, None)["input_ids"], strict=True)]
    },
}


@pytest.mark.parametrize("words", SEQUENCES)
def test_names_what_became_of_a_pair(words):
    assert words in tokenization.which_sequence(rows_by(SEQUENCES[words]), PIECES)


def test_a_right_sequence_has_no_misconception():
    assert tokenization.which_sequence(rows_by(library), PIECES) == ""


def batch_by(tokenize):
    """What `which_batch` asks for, made with the library."""

    def sequences(pairs, batched):
        try:
            if batched:
                return [list(row) for row in tokenize([a for a, _ in pairs], [b for _, b in pairs])["input_ids"]]
            return [tokenize(*pairs[0])["input_ids"]]
        except (ValueError, AttributeError):
            raise ArithmeticError from None

    return sequences


BATCHES = {
    "": library,
    "tensor or an array": lambda a, b: library(a, b, return_tensors="pt"),
    "works for a single row": lambda a, b: library(a.lower(), b.lower()),
}


@pytest.mark.parametrize("words", BATCHES)
def test_names_what_does_not_take_a_batch(words):
    sentence = tokenization.which_batch(batch_by(BATCHES[words]), PIECES)
    assert words in sentence
    assert bool(words) == bool(sentence)


TYPES = {
    "all 0": lambda first, second: [0] * (first + second),
    "The first [SEP]": lambda first, second: [0] * (first - 1) + [1] * (second + 1),
    "The last [SEP]": lambda first, second: [0] * first + [1] * (second - 1) + [0],
    "swapped": lambda first, second: [1] * first + [0] * second,
    "count from 1": lambda first, second: [1] * first + [2] * second,
    "all 1": lambda first, second: [1] * (first + second),
    "": lambda first, second: [0] * first + [1] * second,
}


@pytest.mark.parametrize("words", TYPES)
def test_names_what_became_of_token_types(words):
    def types(pair):
        first, second = (len(word_pieces(text, PIECES)) for text in pair)
        return TYPES[words](first + 2, second + 1)

    assert words in tokenization.which_types(types, PIECES)
    assert bool(words) == bool(tokenization.which_types(types, PIECES))


def length_by(**settings):
    def length(first, second, limit):
        texts = long_pair(first, second, CHECKPOINT)
        given_settings = {name: value(limit) if callable(value) else value for name, value in settings.items()}
        return len(library(*texts, limit=limit, **given_settings)["input_ids"])

    return length


LIMITS = {
    "": {"truncation": True},
    "nothing": {},
    "to 64 tokens": {"truncation": True, "max_length": 64},
    "to 128 tokens, whatever": {"truncation": True, "max_length": 128},
    "to 512 tokens, whatever": {"truncation": True, "max_length": 512},
    "to 512 tokens even": {"truncation": True, "max_length": lambda limit: min(limit, 512)},
    "to 128 tokens even": {"truncation": True, "max_length": lambda limit: min(limit, 128)},
    "out of the count": {"truncation": True, "max_length": lambda limit: limit + 3},
    "twice": {"truncation": True, "max_length": lambda limit: limit - 3},
    "take [CLS] and [SEP] off": {"truncation": True, "max_length": lambda limit: limit - 2},
}


@pytest.mark.parametrize("words", LIMITS)
def test_names_the_limit(words):
    sentence = tokenization.which_limit(length_by(**LIMITS[words]), CHECKPOINT)
    assert words in sentence
    assert bool(words) == bool(sentence)


@pytest.mark.parametrize("strategy", ["only_first", "only_second"])
def test_names_a_fixed_limit_where_the_library_refuses_to_cut(strategy):
    def length(first, second, limit):
        return len(ids_by(truncation=strategy, max_length=64)(first, second, limit))

    assert "to 64 tokens, whatever" in tokenization.which_limit(length, CHECKPOINT)


@pytest.mark.parametrize(
    ("words", "cut"),
    [("characters", lambda text, n: text[:n]), ("so many words", lambda text, n: " ".join(text.split()[:n]))],
)
def test_names_a_cut_of_the_text(words, cut):
    def length(first, second, limit):
        texts = [cut(text, limit) for text in long_pair(first, second, CHECKPOINT)]
        return len(library(*texts)["input_ids"])

    assert words in tokenization.which_limit(length, CHECKPOINT)


def ids_by(**settings):
    def ids(first, second, limit):
        try:
            return library(*long_pair(first, second, CHECKPOINT), limit=limit, **settings)["input_ids"]
        except Exception:  # noqa: BLE001 - tokenizers raises no narrower one
            raise ArithmeticError from None

    return ids


@pytest.mark.parametrize(
    ("words", "strategy"), [("only the second", "only_second"), ("only the first", "only_first"), ("nothing", False)]
)
def test_names_the_librarys_other_strategies(words, strategy):
    assert words in tokenization.which_cut(ids_by(truncation=strategy), CHECKPOINT)


@pytest.mark.parametrize(
    ("words", "cut"),
    [
        ("half of the room", lambda a, b, limit: as_pair(a[: (limit - 3) // 2], b[: (limit - 3) // 2], PIECES)),
        ("last [SEP] is lost", lambda a, b, limit: as_pair(a, b, PIECES)[:limit]),
        ("sentence2 alone gets shorter. ", lambda a, b, limit: [*as_pair(a, b, PIECES)[: limit - 1], SEP]),
        ("two sentences joined", lambda a, b, limit: [CLS, *(a + b)[: limit - 2], SEP]),
    ],
)
def test_names_a_cut_of_the_finished_sequence(words, cut):
    def ids(first, second, limit):
        return cut(*(word_pieces(text, PIECES) for text in long_pair(first, second, CHECKPOINT)), limit)

    assert words in tokenization.which_cut(ids, CHECKPOINT)


@pytest.mark.parametrize(("words", "strategy"), [("only the second", "only_second"), ("only the first", "only_first")])
@pytest.mark.parametrize("most", [128, 512])
def test_names_the_strategy_at_a_fixed_length_too(words, strategy, most):
    assert words in tokenization.which_cut(ids_by(truncation=strategy, max_length=most), CHECKPOINT)


def test_a_right_cut_has_no_misconception():
    assert tokenization.which_cut(ids_by(truncation=True), CHECKPOINT) == ""


WIDTHS = {
    "": {},
    "the longest pair": {"padding": True},
    "to the tokenizer's model_max_length": {"padding": "max_length"},
    "to 128 tokens": {"padding": "max_length", "max_length": 128},
    "a multiple of 8": {"padding": True, "pad_to_multiple_of": 8},
}


@pytest.mark.parametrize("words", WIDTHS)
def test_names_the_padding(words):
    def widths(lengths, limit):
        pairs = [long_pair(*tokens, CHECKPOINT) for tokens in lengths]
        rows = library([a for a, _ in pairs], [b for _, b in pairs], limit=limit, truncation=True, **WIDTHS[words])
        return [len(row) for row in rows["input_ids"]]

    sentence = tokenization.which_width(widths)
    assert words in sentence
    assert bool(words) == bool(sentence)


@pytest.mark.parametrize(
    ("words", "rows"), [("", lambda _: 0), ("characters", lambda p: min(map(len, p))), ("batch of one", lambda _: 1)]
)
def test_names_what_became_of_a_single_row(words, rows):
    sentence = tokenization.which_rows(rows)
    assert words in sentence
    assert bool(words) == bool(sentence)


def test_answers_that_all_raise_are_no_misconception():
    def raising(*_):
        raise ArithmeticError

    assert tokenization.which_limit(raising, CHECKPOINT) == ""
    assert tokenization.which_cut(raising, CHECKPOINT) == ""
    assert tokenization.which_width(raising) == ""
    assert tokenization.which_sequence(raising, PIECES) == tokenization.which_batch(raising, PIECES) == ""
    assert repr(Raised()) == "raised"


# -- what the batteries tell apart ------------------------------------------------------------------------------------


def cut_at_64(first, second, limit):  # noqa: ARG001
    return min(first + second + 3, 64)


ASKED = {
    "sequences": lambda: tokenization.which_sequence(rows_by(library), PIECES),
    "batches": lambda: tokenization.which_batch(batch_by(library), PIECES),
    "types": lambda: tokenization.which_types(lambda _: [0, 0, 1], PIECES),
    "limits": lambda: tokenization.which_limit(cut_at_64, CHECKPOINT),
    "cuts": lambda: tokenization.which_cut(lambda *case: [0] * cut_at_64(*case), CHECKPOINT),
    "widths": lambda: tokenization.which_width(lambda pairs, _: [64] * len(pairs)),
    "rows": lambda: tokenization.which_rows(lambda _: 2),
}


@pytest.mark.parametrize("family", ASKED)
def test_every_battery_tells_its_misconceptions_apart_and_from_the_truth(monkeypatch, family):
    asked = []
    monkeypatch.setattr(tokenization, "diagnose", lambda *given_to_it: asked.append(given_to_it) or "")
    ASKED[family]()
    assert asked
    for _, battery, truth, misconceptions in asked:
        answers = [("", outputs(truth, battery))] + [(m.sentence, outputs(m.answer, battery)) for m in misconceptions]
        for (sentence, one), (other_sentence, other) in itertools.combinations(answers, 2):
            assert one != other or sentence == other_sentence, (sentence, other_sentence)


def test_names_ids_that_are_always_the_same():
    assert "whatever the sentences" in tokenization.which_sequence(lambda _: [[101, 102], [101], [102]], PIECES)


def test_names_a_border_between_the_segments_that_is_always_at_the_same_place():
    def from_the_fifth_on(pair):
        length = sum(len(word_pieces(text, PIECES)) for text in pair) + 3
        return [0] * 5 + [1] * (length - 5)

    assert "at the same place" in tokenization.which_types(from_the_fifth_on, PIECES)


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ("", lambda *_: 1),
        ("rows of its own", lambda first, second, limit: -(-(first + second + 3) // limit)),
        ("", lambda *_: 2),
    ],
)
def test_names_what_goes_on_in_further_rows(words, rows):
    sentence = tokenization.which_overflow(rows)
    assert words in sentence
    assert bool(words) == bool(sentence)
