"""What the checks of 06 look at on the student's side: gradients, graphs, and Trainers, which never leave this file."""

import contextlib
import copy
import inspect
import math
import weakref
from dataclasses import dataclass

import torch
import transformers
from torch.utils.data import SequentialSampler
from transformers.modeling_outputs import SequenceClassifierOutput

COLUMNS = ("input_ids", "attention_mask", "token_type_ids", "labels")
NO_HOOKS = "saved tensor hooks"


def accumulate(student, model, batch, micro_batch_size, before=None):
    """What accumulate_gradients returned, and how it left the model and the batch.

    `before` is what the gradients hold at the start, as one vector; None: they are None.
    """
    if before is not None:
        set_gradient(model, before)
    modes = {name: module.training for name, module in model.named_modules()}
    weights = {name: weight.detach().clone() for name, weight in model.named_parameters()}
    tensors = {key: tensor.clone() for key, tensor in batch.items()}
    loss = student.accumulate_gradients(model, batch, micro_batch_size)
    parameters = dict(model.named_parameters())
    return {
        "loss": loss,
        "gradient": gradient_of(model),
        "frozen": [name for name, weight in parameters.items() if not weight.requires_grad],
        "without_gradient": [name for name, weight in parameters.items() if weight.grad is None],
        "changed_modes": [name for name, module in model.named_modules() if module.training != modes.get(name)],
        "changed_weights": [name for name, weight in weights.items() if not same(parameters.get(name), weight)],
        "changed_tensors": [key for key in {**tensors, **batch} if not same(batch.get(key), tensors.get(key))],
    }


def graph_sizes(student, model, batch, micro_batch_size):
    """How many elements the graphs held at their most: in the student's function, and for one micro-batch.

    The first is None where the function used torch.func, which refuses to be looked at.
    """
    one = {key: tensor[:micro_batch_size] for key, tensor in batch.items()}
    alone = most_saved(lambda: model(**one).loss.backward())
    model.zero_grad()
    try:
        most = most_saved(lambda: student.accumulate_gradients(model, batch, micro_batch_size))
    except RuntimeError as error:
        if NO_HOOKS not in str(error):
            raise
        most = None
    return most, alone


def most_saved(run):
    """The most elements that were kept for backward passes at any time in `run()`, weights not counted."""
    weights, now, most = {}, 0, 0

    def remember(module, _inputs):  # of any model that is called: it may be a copy, or in another precision
        weights.update((weight.untyped_storage().data_ptr(), weight.detach()) for weight in module.parameters(False))

    class Saved:
        def __init__(self, tensor):
            self.tensor = tensor.detach()  # with its graph it would keep itself alive

    def release(elements):
        nonlocal now
        now -= elements

    def pack(tensor):
        nonlocal now, most
        saved = Saved(tensor)
        if tensor.untyped_storage().data_ptr() not in weights:
            now += tensor.numel()
            most = max(most, now)
            weakref.finalize(saved, release, tensor.numel())
        return saved

    hook = torch.nn.modules.module.register_module_forward_pre_hook(remember)
    try:
        with torch.autograd.graph.saved_tensors_hooks(pack, lambda saved: saved.tensor):
            run()
    finally:
        hook.remove()
    return most


def trainer_gradients(student, model, batch, batch_size, accumulation_steps):
    """The gradient that the optimiser gets at each step of one epoch over the rows of `batch`, in their order."""
    mean_loss = function_of(student)
    rows = [{key: batch[key][i] for key in COLUMNS} for i in range(len(batch["labels"]))]
    args = training_args(student, batch_size, accumulation_steps)
    gradients = []
    train(model, args, rows, mean_loss, look=lambda model: gradients.append(gradient_of(model)))
    return gradients


def loss_of_logits(student, logits, labels, num_items_in_batch):
    """What mean_loss returned for these logits, called as the Trainer does, and whether it has a graph."""
    outputs = SequenceClassifierOutput(logits=logits.requires_grad_() * 1)
    mean_loss = function_of(student)
    try:
        inspect.signature(mean_loss).bind(outputs, labels, num_items_in_batch=num_items_in_batch)
    except TypeError:  # another name is the slip of the checks with a Trainer
        loss = student.mean_loss(outputs, labels, num_items_in_batch)
    else:
        loss = mean_loss(outputs, labels, num_items_in_batch=num_items_in_batch)
    return loss, isinstance(loss, torch.Tensor) and loss.requires_grad


# -- full runs --------------------------------------------------------------------------------------------------------


def real_trainers(student, checkpoint, raw_datasets, rows, splits, seed, use_cpu):
    """Trainers on the first rows of the real data: what their optimisers get, against each row's gradient in float64.

    Returns:
        a dict: `steps`, for each split (rows of a micro-batch, accumulation steps) and step its error and factor, as
        `Truth.compare` has them; `by_itself`, the factor of a step of a Trainer without a loss function, by the last
        split; `layers` and `widest`, what sums the model makes.
    """
    mean_loss = function_of(student)
    model, tokenizer, dataset = real_model_and_rows(checkpoint, raw_datasets, rows, seed)
    per_step = splits[0][0] * splits[0][1]
    device = training_args(student, *splits[0], use_cpu).device
    truths = [full_batch(model, dataset[start : start + per_step], device) for start in range(0, rows, per_step)]

    def compared(split, compute_loss_func, dataset=dataset):
        """Error and factor of each step."""
        steps = []
        args = training_args(student, *split, use_cpu)
        with exact_products():
            train(
                copy.deepcopy(model),
                args,
                dataset,
                compute_loss_func,
                look=lambda trained: steps.append(truths[len(steps)].compare(trained)),
                tokenizer=tokenizer,
            )
        return steps

    return {
        "steps": [compared(split, mean_loss) for split in splits],
        "by_itself": compared(splits[-1], None, dataset[:per_step])[0][1],
        **sums_of(model),
    }


def real_accumulation(student, checkpoint, raw_datasets, rows, micro_batch_size, seed, use_cpu):
    """accumulate_gradients on the first rows of the real data, padded to one batch, where the full run trains.

    Returns:
        a dict: `error` and `factor` of the gradient, `loss` and `wanted_loss`, `layers` and `widest`.
    """
    model, tokenizer, dataset = real_model_and_rows(checkpoint, raw_datasets, rows, seed)
    device = training_args(student, micro_batch_size, 1, use_cpu).device
    truth = full_batch(model, dataset, device)
    batch = transformers.DataCollatorWithPadding(tokenizer)(dataset)
    model.to(device).train()
    with exact_products():
        loss = student.accumulate_gradients(
            model, {key: tensor.to(device) for key, tensor in batch.items()}, micro_batch_size
        )
    error, factor = truth.compare(model)
    return {"error": error, "factor": factor, "loss": loss, "wanted_loss": truth.loss, **sums_of(model)}


def real_model_and_rows(checkpoint, raw_datasets, rows, seed):
    """The checkpoint without dropout and in float32, however it is stored; its tokenizer; and tokenized rows."""
    config = transformers.AutoConfig.from_pretrained(checkpoint, num_labels=2)
    for name, value in config.to_dict().items():
        if "dropout" in name and isinstance(value, float):
            setattr(config, name, 0.0)
    transformers.set_seed(seed)
    # Eager attention is made of products of matrices, as the tolerance has it, on every device.
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        checkpoint, config=config, attn_implementation="eager"
    ).float()
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    first = raw_datasets["train"].select(range(rows))
    tokenized = [dict(tokenizer(row["sentence1"], row["sentence2"], truncation=True)) for row in first]
    return model, tokenizer, [{**row, "labels": label} for row, label in zip(tokenized, first["label"], strict=True)]


@dataclass(frozen=True)
class Truth:
    """Of some rows in float64: the gradient of their mean loss, the mean length of their own, the loss.

    The length is that of a row that the model gets wholly wrong.
    """

    gradient: list[torch.Tensor]
    scale: float
    loss: float

    def compare(self, model):
        """How far a model's gradient is from this one, relative to `scale`; and which multiple of it it is."""
        nothing = torch.zeros((), device=self.gradient[0].device)
        came = [nothing if weight.grad is None else weight.grad.detach() for weight in model.parameters()]
        pairs = [(part.double(), true) for part, true in zip(came, self.gradient, strict=True)]
        along = sum(float((part * true).sum()) for part, true in pairs)
        return length(part - true for part, true in pairs) / self.scale, along / length(self.gradient) ** 2


def full_batch(model, dataset, device):
    """The truth on these rows: each goes through the model alone, without padding."""
    model = copy.deepcopy(model).double().to(device).eval()
    total = [torch.zeros_like(weight) for weight in model.parameters()]
    lengths, losses = [], []
    for row in dataset:
        loss = model(**{key: torch.tensor([value], device=device) for key, value in row.items()}).loss
        parts = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True, materialize_grads=True)
        total = [one.add_(other) for one, other in zip(total, parts, strict=True)]
        losses.append(loss.item())
        # A gradient is made of p - 1, p the probability of the row's class, which float32 knows to some 1e-7 and not to
        # that part of itself: of a row that is nearly certain, little is left to be right.
        lengths.append(length(parts) / max(-math.expm1(-losses[-1]), 1e-12))
    rows = len(dataset)
    return Truth([part / rows for part in total], sum(lengths) / rows, sum(losses) / rows)


def length(parts):
    """The Euclidean norm of all of them."""
    return sum(float((part**2).sum()) for part in parts) ** 0.5


def sums_of(model):
    """How many layers a model has, and how many products its widest sums add up."""
    linear = [module for module in model.modules() if isinstance(module, torch.nn.Linear)]
    widest = max(max(module.in_features, module.out_features) for module in linear)
    return {"layers": model.config.num_hidden_layers, "widest": widest}


@contextlib.contextmanager
def exact_products():
    """float32 products of matrices in float32: TF32, which a GPU may use in its place, has 10 bits and not 23.

    It is off by default, and some containers switch it on.
    """
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("highest")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


# -- what they share --------------------------------------------------------------------------------------------------


def training_args(student, batch_size, accumulation_steps, use_cpu=True):
    """Arguments of one epoch in which the weights stay, so that each step's gradient can be told beforehand."""
    args = transformers.TrainingArguments(
        output_dir=str(student.scratch / "output"),
        per_device_train_batch_size=batch_size,
        gradient_accumulation_steps=accumulation_steps,
        num_train_epochs=1,
        learning_rate=0.0,
        optim="sgd",
        max_grad_norm=0.0,
        use_cpu=use_cpu,
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    if args.n_gpu > 1:
        args._n_gpu = 1  # on several, each would get a batch of this size
    return args


def train(model, args, rows, compute_loss_func, look, tokenizer=None):
    """Train on these rows in their order; `look(model)` sees the gradients that the optimiser gets at each step."""

    class Sequential(transformers.Trainer):
        def _get_train_sampler(self, *_args, **_words):
            return SequentialSampler(self.train_dataset)

    class Look(transformers.TrainerCallback):
        def on_pre_optimizer_step(self, _args, _state, _control, *, model, **_words):
            look(model)

    trainer = Sequential(
        model=model,
        args=args,
        train_dataset=rows,
        processing_class=tokenizer,
        callbacks=[Look()],
        compute_loss_func=compute_loss_func,
    )
    trainer.remove_callback(transformers.PrinterCallback)
    trainer.train()


def function_of(student):
    """The student's mean_loss itself, which takes arguments by their names; a missing one is said to be missing."""
    return student.mean_loss and student.module.mean_loss


def set_gradient(model, vector):
    """Let the parameters' gradients be the parts of a vector."""
    start = 0
    for weight in model.parameters():
        weight.grad = vector[start : start + weight.numel()].reshape(weight.shape).clone()
        start += weight.numel()


def gradient_of(model):
    """All gradients as one vector; zeros where there is none."""
    parts = [torch.zeros_like(weight) if weight.grad is None else weight.grad for weight in model.parameters()]
    return torch.cat([part.detach().flatten() for part in parts])


def same(now, was):
    """Whether two tensors are equal, type and shape included."""
    if not isinstance(now, torch.Tensor) or not isinstance(was, torch.Tensor):
        return False
    return now.dtype == was.dtype and torch.equal(now, was)
