"""A DataLoader that shuffles, a loss scaled in place, and the graph still on the result."""

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader


class Rows(torch.utils.data.Dataset):
    def __init__(self, batch):
        self.batch = batch

    def __len__(self):
        return len(self.batch["labels"])

    def __getitem__(self, index):
        return {name: tensor[index] for name, tensor in self.batch.items()}


def accumulate_gradients(model, batch, micro_batch_size):
    rows = Rows(batch)
    result = 0
    for micro_batch in DataLoader(rows, batch_size=micro_batch_size, shuffle=True):
        loss = model(**micro_batch).loss
        loss *= len(micro_batch["labels"])
        loss /= len(rows)
        loss.backward()
        result = result + loss.detach()
    return result


def mean_loss(outputs, labels, num_items_in_batch=None):
    loss = F.cross_entropy(outputs[0], labels)
    if num_items_in_batch is not None:
        loss *= labels.size(0) / num_items_in_batch
    return loss
