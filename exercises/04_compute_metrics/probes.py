"""What the checks of 04 look at on the student's side."""


def inputs_after(student, eval_preds):
    """What compute_metrics returned, and the logits and labels as it left them."""
    result = student.compute_metrics(eval_preds)
    return result, eval_preds.predictions, eval_preds.label_ids


def evaluate_in_a_trainer(student, checkpoint, raw_datasets):
    """What Trainer.evaluate() reports of the student's metrics, and the predictions that they were made from."""
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(checkpoint, num_labels=2)
    pairs = raw_datasets["validation"].map(
        lambda batch: tokenizer(batch["sentence1"], batch["sentence2"], truncation=True), batched=True
    )
    trainer = transformers.Trainer(
        model=model,
        args=transformers.TrainingArguments(
            output_dir=str(student.scratch / "output"),
            per_device_eval_batch_size=32,
            report_to="none",
            disable_tqdm=True,
        ),
        processing_class=tokenizer,
        compute_metrics=lambda eval_preds: student.compute_metrics(eval_preds),
    )
    metrics = trainer.evaluate(pairs)
    predicted = trainer.predict(pairs)
    return dict(metrics), predicted.predictions, predicted.label_ids
