"""A training run.

misconception: the loss that train() gives tells how good the model is
caught_by: test_returned_accuracy_is_the_trained_models
diagnosis: of the training
"""

import numpy as np
import transformers
from sklearn.metrics import accuracy_score, f1_score


class Metrics:
    def __call__(self, p):
        predictions = np.argmax(p.predictions, axis=1)
        return {
            "accuracy": accuracy_score(p.label_ids, predictions),
            "f1": f1_score(p.label_ids, predictions, zero_division=0),
        }


def build_trainer(checkpoint, raw_datasets, training_args):
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    encoded = {
        split: raw_datasets[split].map(
            lambda rows: tokenizer(rows["sentence1"], rows["sentence2"], truncation=True), batched=True
        )
        for split in ("train", "validation")
    }
    return transformers.Trainer(
        model=transformers.AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2),
        args=training_args,
        train_dataset=encoded["train"],
        eval_dataset=encoded["validation"],
        processing_class=tokenizer,
        compute_metrics=Metrics(),
    )


def train_and_evaluate(trainer):
    loss = trainer.train().training_loss
    print("loss", loss)
    return {"loss": loss}
