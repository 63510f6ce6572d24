"""A run's script, line by line: its training and its test; only what it needs."""

from collections.abc import Iterator

from mnist_demo.export.sections import (
    dropouts,
    in_bfloat16,
    last_epoch,
    learning_rates,
    on_cpu,
    seeds_steps,
)
from mnist_demo.training.trainer import Training


def write_training(trainer: Training) -> Iterator[str]:
    """Trains `model`; `losses` are those of the last epoch."""
    _, steps = last_epoch(trainer)
    yield "# 3. The training. Each epoch goes through the images once, in an order of its own."
    yield from _count_steps(trainer)
    yield "for epoch in range(1, EPOCHS + 1):"
    yield "    order = np.random.default_rng((SEED, epoch)).permutation(len(images))"
    yield "    batches = torch.from_numpy(order).split(BATCH_SIZE)"
    if _leaves_some(trainer):
        yield "    batches = batches[:steps_per_epoch]  # the rest is not enough for a batch"
    if steps < trainer.steps_per_epoch:
        yield "    if epoch == EPOCHS:"
        yield f"        batches = batches[:{steps:_}]  # here the run ended"
    yield "    losses = []"
    numbered = seeds_steps(trainer) or trainer.diverged
    yield f"    for {'step, batch in enumerate(batches)' if numbered else 'batch in batches'}:"
    yield from (f"        {line}" for line in _write_step(trainer))
    yield '    print(f"epoch {epoch}: loss {sum(losses) / len(losses):.6f}")'


def _leaves_some(trainer: Training) -> bool:
    """Whether images are left over in an epoch."""
    return trainer.steps_per_epoch * trainer.recipe.batch_size < trainer.images_per_epoch


def _scheduled(trainer: Training) -> bool:
    return trainer.recipe.schedule == "one_cycle"


def _count_steps(trainer: Training) -> Iterator[str]:
    """What the loop has to count with."""
    recipe, changed = trainer.recipe, len(learning_rates(trainer)) > 1
    if _leaves_some(trainer) or (_scheduled(trainer) and recipe.drop_last):
        yield "steps_per_epoch = len(images) // BATCH_SIZE"
    elif _scheduled(trainer):
        yield "steps_per_epoch = math.ceil(len(images) / BATCH_SIZE)"
    if _scheduled(trainer):
        whole = trainer.steps_done == recipe.epochs * trainer.steps_per_epoch
        epochs = "EPOCHS" if whole else f"{recipe.epochs:_}"
        yield f"cycle = {epochs} * steps_per_epoch  # in which the learning rate rises and falls"
    if changed:
        yield "rate = LEARNING_RATES[0]"
    if changed or _scheduled(trainer):
        yield "done = 0  # steps in all epochs"


def _write_step(trainer: Training) -> Iterator[str]:
    recipe = trainer.recipe
    yield "inputs = to_input(images[batch])"
    if recipe.augmentation != "none":
        yield "randomness = torch.Generator().manual_seed(step_seed(epoch, step))"
        yield f"inputs = {recipe.augmentation}(inputs, randomness)"
    yield from (f"model.{name}.seed = step_seed(epoch, step)" for name in dropouts(trainer))
    yield "# Ten numbers for each image, one for each digit; the highest is the answer."
    if in_bfloat16(trainer):
        yield f"with {_autocast(trainer)}:  # half of the bits: faster, and enough"
        yield "    logits = model(inputs)"
        yield "logits = logits.float()"
    else:
        yield "logits = model(inputs)"
    yield "# The loss is small where the right digits have the highest numbers by far."
    yield f"loss = {_loss(trainer)}"
    yield "losses.append(loss.item())"
    if trainer.diverged:
        yield "if epoch == EPOCHS and step == len(batches) - 1:"
        yield "    break  # the next loss was not finite: the run went back to these weights"
    yield from _set_rate(trainer)
    yield "optimizer.zero_grad()  # else the slopes of the last step would be added"
    yield "loss.backward()  # the slopes: how much each weight changes the loss"
    yield "optimizer.step()"


def _autocast(trainer: Training) -> str:
    device = '"cpu"' if on_cpu(trainer) else "DEVICE"
    return f"torch.autocast({device}, torch.bfloat16)"


def _loss(trainer: Training) -> str:
    if trainer.recipe.non_digits:
        return "mean_loss(logits, labels[batch])"
    more = f", {share}" if (share := smoothing(trainer)) else ""
    return f"F.cross_entropy(logits, labels[batch]{more})"


def smoothing(trainer: Training) -> str:
    """The argument of cross_entropy for it; empty where there is none."""
    share = float(trainer.recipe.label_smoothing)
    return f"label_smoothing={share!r}" if share else ""


def _set_rate(trainer: Training) -> Iterator[str]:
    changed = len(learning_rates(trainer)) > 1
    if not changed and not _scheduled(trainer):
        return
    if changed:
        yield "rate = LEARNING_RATES.get(done, rate)"
    again = trainer.steps_done > trainer.recipe.epochs * trainer.steps_per_epoch
    at = "done % cycle" if again else "done"
    factor = f" * one_cycle({at}, cycle)" if _scheduled(trainer) else ""
    yield f'optimizer.param_groups[0]["lr"] = {"rate" if changed else "LEARNING_RATE"}{factor}'
    yield "done += 1"


def write_test(trainer: Training) -> Iterator[str]:
    """Prints the test accuracy, as `evaluate` reckons it."""
    yield "# 4. The test, on images that were not trained on."
    yield f"model.eval(){'' if on_cpu(trainer) else '.cpu()'}"
    yield "with torch.inference_mode():"
    yield "    logits = [model(to_input(part)) for part in test_images.split(250)]"
    yield "answers = torch.cat(logits).argmax(dim=1)"
    yield "accuracy = (answers == test_labels).sum().item() / len(test_labels)"
    yield 'print(f"test accuracy {accuracy:.2%}; the run that this repeats: {REACHED:.2%}")'
