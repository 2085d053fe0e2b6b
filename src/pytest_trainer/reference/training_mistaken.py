"""What to say of a training run that went wrong in a known way: each function takes what was seen, and gives a sentence
where it is what a known misconception makes, else "".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

Row: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]
"""Token ids and token types of one row of a batch, without its padding."""
Encode: TypeAlias = Callable[..., Row]
"""A tokenizer, called with one text or with two."""

USUAL_LENGTHS = (32, 48, 50, 64, 80, 100, 128, 150, 200, 256, 300, 384, 400, 500, 512)
OTHER_SPLITS = {
    ("train", "validation"): (
        "Pairs of 'validation' are among the training batches. What a model has trained on cannot tell how it does on "
        "new pairs."
    ),
    ("validation", "train"): (
        "The evaluation seems to run on pairs of 'train'. A model is praised there for its memory: evaluate on pairs "
        "that it has not seen."
    ),
    ("train", "test"): "Pairs of 'test' are among the training batches. That split is kept for the very end.",
    ("validation", "test"): "The evaluation seems to run on pairs of 'test'. Asked for is 'validation'.",
}


def which_pair(row: Row, first: str, second: str, encode: Encode) -> str:
    """What a row is that should have been `encode(first, second)`."""
    tokens, _ = row
    if row == encode(second, first):
        return "The two sentences seem to have changed places: sentence1 comes first."
    if row in (encode(first + " " + second), encode(first + second)):
        return (
            "The two sentences seem to be glued into one text before they are tokenized. Handed over as two, they "
            "become two segments, which the token types tell apart."
        )
    if tokens == encode(first, second)[0]:
        return (
            "The tokens are right, and the token types are not. They tell the second sentence from the first, and come "
            "out right where the two are handed over as two."
        )
    if row == encode(first):
        return "Only sentence1 seems to be tokenized. Whether two sentences say the same, one of them cannot tell."
    return ""


def which_limit(longest: int, uncut: int) -> str:
    """What `longest`, the most tokens of a row, tells where pairs of up to `uncut` tokens have another limit."""
    if longest == uncut:
        return "Nothing seems to be cut off. Truncation is something that one has to ask a tokenizer for."
    if longest in USUAL_LENGTHS:
        return (
            f"The pairs seem to be cut at a fixed length of {longest}. How much a model can take is in its tokenizer, "
            "and differs from model to model."
        )
    return ""


def which_width(widths: Sequence[int], longest: int) -> str:
    """What the widths of an epoch's batches tell, of which none should be wider than its own longest pair.

    `longest` is the number of tokens of the longest pair of them all.
    """
    if len(set(widths)) == 1 and widths[0] == longest:
        return (
            "The pairs seem to be padded while they are tokenized, to the longest of them all. Padding is best left to "
            "the moment when it is known which pairs share a batch."
        )
    if len(set(widths)) == 1:
        return (
            f"The pairs seem to be padded to {widths[0]}, whatever their batch. Padding is best left to the moment "
            "when it is known which pairs share a batch."
        )
    if all(width % 8 == 0 for width in widths):
        return "The widths seem to be rounded up to a multiple. Asked for is the length of the batch's longest pair."
    return ""


def which_split(rows: str, strangers: Mapping[str, bool]) -> str:
    """What strangers tell in batches that should hold the split `rows` alone; are they all of these other splits?"""
    found = [split for split, theirs in strangers.items() if theirs]
    return OTHER_SPLITS.get((rows, found[0]), "") if found else ""


def which_head(outputs: int, named: int) -> str:
    """What a head with so many outputs tells, where two were wanted and the checkpoint's config names `named`."""
    if outputs == named:
        return (
            f"{named} is the number of labels that the checkpoint's config names, and what comes out where none is "
            "asked for. It says what that checkpoint was made for; a pair is equivalent or not, which makes two."
        )
    if outputs == 1:
        return "One output is what a regression has. Two classes have an output, a logit, each."
    return ""


def which_moment(came: float, moments: Mapping[str, float], within: float) -> str:
    """What a returned metric tells that is not the trained model's on validation.

    `moments` gives the metric of the model before the training ("fresh") and of the trained one on "train", and where
    it is known the loss of the training ("training loss").
    """
    if abs(came - moments["fresh"]) <= within:
        return "The number is that of the model before its training: it seems to be evaluated too early."
    if abs(came - moments["train"]) <= within:
        return "The number is that of the training pairs. Evaluate on 'validation': pairs that the model has not seen."
    loss = moments.get("training loss", math.nan)
    if min(abs(came - loss), abs(came - (1 - loss))) <= 1e-6:
        return (
            "The number is made from the loss of the training. A loss has no scale of its own and is no share of right "
            "answers, and this one is about the training pairs."
        )
    return ""


def which_share(came: float, pairs: int) -> str:
    """What an accuracy tells that no evaluation on so many pairs can give."""
    if abs(came * pairs - round(came * pairs)) <= 1e-4:
        return ""
    return (
        f"No share of {pairs} pairs is this number, so no evaluation on them has given it. Is it written down in your "
        "code, from the lesson or from another run, or is it rounded?"
    )


OTHER_EVALUATION = (
    "The accuracy might be right and the loss is not, so they belong to another evaluation: of a part of the split, or "
    "of the model at another time. All of eval_dataset counts, after the training."
)
OTHER_RATES = (
    "The learning rates are not those of the arguments, so the Trainer seems to have an optimizer or a schedule of its "
    "own. It makes both from the arguments, where nobody hands it others."
)


def which_metrics(returned: Mapping[str, object], training_loss: float | None) -> str:
    """What a returned mapping tells that lacks eval_accuracy or eval_f1."""
    names = [str(name) for name in returned]
    numbers = [value for value in returned.values() if isinstance(value, float)]
    if any(name.startswith("train_") for name in names) or training_loss in numbers:
        return (
            "These numbers are of the training: train() tells how long it took, and the loss on pairs that the model "
            "was learning from. How good the model is, an evaluation afterwards tells."
        )
    if "test_accuracy" in names or "test_f1" in names:
        return "predict() puts test_ in front of its metrics by default. Asked for are the names that evaluate() gives."
    if "accuracy" in names or "f1" in names:
        return "These are the metrics without the eval_ that evaluate() puts in front of their names."
    if "eval_loss" in names:
        return (
            "There is nothing but the loss: a Trainer reports further numbers only where it is given a function that "
            "computes them, and under that function's keys."
        )
    return ""


def which_arguments(same: bool, given: Mapping[str, object], came: Mapping[str, object]) -> str:
    """What a Trainer's arguments tell that are not the given ones; is it at least the same object?"""
    changed = [name for name, value in given.items() if came.get(name) != value]
    if not changed:
        return ""
    if same:
        return (
            "The given arguments were changed on the way. How to train is the caller's decision, who may compare this "
            "run with others."
        )
    if len(changed) < 3:
        return (
            "The Trainer has a changed copy of the given arguments. How to train is the caller's decision, who may "
            "compare this run with others."
        )
    return (
        "The Trainer seems to have arguments of its own, made here, and the given ones are not used. How to train is "
        "the caller's decision."
    )


def which_steps(came: int, wanted: int) -> str:
    """What another number of steps than the arguments ask for tells."""
    if came and came % wanted == 0:
        return (
            f"The training seems to have run {came // wanted} times. How long to train is the arguments' to say, by "
            "num_train_epochs, and one call of train() does all of it."
        )
    return (
        "How long the training takes was changed on the way, by max_steps, another batch, or a callback that stops it. "
        "It is the arguments' to say."
    )


def which_start(pretrained: bool) -> str:
    """What a model tells that is not the given checkpoint's: are its weights those of a pretrained one all the same?"""
    if pretrained:
        return "The checkpoint seems to be named in your code. Which one it is, the argument says."
    return (
        "The weights are not the checkpoint's: the model seems to be made from a config, or changed after loading. A "
        "config is a plan without weights; fine-tuning starts from the pretrained ones."
    )


HEAD_IS_RANDOM = (
    "The Trainer was not trained. The checkpoint's body is pretrained, but its head is new and drawn at random: until "
    "it is trained its answers mean nothing."
)
ONE_MODEL = (
    "The second call got the model that the first Trainer has trained: it is loaded outside of the function, or kept "
    "from call to call. Two runs are comparable only if both start from the checkpoint."
)
NO_METRICS = (
    "The Trainer was not given your function: by itself it reports the loss alone, which nobody can judge. Accuracy "
    "and F1 are what it is handed."
)
NO_TOKENIZER = (
    "A collator of your own needs no help from the Trainer, but the tokenizer has a second use: it is saved beside "
    "each checkpoint, and without it nobody can feed the model."
)
NO_TYPES = (
    "The token types are missing. They tell the second sentence from the first; without them a model takes everything "
    "for the first. The tokenizer makes them, so something drops them on the way."
)


def which_left(written: Sequence[str]) -> str:
    """What files tell that were written outside of output_dir."""
    if any("checkpoint-" in path for path in written):
        return "Checkpoints are written to a folder that your code names. Where to, training_args.output_dir says."
    if any(path.endswith((".safetensors", ".bin", "config.json", "tokenizer.json")) for path in written):
        return (
            "A model is saved to a folder of its own, in whatever directory your code happens to run. Who calls the "
            "function looks in output_dir."
        )
    if any("runs/" in path or "events.out" in path for path in written):
        return "A logger writes beside your code. Where a run may write, output_dir says; report_to is the caller's."
    return (
        "Something is left in the directory in which your code happens to run. Who calls the function looks in "
        "output_dir."
    )
