"""All of it in torch; the results are tensors, one without a dimension and one with."""

import torch


@torch.no_grad()
def compute_metrics(eval_preds):
    logits = torch.from_numpy(eval_preds.predictions)
    labels = torch.tensor(eval_preds.label_ids, dtype=torch.bool)
    predicted = logits.log_softmax(dim=-1).max(dim=-1).indices.bool()
    accuracy = (predicted == labels).double().mean()
    hits = (predicted & labels).sum(0, keepdim=True)
    misses = (predicted ^ labels).sum(0, keepdim=True)
    f1 = torch.where(hits > 0, 2 * hits / (2 * hits + misses), 0.0)
    return {"accuracy": accuracy, "f1": f1}
