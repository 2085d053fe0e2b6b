"""Checks of 02: one batch, padded to its longest pair; each slip costs its own points."""

from collections.abc import Mapping

from pytest_trainer import check, expect, given
from pytest_trainer.grading.show import WIDTH, aligned_lists, show
from pytest_trainer.lab.recipes import Tokenizer
from pytest_trainer.reference import padding_mistaken as mistaken
from pytest_trainer.reference import strategies
from pytest_trainer.reference.diagnosis import explained, outputs

ALWAYS_RIGHT = (
    "The padding seems to follow a pair's tokens whatever the tokenizer says. On which side it belongs depends on the "
    "model: one that continues a text needs the text's last token at the right edge."
)
KEYS = ("input_ids", "token_type_ids", "attention_mask", "labels")


def batch_of(submission, features, tokenizer=None):
    """What collate returned, as a mapping."""
    batch = submission.call("collate", features, tokenizer or Tokenizer())
    return expect.mapping(batch, "collate's result", keys=(), extra=True)


def rows_of(batch, key, features):
    """One of the padded tensors, its rows long enough for their pairs."""
    expect.mapping(batch, "collate's result", keys=(key,), extra=True)
    rows = expect.tensor(batch[key], key, dtype="int64", ndim=2)
    longest = max(len(feature["input_ids"]) for feature in features)
    if len(rows) != len(features) or rows.shape[1] < longest:
        raise expect.wrong(
            f"{key}: wanted {len(features)} rows of {longest} positions, the longest pair's length, "
            f"came back {rows.shape[0]} rows of {rows.shape[1]}."
        )
    return rows


def placed(batch, key, features):
    """Each row of a tensor, and where in it its pair's own tokens begin and end.

    On which side the padding is, the row's ids tell: the side itself has a check, and points, of its own.
    """
    rows, ids = rows_of(batch, key, features), rows_of(batch, "input_ids", features)
    for row, row_ids, feature in zip(rows.tolist(), ids.tolist(), features, strict=True):
        own = feature["input_ids"]
        first = len(row) - len(own) if row_ids[: len(own)] != own and row_ids[-len(own) :] == own else 0
        yield row, first, first + len(own)


def own_and_padding(batch, key, features):
    """For each row of a tensor, its pair's own positions and its padding."""
    return [(row[first:end], row[:first] + row[end:]) for row, first, end in placed(batch, key, features)]


def expect_padding(batch, key, features, fill, name):
    """Every position outside a pair's own tokens holds `fill`."""
    for i, (row, first, end) in enumerate(placed(batch, key, features)):
        wanted = [fill] * first + row[first:end] + [fill] * (len(row) - end)
        if row != wanted:
            raise expect.wrong(f"{key}, row {i}: wanted {name} at the padded positions.", *aligned_lists(wanted, row))


def looked_at(submission, look):
    """What `look(batch, features)` sees in the batch that collate makes for features and a way to pad."""

    def looking(features, pads):
        tokenizer = Tokenizer(pads.side, pad_token=pads.token, pad_token_type_id=pads.type_id)
        return look(batch_of(submission, features, tokenizer), features)

    return looking


def own(key):
    """What names the misconception behind wrong values at the pairs' own tokens."""
    part = {"attention_mask": mistaken.OWN_MASK, "token_type_ids": mistaken.OWN_TYPES}[key]

    def look(batch, features):
        return [values for values, _ in own_and_padding(batch, key, features)]

    return lambda submission: mistaken.which(part, looked_at(submission, look))


def padding(key):
    """What names the misconception behind wrong values beyond the pairs' own tokens."""
    part = {"attention_mask": mistaken.MASK, "token_type_ids": mistaken.TYPES, "input_ids": mistaken.IDS}[key]

    def look(batch, features):
        return [values for _, values in own_and_padding(batch, key, features)]

    return lambda submission: mistaken.which(part, looked_at(submission, look))


def order(submission):
    """What names the misconception behind rows in another order."""

    def look(batch, features):
        ids, mask = rows_of(batch, "input_ids", features), rows_of(batch, "attention_mask", features)
        return [row[own == 1].tolist() for row, own in zip(ids, mask, strict=True)]

    return mistaken.which(mistaken.ORDER, looked_at(submission, look))


def widths(submission):
    """What names the misconception behind a wrong width."""

    def look(batch, _):
        return expect.tensor(batch["input_ids"], "input_ids", ndim=2).shape[1]

    return batches(submission) or mistaken.which_width(looked_at(submission, look))


def labels(submission):
    """What names the misconception behind wrong labels."""

    def look(batch, _):
        return expect.tensor(batch["labels"], "labels", ndim=1).tolist()

    return batches(submission) or mistaken.which(mistaken.LABELS, looked_at(submission, look))


def batches(submission):
    """What names the misconception behind keys and types, or behind a batch that is always the same."""
    came = outputs(looked_at(submission, lambda batch, _: batch), mistaken.battery())
    return mistaken.which_batch([batch for batch in came if isinstance(batch, Mapping)])


def change(submission):
    """What names the misconception behind features that are not left as they were."""
    features, _ = mistaken.battery()[1]
    return mistaken.which_change(features, submission.probe("inputs_after", features, Tokenizer())["features"])


def sides():
    """The sides on which a tokenizer may pad."""
    return strategies.sampled_from(["right", "left"])


@check(
    points=2,
    needs="collate",
    hint="The model's forward() takes the batch as keyword arguments: its own names, and torch tensors of int64.",
)
@explained(by=batches)
@given(examples=10, features=strategies.features)
def test_returns_exactly_the_four_tensors_that_the_model_takes(submission, features):
    batch = expect.mapping(batch_of(submission, features), "collate's result", keys=KEYS)
    for key in KEYS:
        expect.tensor(batch[key], key, dtype="int64", ndim=1 if key == "labels" else 2)


@check(
    points=2,
    needs="collate",
    hint="Dynamic padding: the width is this batch's longest pair, no fixed length and no multiple of anything.",
)
@explained(by=widths)
@given(examples=20, features=strategies.features)
def test_pads_to_the_longest_pair_of_the_batch_and_no_further(submission, features):
    batch = batch_of(submission, features)
    longest = max(len(feature["input_ids"]) for feature in features)
    for key in KEYS[:3]:
        if rows_of(batch, key, features).shape[1] != longest:
            raise expect.wrong(
                f"{key}: wanted {longest} positions, the longest pair's length, "
                f"came back {rows_of(batch, key, features).shape[1]}."
            )


@check(
    points=2,
    needs="collate",
    hint="Which id means padding is the tokenizer's to say: tokenizer.pad_token_id. It is not 0 for every model.",
)
@explained(by=padding("input_ids"))
@given(features=strategies.features, pad_token=lambda: strategies.sampled_from(list(mistaken.PAD_IDS)), side=sides)
def test_pads_input_ids_with_the_tokenizers_pad_id(submission, features, pad_token, side):
    batch = batch_of(submission, features, Tokenizer(side, pad_token=pad_token))
    expect_padding(
        batch,
        "input_ids",
        features,
        mistaken.PAD_IDS[pad_token],
        f"tokenizer.pad_token_id, {mistaken.PAD_IDS[pad_token]},",
    )


@check(
    points=2,
    needs="collate",
    hint="The mask says which positions are the pair's own, whatever ids stand there: a text may contain [PAD].",
)
@explained(by=lambda one: own("attention_mask")(one) or padding("attention_mask")(one) or batches(one))
@given(features=lambda: strategies.features(with_pad_id=True), side=sides)
def test_attention_mask_is_1_on_the_pairs_own_tokens_and_0_on_padding(submission, features, side):
    batch = batch_of(submission, features, Tokenizer(side))
    for i, (own, _) in enumerate(own_and_padding(batch, "attention_mask", features)):
        if own != [1] * len(own):
            raise expect.wrong(
                f"attention_mask, row {i}: wanted 1 at each of the pair's own {len(own)} tokens.",
                *aligned_lists([1] * len(own), own),
            )
    expect_padding(batch, "attention_mask", features, 0, "0")


@check(
    points=1,
    needs="collate",
    hint="The second sentence's tokens are of type 1; the padding gets tokenizer.pad_token_type_id.",
)
@explained(by=lambda one: own("token_type_ids")(one) or padding("token_type_ids")(one) or batches(one))
@given(features=strategies.features, pad_type=lambda: strategies.sampled_from([0, 1, 2]), side=sides)
def test_token_type_ids_tell_the_two_sentences_apart(submission, features, pad_type, side):
    batch = batch_of(submission, features, Tokenizer(side, pad_token_type_id=pad_type))
    for i, (own, _) in enumerate(own_and_padding(batch, "token_type_ids", features)):
        expect.same_lists(own, features[i]["token_type_ids"], f"token_type_ids, row {i}")
    expect_padding(batch, "token_type_ids", features, pad_type, f"tokenizer.pad_token_type_id, {pad_type},")


@check(
    points=1,
    needs="collate",
    hint="The loss is computed from `labels`: class numbers, so whole numbers, one for each pair.",
)
@explained(by=labels)
@given(examples=15, features=strategies.features)
def test_label_becomes_labels_of_int64(submission, features):
    batch = expect.mapping(batch_of(submission, features), "collate's result", keys=("labels",), extra=True)
    labels = expect.tensor(batch["labels"], "labels", dtype="int64", ndim=1)
    expect.same_lists(labels.tolist(), [feature["label"] for feature in features], "labels")


@check(
    points=2,
    needs="collate",
    hint="Row i is features[i]: no sorting, nothing cut off, nothing left out.",
)
@explained(by=lambda one: order(one) or widths(one))
@given(examples=20, features=strategies.short_or_long_features)
def test_removing_the_padding_gives_back_the_input_in_its_order(submission, features):
    batch = batch_of(submission, features, Tokenizer(model_max_length=1024))
    for i, (own, _) in enumerate(own_and_padding(batch, "input_ids", features)):
        expect.same_lists(own, features[i]["input_ids"], f"input_ids, row {i}")


@check(
    points=2,
    needs="collate",
    hint="tokenizer.padding_side is 'left' for some models; the padding then precedes the pair's tokens.",
)
@given(examples=20, features=strategies.features)
def test_pads_on_the_side_that_the_tokenizer_names(submission, features):
    batch = batch_of(submission, features, Tokenizer(padding_side="left"))
    for key in KEYS[:3]:
        rows = rows_of(batch, key, features).tolist()
        for i, (row, feature) in enumerate(zip(rows, features, strict=True)):
            own = feature[key]
            if row[len(row) - len(own) :] != own:
                raise expect.wrong(
                    f"{key}, row {i}: with padding_side 'left' the row must end with the pair's own values.",
                    *aligned_lists([*["."] * (len(row) - len(own)), *own], row, str),
                    diagnosis=ALWAYS_RIGHT if row[: len(own)] == own else "",
                )


@check(
    points=1,
    needs="collate",
    evidence="observation",
    hint="The Trainer hands over the data set's own dicts; build new lists, and use feature['label'], not pop.",
)
@explained(by=change)
@given(examples=10, features=strategies.features, side=sides)
def test_leaves_its_input_unchanged(submission, features, side):
    after = submission.probe("inputs_after", features, Tokenizer(padding_side=side))
    rows_of(expect.mapping(after["batch"], "collate's result", keys=(), extra=True), "input_ids", features)
    for i, (was, now) in enumerate(zip(features, after["features"], strict=False)):
        if was != now:
            changed = [key for key in {**was, **now} if was.get(key) != now.get(key)]
            raise expect.wrong(
                f"collate changed features[{i}], which it was only to read.",
                f"  given       {show({key: was[key] for key in changed if key in was}, WIDTH - 14)}",
                f"  afterwards  {show({key: now[key] for key in changed if key in now}, WIDTH - 14)}",
            )
    if len(after["features"]) != len(features):
        raise expect.wrong("collate changed the list of features, which it was only to read.")
    if (after["padding_side"], after["pad_token_id"], after["pad_token_type_id"]) != (side, 0, 0):
        raise expect.wrong("collate changed the tokenizer's settings, which it was only to read.")
