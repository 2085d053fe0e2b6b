"""Checks of 01: pairs become sequences of ids, cut where too long and not padded; each slip costs its own points."""

from random import Random

from pytest_trainer import check, expect, given
from pytest_trainer.grading.outcome import WrongAnswer
from pytest_trainer.grading.show import WIDTH, aligned_lists, kind_of, show
from pytest_trainer.lab.offline_hub import CHECKPOINT
from pytest_trainer.lab.recipes import Tokenizer
from pytest_trainer.reference import strategies_sentences as strategies
from pytest_trainer.reference import tokenization
from pytest_trainer.reference.diagnosis import explained

VALUES = WIDTH - len("  came back  ")
KEYS = ("input_ids", "token_type_ids", "attention_mask")
LIMIT = 24


def pieces():
    """The ids of the tokenizer's pieces."""
    return tokenization.vocabulary(CHECKPOINT)


def columns(pairs):
    """A batch of pairs as Dataset.map hands it over: a list for each of MRPC's columns."""
    return {
        "sentence1": [first for first, _ in pairs],
        "sentence2": [second for _, second in pairs],
        "label": [i % 2 for i in range(len(pairs))],
        "idx": list(range(len(pairs))),
    }


def single(pair):
    """One pair as Dataset.map hands it over row by row."""
    return {name: values[0] for name, values in columns([pair]).items()}


def texts(pairs):
    """The two sentences of each drawn pair."""
    return [(pair["sentence1"], pair["sentence2"]) for pair in pairs]


def tokenized(submission, example, limit=None):
    """What tokenize_function returned, as a mapping with input_ids."""
    came = submission.probe("tokenized", example, Tokenizer(model_max_length=limit))
    return expect.mapping(came, "tokenize_function's result", keys=("input_ids",), extra=True)


def ints(row, what):
    """A row of the result, which must be a list of ints."""
    odd = [item for item in listed(row, what) if not isinstance(item, int)]
    if odd:
        raise expect.wrong(f"{what}: wanted a list of ints, came back a list with {kind_of(odd[0])} in it.")
    return row


def listed(row, what):
    """A row of the result, which must be a list."""
    if not isinstance(row, list):
        raise expect.wrong(f"{what}: wanted a list of ints, came back {kind_of(row)}.")
    return row


def column(encoded, key, n, row_of=ints):
    """One column of a batch of n pairs: n lists of ints, or of whatever `row_of` takes."""
    expect.mapping(encoded, "tokenize_function's result", keys=(key,), extra=True)
    rows = encoded[key]
    if not isinstance(rows, list):
        raise expect.wrong(f"{key}: wanted a list of lists, one for each pair, came back {kind_of(rows)}.")
    rows = [row_of(row, f"{key}, row {i}") for i, row in enumerate(rows)]
    if len(rows) != n:
        raise expect.wrong(f"{key}: wanted one row for each pair, {n} in all, came back {len(rows)}.")
    return rows


def without_padding(row, ids):
    """Those values of a row that stand at tokens; no sentence here holds the pad token."""
    return [value for value, token in zip(row, ids, strict=False) if token != pieces()[tokenization.PAD]]


def own_ids(submission, pairs, limit=None):
    """For each pair of a batch, the ids that came back for it, without padding."""
    rows = column(tokenized(submission, columns(pairs), limit), "input_ids", len(pairs))
    return [without_padding(row, row) for row in rows]


def own_ids_of_long(submission, lengths, limit):
    """For each pair of so many tokens: its two sentences' ids, and the ids that came back for it."""
    pairs = [tokenization.long_pair(*tokens, CHECKPOINT) for tokens in lengths]
    ids = [tuple(tokenization.word_pieces(text, pieces()) for text in pair) for pair in pairs]
    return list(zip(ids, own_ids(submission, pairs, limit), strict=True))


def spelled(ids):
    """Ids as the tokens that they stand for."""
    names = {number: piece for piece, number in pieces().items()}
    return " ".join(names.get(number, f"<id {number}>") for number in ids)


def only_where_cut(submission, judge, sentence):
    """The sentence, where the judgement holds for pairs that fit and not for one that is cut."""
    long_pairs = [tokenization.long_pair(20, 9, CHECKPOINT), tokenization.long_pair(9, 20, CHECKPOINT)]
    for pairs, limit, holds in ((list(tokenization.SHORT_PAIRS), None, True), (long_pairs, LIMIT, False)):
        try:
            judge(submission, pairs, limit)
        except WrongAnswer:
            if holds:
                return ""
        else:
            if not holds:
                return ""
    return sentence


def which_sequence(submission):
    """The misconception behind sequences that are no pairs, or behind an error."""

    def sequences(pairs, batched=True):
        ids = tokenized(submission, columns(pairs) if batched else single(pairs[0]))["input_ids"]
        rows = [ints(row, "input_ids") for row in (listed(ids, "input_ids") if batched else [ids])]
        return [without_padding(row, row) for row in rows]

    return tokenization.which_sequence(sequences, pieces()) or tokenization.which_batch(sequences, pieces())


@check(
    points=2,
    needs="tokenize_function",
    hint="A tokenizer takes two texts (or two lists of texts) side by side: sentence1, then sentence2.",
)
@explained(by=which_sequence)
@given(pairs=strategies.sentence_pairs)
def test_a_pair_becomes_one_sequence_with_sentence1_first(submission, pairs):
    for i, (ids, pair) in enumerate(zip(own_ids(submission, texts(pairs)), texts(pairs), strict=True)):
        wanted = tokenization.as_pair(*(tokenization.word_pieces(text, pieces()) for text in pair), pieces())
        if ids != wanted:
            raise expect.wrong(
                f"input_ids, row {i}: wanted [CLS] sentence1 [SEP] sentence2 [SEP].",
                *aligned_lists(spelled(wanted).split(), spelled(ids).split(), str),
            )


def types_of(submission, pairs, limit=None):
    """For each pair of a batch: its ids, and the token types that stand at them."""
    encoded = tokenized(submission, columns(pairs), limit)
    ids, types = (column(encoded, key, len(pairs)) for key in ("input_ids", "token_type_ids"))
    for i, (row, kinds) in enumerate(zip(ids, types, strict=True)):
        if len(kinds) != len(row):
            raise expect.wrong(
                f"token_type_ids, row {i}: wanted one for each of the {len(row)} input_ids, came back {len(kinds)}."
            )
    return [(without_padding(row, row), without_padding(kinds, row)) for row, kinds in zip(ids, types, strict=True)]


def which_types(submission):
    """The misconception behind wrong token types."""
    if "token_type_ids" not in tokenized(submission, columns(tokenization.SHORT_PAIRS)):
        return tokenization.NO_TYPES
    return tokenization.which_types(lambda pair: types_of(submission, [pair])[0][1], pieces())


@check(
    points=1,
    needs="tokenize_function",
    hint="The tokenizer makes the types where it is given two texts: 0 up to the first [SEP], 1 after it.",
)
@explained(by=lambda one: which_types(one) or only_where_cut(one, expect_types, tokenization.TYPES_OF_THE_UNCUT))
@given(pairs=strategies.sentence_pairs, model_max_length=strategies.limits)
def test_token_type_ids_tell_the_two_sentences_of_a_row_apart(submission, pairs, model_max_length):
    expect_types(submission, texts(pairs), model_max_length)


def expect_types(submission, pairs, model_max_length):
    """The token types of a batch of pairs are those of their sentences."""
    sep = pieces()[tokenization.SEP]
    for i, (ids, types) in enumerate(types_of(submission, pairs, model_max_length)):
        wanted = tokenization.token_types(ids, sep)
        # Of a row that was cut at its end the second sentence may be gone: that costs the points of another check.
        if types != wanted or (1 not in wanted and len(ids) < (model_max_length or 0)):
            raise expect.wrong(
                f"token_type_ids, row {i}: wanted 0 up to the first [SEP], itself included, and 1 after it.",
                f"  tokens      {show(spelled(ids), VALUES)}",
                *(aligned_lists(wanted, types) if types != wanted else ()),
            )


def which_limit(submission):
    """The misconception behind rows that are too long or too short."""

    def length(first, second, limit):
        [(_, ids)] = own_ids_of_long(submission, [(first, second)], limit)
        return len(ids)

    def rows(first, second, limit):
        pair = tokenization.long_pair(first, second, CHECKPOINT)
        return len(listed(tokenized(submission, columns([pair]), limit)["input_ids"], "input_ids"))

    return tokenization.which_overflow(rows) or tokenization.which_limit(length, CHECKPOINT)


@check(
    points=2,
    needs="tokenize_function",
    hint="Tell the tokenizer to truncate, and name no length: its own limit, model_max_length, is then the one.",
)
@explained(by=which_limit)
@given(examples=30, case=strategies.pairs_about_the_limit)
def test_a_long_pair_is_cut_to_the_tokenizers_own_limit(submission, case):
    limit = case["model_max_length"]
    for (first, second), ids in own_ids_of_long(submission, case["tokens"], limit):
        full = len(first) + len(second) + tokenization.SPECIAL
        # A row that is all of two texts joined lacks a [SEP]: that costs the points of another check.
        if len(ids) != min(full, limit) and not full - 1 == len(ids) < limit:
            raise expect.wrong(
                f"Sentences of {len(first)} and {len(second)} tokens, {full} with [CLS] and both [SEP], and "
                f"model_max_length {limit}: wanted {min(full, limit)} tokens, came back {len(ids)}."
            )


def which_cut(submission):
    """The misconception behind tokens that are taken off the wrong sentence."""

    def kept(first, second, limit):
        [(_, ids)] = own_ids_of_long(submission, [(first, second)], limit)
        return ids

    return tokenization.which_cut(kept, CHECKPOINT)


def kept_of(first, second, ids):
    """How many tokens of each sentence a row holds, whichever of the two comes first in it."""
    cls, sep = pieces()[tokenization.CLS], pieces()[tokenization.SEP]
    border = ids.index(sep) if sep in ids else len(ids)
    one, other = ids[1:border], ids[border + 1 : -1]
    if ids[:1] == [cls] and ids[border + 1 :][-1:] == [sep]:
        if (one, other) == (first[: len(one)], second[: len(other)]):
            return len(one), len(other)
        if (one, other) == (second[: len(one)], first[: len(other)]):
            return len(other), len(one)
    raise expect.wrong(
        f"Sentences of {len(first)} and {len(second)} tokens: what came back is not the beginnings of both, with "
        "[CLS], [SEP] and [SEP].",
        f"  came back  {show(spelled(ids), VALUES)}",
        f"  its end    {show('... ' + spelled(ids[-6:]), VALUES)}",
    )


@check(
    points=1,
    needs="tokenize_function",
    hint="Each token comes off the sentence that has more left: that is what truncation=True does.",
)
@explained(by=which_cut)
@given(examples=20, case=strategies.pairs_beyond_any_limit)
def test_tokens_are_taken_off_the_longer_sentence_first(submission, case):
    rows = own_ids_of_long(submission, case["tokens"], case["model_max_length"])
    # To what length they are cut has a check of its own: here it is the length that the longest came back with.
    room = max(len(ids) for _, ids in rows) - tokenization.SPECIAL
    for (first, second), ids in rows:
        kept = kept_of(first, second, ids)
        if sum(kept) == len(first) + len(second):
            raise expect.wrong(
                f"Sentences of {len(first)} and {len(second)} tokens, model_max_length {case['model_max_length']}: "
                "nothing was cut off."
            )
        wanted = tokenization.longest_first(len(first), len(second), room)
        if kept not in wanted:
            raise expect.wrong(
                f"Sentences of {len(first)} and {len(second)} tokens, cut to {room} in all: "
                f"wanted {' or '.join(f'{a} and {b}' for a, b in sorted(wanted))}, came back {kept[0]} and {kept[1]}."
            )


def which_width(submission):
    """The misconception behind rows that are padded."""

    def widths(lengths, limit):
        pairs = [tokenization.long_pair(*tokens, CHECKPOINT) for tokens in lengths]
        return [len(row) for row in column(tokenized(submission, columns(pairs), limit), "input_ids", len(pairs))]

    return tokenization.which_width(widths)


@check(
    points=2,
    needs="tokenize_function",
    hint="No padding here: each row is as long as its own pair, and attention_mask is 1 at all of it.",
)
@explained(by=lambda one: which_width(one) or only_where_cut(one, expect_no_padding, tokenization.MASK_OF_THE_UNCUT))
@given(pairs=lambda: strategies.sentence_pairs(min_pairs=2), model_max_length=strategies.limits)
def test_no_row_is_padded_yet(submission, pairs, model_max_length):
    expect_no_padding(submission, texts(pairs), model_max_length)


def expect_no_padding(submission, pairs, model_max_length):
    """No row of a batch of pairs is padded, and the mask says so."""
    encoded = tokenized(submission, columns(pairs), model_max_length)
    ids, masks = (column(encoded, key, len(pairs)) for key in ("input_ids", "attention_mask"))
    for i, (row, mask) in enumerate(zip(ids, masks, strict=True)):
        own = without_padding(row, row)
        if len(own) < len(row):
            raise expect.wrong(
                f"input_ids, row {i}: wanted its {len(own)} tokens, came back {len(row)} positions, padded.",
                f"  came back  {show(spelled(row), VALUES)}",
            )
        if mask != [1] * len(row):
            raise expect.wrong(
                f"attention_mask, row {i}: wanted 1 for each of its {len(row)} tokens.",
                *aligned_lists([1] * len(row), mask),
            )


def expect_same_row(row, batch, i, what):
    """The row of a single pair is, but for padding, row i of the columns of a batch."""
    expect.mapping(row, what, keys=("input_ids",), extra=True)
    ids = listed(row["input_ids"], f"{what}: input_ids")
    for key in KEYS:
        if key in batch and key in row:
            came, wanted = listed(row[key], f"{what}: {key}"), batch[key][i]
            expect.same_lists(
                without_padding(came, ids), without_padding(wanted, batch["input_ids"][i]), f"{what}: {key}"
            )


def which_rows(submission):
    """The misconception behind a single row that comes back as several."""

    def rows(pair):
        ids = tokenized(submission, single(pair))["input_ids"]
        nested = isinstance(ids, list) and any(isinstance(item, list) for item in ids)
        return len(ids) if nested else 0

    return tokenization.which_rows(rows)


@check(
    points=1,
    needs="tokenize_function",
    hint="A tokenizer takes two strings, and gives flat lists, just as it takes two lists: hand on what is there.",
)
@explained(by=lambda one: which_rows(one) or only_where_cut(one, expect_single_rows, tokenization.ONLY_BATCHES_CUT))
@given(examples=12, pairs=strategies.sentence_pairs, model_max_length=strategies.limits)
def test_a_single_row_gives_what_it_gives_in_a_batch(submission, pairs, model_max_length):
    expect_single_rows(submission, texts(pairs), model_max_length)


def expect_single_rows(submission, pairs, model_max_length):
    """Each of these pairs alone gives its row of the batch."""
    batch = tokenized(submission, columns(pairs), model_max_length)
    batch = {key: column(batch, key, len(pairs), listed) for key in KEYS if key in batch}
    for i, pair in enumerate(pairs):
        expect_same_row(tokenized(submission, single(pair), model_max_length), batch, i, f"Row {i} alone")
    mapped = submission.probe("mapped", columns(pairs), Tokenizer(model_max_length=model_max_length), 0, limit=60)
    for i in range(len(pairs)):
        row = {key: rows[i] for key, rows in mapped.items()}
        expect_same_row(row, batch, i, f"Row {i} after Dataset.map without batched=True")


@check(
    points=1,
    needs="tokenize_function",
    hint="Dataset.map(batched=True) hands over lists and wants lists of the same number of rows, in a mapping.",
)
def test_works_in_dataset_map_and_keeps_the_number_of_rows(submission):
    drawn = Random(submission.seed)
    limit, size = drawn.choice((24, 32, 40)), 3
    lengths = [drawn.randint(1, limit - 5) for _ in range(7)]  # either sentence alone can give what is too much
    pairs, recipe = [tokenization.long_pair(n, n, CHECKPOINT) for n in lengths], Tokenizer(model_max_length=limit)
    came = submission.probe("mapped", columns(pairs), recipe, size, limit=60)
    came = expect.mapping(came, "The data set after map", keys=("input_ids",), extra=True)
    for start in range(0, len(pairs), size):
        batch = pairs[start : start + size]
        direct = expect.mapping(
            submission.probe("tokenized", columns(batch), recipe), "tokenize_function's result", keys=(), extra=True
        )
        for key in KEYS:
            if key in direct:
                rows = column(came, key, len(pairs), listed)[start : start + size]
                wanted = column(direct, key, len(batch), listed)
                expect.same_lists(rows, wanted, f"{key} after Dataset.map, from row {start}")
