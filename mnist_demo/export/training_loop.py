"""A run's script, line by line: its training and its test; only what it needs."""

from collections.abc import Iterator

from mnist_demo.export.facts import Facts


def write_training(facts: Facts) -> Iterator[str]:
    """Trains `model`; `losses` are those of the last epoch."""
    trainer, steps = facts.trainer, facts.last_steps
    yield "# 3. The training. Each epoch goes through the images once, in an order of its own."
    yield from _count_steps(facts)
    yield "for epoch in range(1, EPOCHS + 1):"
    yield "    order = np.random.default_rng((SEED, epoch)).permutation(len(images))"
    yield "    batches = torch.from_numpy(order).split(BATCH_SIZE)"
    if facts.leaves_some:
        yield "    batches = batches[:steps_per_epoch]  # the rest is not enough for a batch"
    if steps < trainer.steps_per_epoch:
        yield "    if epoch == EPOCHS:"
        yield f"        batches = batches[:{steps:_}]  # here the run ended"
    yield "    losses = []"
    numbered = facts.seeds_steps or trainer.diverged
    yield f"    for {'step, batch in enumerate(batches)' if numbered else 'batch in batches'}:"
    yield from (f"        {line}" for line in _write_step(facts))
    yield '    print(f"epoch {epoch}: loss {sum(losses) / len(losses):.6f}")'


def _count_steps(facts: Facts) -> Iterator[str]:
    """What the loop has to count with."""
    trainer, recipe = facts.trainer, facts.recipe
    if facts.leaves_some or (facts.is_scheduled and recipe.drop_last):
        yield "steps_per_epoch = len(images) // BATCH_SIZE"
    elif facts.is_scheduled:
        yield "steps_per_epoch = math.ceil(len(images) / BATCH_SIZE)"
    if facts.is_scheduled:
        whole = facts.steps == recipe.epochs * trainer.steps_per_epoch
        epochs = "EPOCHS" if whole else f"{recipe.epochs:_}"
        yield f"cycle = {epochs} * steps_per_epoch  # in which the learning rate rises and falls"
    for name in ("learning_rate", "label_smoothing"):
        if name in facts.changed:
            yield f"{name} = {name.upper()}S[0]"
    if facts.counts_steps:
        yield "done = 0  # steps in all epochs"
    if recipe.ema_decay:
        yield "average = copy.deepcopy(model)  # of the weights that the steps lead to"


def _write_step(facts: Facts) -> Iterator[str]:
    trainer, recipe = facts.trainer, facts.recipe
    yield from _change_settings(facts)
    yield "inputs = to_input(images[batch])"
    if recipe.augmentation != "none":
        yield "randomness = torch.Generator().manual_seed(step_seed(epoch, step))"
        yield f"inputs = {recipe.augmentation}(inputs, randomness)"
    if trainer.draws:
        yield "torch.manual_seed(step_seed(epoch, step))  # for what is random in the network"
    yield "# Ten numbers for each image, one for each digit; the highest is the answer."
    if facts.in_bfloat16:
        yield f"with {_autocast(facts)}:  # half of the bits: faster, and enough"
        yield "    logits = model(inputs)"
        yield "logits = logits.float()"
    else:
        yield "logits = model(inputs)"
    yield "# The loss is small where the right digits have the highest numbers by far."
    yield f"loss = {_loss(facts)}"
    yield "losses.append(loss.item())"
    if trainer.diverged:
        yield "if epoch == EPOCHS and step == len(batches) - 1:"
        yield "    break  # a later loss was not finite: the run went back to these weights"
    yield from _set_rate(facts)
    yield "optimizer.zero_grad()  # else the slopes of the last step would be added"
    yield "loss.backward()  # the slopes: how much each weight changes the loss"
    yield "optimizer.step()"
    if recipe.ema_decay:
        yield "decay = min(EMA_DECAY, done / (9 + done))  # of the first steps it forgets faster"
        yield "for name, mean in average.state_dict().items():"
        yield "    if mean.is_floating_point():"
        yield "        mean.lerp_(model.state_dict()[name], 1 - decay)"


def _change_settings(facts: Facts) -> Iterator[str]:
    """What the run changed before this step."""
    for name in facts.changed:
        match name:
            case "weight_decay":
                yield "if done in WEIGHT_DECAYS:"
                yield '    optimizer.param_groups[0]["weight_decay"] = WEIGHT_DECAYS[done]'
            case "dropout":
                yield "if done in DROPOUTS:"
                yield "    for layer in model.modules():"
                yield "        if isinstance(layer, SeededDropout):"
                yield "            layer.share = DROPOUTS[done]"
            case _:
                yield f"{name} = {name.upper()}S.get(done, {name})"


def _autocast(facts: Facts) -> str:
    device = '"cpu"' if facts.on_cpu else "DEVICE"
    return f"torch.autocast({device}, torch.bfloat16)"


def _loss(facts: Facts) -> str:
    if facts.recipe.non_digits:
        more = ", label_smoothing" if "label_smoothing" in facts.changed else ""
        return f"mean_loss(logits, labels[batch]{more})"
    more = f", {share}" if (share := facts.smoothing) else ""
    return f"F.cross_entropy(logits, labels[batch]{more})"


def _set_rate(facts: Facts) -> Iterator[str]:
    trainer, changed = facts.trainer, "learning_rate" in facts.changed
    rate = "learning_rate" if changed else "LEARNING_RATE"
    again = trainer.steps_done > trainer.recipe.epochs * trainer.steps_per_epoch
    at = "done % cycle" if again else "done"
    factor = f" * one_cycle({at}, cycle)" if facts.is_scheduled else ""
    if changed or factor:
        yield f'optimizer.param_groups[0]["lr"] = {rate}{factor}'
    if facts.counts_steps:
        yield "done += 1"


def write_test(facts: Facts) -> Iterator[str]:
    """Prints the test accuracy, as `evaluate` computes it."""
    yield "# 4. The test, on images that were not trained on."
    if facts.recipe.ema_decay:
        yield "model = average"
    yield f"model.eval(){'' if facts.on_cpu else '.cpu()'}"
    yield "with torch.inference_mode():"
    yield "    logits = [model(to_input(part)) for part in test_images.split(250)]"
    yield "answers = torch.cat(logits).argmax(dim=1)"
    yield "accuracy = (answers == test_labels).sum().item() / len(test_labels)"
    yield 'print(f"test accuracy {accuracy:.2%}; the run that this repeats: {REACHED:.2%}")'
