"""Makes the tiny BERT of `lab/checkpoint` from nothing: `python -m pytest_trainer.lab.pretraining OUT`.

Offline, with transformers 5, five minutes on one core; the same machine, libraries and seed give the same
bytes. Neither a label nor any sentence of the default data set is seen. The data of other seeds comes from the
same grammar, so a sentence of theirs may have been read here, without its label.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_trainer.lab.lessons import (
    FEATURES,
    IGNORED,
    Batch,
    Lessons,
    few_differences,
    many_differences,
    new_lessons,
    unrelated,
)
from pytest_trainer.lab.stories import KINDS
from pytest_trainer.lab.wordpiece import MAX_LENGTH, SPECIAL_TOKENS, bert_tokenizer

if TYPE_CHECKING:
    from torch import Tensor, nn
    from transformers import BertConfig, BertForPreTraining

CHECKPOINT = Path(__file__).with_name("checkpoint")
"""The shipped result, made with the defaults."""

HIDDEN = 96
LAYERS = 3
HEADS = 4
DROPOUT = 0.1
STEPS = 1600
LEARNING_RATE = 2e-3
COMPARED_ROWS = 64
"""The first rows of a batch: read whole, and compared."""
MASKED_ROWS = 32
"""The other rows of a batch: some of their words are masked, and guessed."""
ROLE_WEIGHT = 5.0
"""How much more a company's tokens weigh than others: who did it to whom is the hardest to learn."""


@dataclass(frozen=True)
class Readouts:
    """What reads a lesson's answers off the hidden states; thrown away after pretraining.

    `feature` and `sign` (HIDDEN,) give each unit of the pooler one feature of the pair to tell, as 1 or -1.
    """

    meaning: nn.Linear
    match: nn.Linear
    meaning_weights: Tensor
    feature: Tensor
    sign: Tensor

    def parameters(self) -> list[nn.Parameter]:
        """What is trained beside the model."""
        return [*self.meaning.parameters(), *self.match.parameters()]


def new_model(vocab_size: int) -> BertForPreTraining:
    """Draw the weights. The middle layer starts as a finder of equal things: its keys are its queries."""
    from transformers import BertForPreTraining

    model = BertForPreTraining(_config(vocab_size))
    finder = "bert.encoder.layer.1.attention.self"
    queries, keys = (model.get_parameter(f"{finder}.{name}.weight") for name in ("query", "key"))
    keys.data.copy_(queries.data)
    return model


def _config(vocab_size: int) -> BertConfig:
    from transformers import BertConfig

    return BertConfig(
        vocab_size=vocab_size,
        hidden_size=HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        intermediate_size=2 * HIDDEN,
        max_position_embeddings=MAX_LENGTH,
        hidden_dropout_prob=DROPOUT,
        attention_probs_dropout_prob=DROPOUT,
        initializer_range=HIDDEN**-0.5,
    )


def new_readouts(meanings: Iterable[str]) -> Readouts:
    """Draw the readouts' weights and signs."""
    import torch
    from torch import nn

    # Two units for a kind to one for a topic: the label is read off the kinds.
    jobs = islice(cycle((*KINDS, *FEATURES)), HIDDEN)
    weights = [ROLE_WEIGHT if meaning.startswith(("agent:", "other:")) else 1.0 for meaning in meanings]
    return Readouts(
        meaning=nn.Linear(HIDDEN, len(weights)),
        match=nn.Linear(HIDDEN, 2),
        meaning_weights=torch.tensor(weights),
        feature=torch.tensor([FEATURES.index(job) for job in jobs]),
        sign=torch.randint(0, 2, (HIDDEN,)) * 2.0 - 1,
    )


def losses(model: BertForPreTraining, readouts: Readouts, batch: Batch) -> dict[str, Tensor]:
    """The weighted losses: one lesson for each layer, one for the pooler, and masked words as in BERT."""
    masked = _masked_words(batch)
    input_ids = batch.input_ids.masked_fill(masked, SPECIAL_TOKENS.index("[MASK]"))
    output = model.bert(input_ids, batch.attention_mask, batch.token_type_ids, output_hidden_states=True)
    _, first, second, last = output.hidden_states
    whole = slice(0, COMPARED_ROWS)
    pooled = model.get_submodule("bert.pooler.dense")(last[whole, 0])
    return {
        "meaning": _meaning_loss(readouts, first[whole], batch.meanings[whole]),
        "match": _match_loss(readouts, second[whole], batch.meanings[whole], batch.matches[whole]),
        "feature": 5 * _feature_loss(readouts, pooled, batch.features[whole]),
        "word": 0.3 * _word_loss(model, last[masked], batch.input_ids[masked]),
    }


def _masked_words(batch: Batch) -> Tensor:
    """Draw 15% of the words of the last rows, as a boolean (rows, length)."""
    import torch

    masked = (torch.rand(batch.input_ids.shape) < 0.15) & (batch.input_ids >= len(SPECIAL_TOKENS))
    masked[:COMPARED_ROWS] = False
    return masked


def _meaning_loss(readouts: Readouts, states: Tensor, meanings: Tensor) -> Tensor:
    """What does each word mean, and in which role?"""
    from torch.nn.functional import cross_entropy

    logits = readouts.meaning(states).transpose(1, 2)
    return cross_entropy(logits, meanings, readouts.meaning_weights, ignore_index=IGNORED)


def _match_loss(readouts: Readouts, states: Tensor, meanings: Tensor, matches: Tensor) -> Tensor:
    """Does the other sentence hold the same meaning, in the same role?"""
    from torch.nn.functional import cross_entropy

    weights = readouts.meaning_weights[meanings.clamp(min=0)] * (matches != IGNORED)
    logits = readouts.match(states).transpose(1, 2)
    each = cross_entropy(logits, matches, reduction="none", ignore_index=IGNORED)
    return (each * weights).sum() / weights.sum()


def _feature_loss(readouts: Readouts, pooled: Tensor, features: Tensor) -> Tensor:
    """Does the pair have this unit's feature? `pooled` is before tanh, and tanh(x) = 2 sigmoid(2x) - 1."""
    from torch.nn.functional import binary_cross_entropy_with_logits

    softened = 0.1 + 0.8 * features[:, readouts.feature]
    return binary_cross_entropy_with_logits(2 * pooled * readouts.sign, softened)


def _word_loss(model: BertForPreTraining, states: Tensor, words: Tensor) -> Tensor:
    """Which word was here?"""
    from torch.nn.functional import cross_entropy

    return cross_entropy(model.cls.predictions(states), words)


def teach(model: BertForPreTraining, lessons: Lessons, steps: int) -> None:
    """Train the body and the masked-word head.

    Comparing is learnt without dropout and from pairs that differ in many ways. From half-time on there is
    dropout, and every other batch has pairs that differ in one way at most, as most of the data do.
    """
    import torch

    readouts = new_readouts(lessons.codes.meanings)
    weights = [*model.parameters(), *readouts.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=LEARNING_RATE, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, LEARNING_RATE, total_steps=steps, pct_start=0.1)
    started = time.perf_counter()
    for step in range(steps):
        late = step >= steps // 2
        _set_dropout(model, DROPOUT if late else 0.0)
        choose = few_differences if late and step % 2 else many_differences
        parts = losses(model, readouts, lessons.batch(choose, COMPARED_ROWS + MASKED_ROWS))
        optimizer.zero_grad()
        torch.autograd.backward(list(parts.values()))
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        schedule.step()
        if (step + 1) % 100 == 0:
            _print_progress(step + 1, time.perf_counter() - started, parts)


def _set_dropout(model: nn.Module, probability: float) -> None:
    from torch import nn

    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = probability


def _print_progress(step: int, seconds: float, parts: dict[str, Tensor]) -> None:
    figures = ", ".join(f"{name} {loss.item():.3f}" for name, loss in parts.items())
    print(f"step {step}, {seconds:.0f} s: {figures}", flush=True)


def teach_next_sentence(model: BertForPreTraining, lessons: Lessons, steps: int = 100) -> None:
    """Train BERT's other head alone: is the second sentence about the first one's story (0) or not (1)?"""
    import torch

    head = model.cls.seq_relationship
    optimizer = torch.optim.AdamW(head.parameters(), lr=1e-2)
    truth = torch.tensor([0] * 16 + [1] * 16)
    model.train(False)
    for _ in range(steps):
        batches = [lessons.batch(choose, 16) for choose in (few_differences, unrelated)]
        pooled = torch.cat([_pooled(model, batch) for batch in batches])
        optimizer.zero_grad()
        torch.autograd.backward(torch.nn.functional.cross_entropy(head(pooled), truth))
        optimizer.step()


def _pooled(model: BertForPreTraining, batch: Batch) -> Tensor:
    import torch

    with torch.no_grad():
        output = model.bert(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    pooled: Tensor = output.pooler_output
    return pooled


def pretrain(out: Path, seed: int = 0, steps: int = STEPS) -> None:
    """Make the checkpoint and write it, with its tokenizer, to the folder `out`."""
    import torch

    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(seed)
    lessons = new_lessons(seed)
    model = new_model(len(lessons.codes.pieces))
    teach(model, lessons, steps)
    teach_next_sentence(model, lessons)
    model.config.initializer_range = 0.02  # BERT's own, which draws the classification head later
    model.save_pretrained(out)
    bert_tokenizer(list(lessons.codes.pieces)).save_pretrained(out)


def main() -> None:
    """Read the command line and pretrain."""
    parser = argparse.ArgumentParser(description="Make the tiny pretrained BERT.")
    parser.add_argument("out", type=Path, metavar="OUT", help="the folder to write")
    parser.add_argument("--seed", type=int, default=0, help="of the lessons and of the first weights")
    options = parser.parse_args()
    pretrain(options.out, options.seed)


if __name__ == "__main__":
    main()
