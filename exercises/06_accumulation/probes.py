"""What the checks of 06 look at on the student's side: gradients, graphs, and Trainers, which never leave this file."""

import inspect
import weakref

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
    gradients = []

    class Sequential(transformers.Trainer):
        def _get_train_sampler(self, *_args, **_words):
            return SequentialSampler(self.train_dataset)

    class Look(transformers.TrainerCallback):
        def on_pre_optimizer_step(self, _args, _state, _control, *, model, **_words):
            gradients.append(gradient_of(model))

    args = transformers.TrainingArguments(
        output_dir=str(student.scratch / "output"),
        per_device_train_batch_size=batch_size,
        gradient_accumulation_steps=accumulation_steps,
        num_train_epochs=1,
        learning_rate=0.0,  # the weights stay, so that each step's gradient can be told beforehand
        optim="sgd",
        max_grad_norm=0.0,
        use_cpu=True,
        save_strategy="no",
        logging_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )
    trainer = Sequential(
        model=model,
        args=args,
        train_dataset=[{key: batch[key][i] for key in COLUMNS} for i in range(len(batch["labels"]))],
        callbacks=[Look()],
        compute_loss_func=mean_loss,
    )
    trainer.train()
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
