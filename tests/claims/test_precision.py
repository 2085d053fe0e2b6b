"""Mixed precision: fp16 and bf16, on a CPU and on a GPU."""

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from transformers import BertConfig, BertForSequenceClassification, TrainingArguments

from claims.claim import claim
from claims.small import arguments, bert, same, trainer, weights

gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
no_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="is about a machine without a GPU")
HALF = [
    pytest.param({"bf16": True}, torch.bfloat16, id="bf16 on a CPU"),
    pytest.param({"fp16": True, "use_cpu": False}, torch.float16, id="fp16 on a GPU", marks=gpu),
]


class Run:
    """One epoch with these settings: the types in which it computed, and the weights before and after."""

    def __init__(self, folder: Path, args: TrainingArguments | None = None, **settings: Any) -> None:
        model = bert()
        self.computed: set[torch.dtype] = set()
        for module in model.modules():
            if isinstance(module, torch.nn.Linear):
                module.register_forward_hook(lambda _module, _given, output: self.computed.add(output.dtype))
        run = trainer(folder, model, args=args or arguments(folder, **{"num_train_epochs": 1, **settings}))
        run.train()
        self.weights = {name: value.cpu() for name, value in weights(model).items()}
        run.save_model(str(folder / "saved"))
        self.saved = load_file(folder / "saved" / "model.safetensors")


@claim(
    "On a CPU, `fp16=True` is accepted and does nothing: the weights come out the same, bit by bit.",
    said_in={"03_training_arguments": "**On a CPU `fp16=True` does nothing**"},
    differs="`fp16=True` makes a training faster and saves memory; that it takes a GPU is not said.",
    quiz=("3d",),
)
def test_fp16_does_nothing_on_a_cpu(tmp_path: Path) -> None:
    plain, half = Run(tmp_path / "plain"), Run(tmp_path / "half", fp16=True)
    assert half.computed == {torch.float32}
    assert same(plain.weights, half.weights)


@claim(
    "Mixed precision computes the large multiplications in floats of 16 bits; the weights, and what is saved, keep "
    "32 bits. (fp16 is proven where there is a GPU; on a CPU, bf16, which takes the same way through the library.)",
    said_in={"03_training_arguments": "and keeps the weights, and sums that need it, in 32"},
    quiz=("3a", "3b", "3c"),
)
@pytest.mark.parametrize(("settings", "dtype"), HALF)
def test_mixed_precision_keeps_the_weights(tmp_path: Path, settings: dict[str, Any], dtype: torch.dtype) -> None:
    run = Run(tmp_path, **settings)
    assert run.computed == {dtype}
    assert dtype.is_floating_point
    assert dtype.itemsize == 2
    assert {value.dtype for value in run.weights.values() if value.is_floating_point()} == {torch.float32}
    assert {value.dtype for value in run.saved.values()} == {torch.float32}


@claim("A step of the optimiser may be too small to change a float of 16 bits: 1 + 5e-5 is 1.", quiz=("3a",))
def test_a_step_may_be_too_small_for_16_bits() -> None:
    assert torch.tensor(1.0).half() + 5e-5 == 1
    assert torch.tensor(1.0) + 5e-5 != 1


@claim(
    "Without a GPU, `bf16=True` is a ValueError, unless `use_cpu=True` says that you mean it.",
    said_in={"03_training_arguments": "`bf16=True` on a CPU is an error, unless `use_cpu=True` says that you mean it"},
)
@no_gpu
def test_bf16_wants_use_cpu() -> None:
    with pytest.raises(ValueError, match="bf16"):
        TrainingArguments("out", bf16=True)
    assert TrainingArguments("out", bf16=True, use_cpu=True).bf16


@claim(
    "bf16 is coarser than fp16, and reaches as far as 32 bits do; fp16 overflows above 65,504.",
    said_in={"03_training_arguments": "is coarser, but it reaches as far as 32 bits do"},
)
def test_bf16_is_coarser_and_reaches_further() -> None:
    half, brain, single = (torch.finfo(dtype) for dtype in (torch.float16, torch.bfloat16, torch.float32))
    assert brain.eps > half.eps
    assert half.max == 65504
    assert brain.max > 0.99 * single.max


@claim(
    "Setting a precision on arguments that exist already comes too late.",
    said_in={"03_training_arguments": "Setting `args.fp16 = True` on an object that exists already comes too late"},
    holds="transformers>=5.0",
)
def test_setting_the_precision_later_is_too_late(tmp_path: Path) -> None:
    late = arguments(tmp_path, num_train_epochs=1)
    late.bf16 = True
    run = Run(tmp_path, late)
    assert run.computed == {torch.float32}


@claim(
    "BERT base with a head for two classes has 109,483,778 weights.",
    said_in={"03_training_arguments": "109,483,778 weights"},
)
def test_number_of_weights_of_bert_base() -> None:
    with torch.device("meta"):
        model = BertForSequenceClassification(BertConfig(num_labels=2))
    assert sum(weight.numel() for weight in model.parameters()) == 109_483_778


@claim(
    "Each weight takes 16 bytes in a training with AdamW: 4 for itself, 4 for its gradient, 8 for AdamW.",
    said_in={"03_training_arguments": "Each needs 4 bytes for itself, 4 for its gradient and 8 for what AdamW"},
)
def test_bytes_of_a_weight() -> None:
    weight = torch.nn.Parameter(torch.ones(1000))
    optimizer = torch.optim.AdamW([weight])
    weight.sum().backward()
    optimizer.step()
    [kept] = optimizer.state.values()
    parts = [weight, weight.grad, *(part for part in kept.values() if part.numel() == weight.numel())]
    assert sum(part.numel() * part.element_size() for part in parts) == 16 * 1000
