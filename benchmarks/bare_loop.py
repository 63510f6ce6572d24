"""What anybody would write in place of `Trainer`, with its layout, precision and optimizer."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from mnist_demo import Dataset, Recipe
from mnist_demo.data.augmentation import AUGMENTATIONS
from mnist_demo.training.devices import has_fast_bfloat16
from mnist_demo.training.evaluation import FLOAT32, to_input
from mnist_demo.training.optimization import make_optimizer, one_cycle


def run_bare(recipe: Recipe, dataset: Dataset, device: torch.device) -> Iterator[None]:
    """An epoch, step by step: no events, no way to stop, nothing kept to go back to."""
    images, labels = dataset.train_images.to(device), dataset.train_labels.to(device)
    model = recipe.build(seed=0).to(device)
    averaged = _average(recipe, model)
    optimizer = make_optimizer(recipe, model)
    fast = recipe.precision == "bfloat16" and has_fast_bfloat16(device)
    precision = torch.autocast(device.type, torch.bfloat16) if fast else FLOAT32
    batches = torch.randperm(len(images)).to(device).split(recipe.batch_size)
    for step, batch in enumerate(batches):
        digits = to_input(images[batch])
        if recipe.augmentation != "none":
            generator = torch.Generator().manual_seed(step)
            digits = AUGMENTATIONS[recipe.augmentation](digits, generator)
        with precision:
            logits = model(digits)
        loss = F.cross_entropy(
            logits.float(), labels[batch], label_smoothing=recipe.label_smoothing
        )
        if recipe.schedule == "one_cycle":
            rate = one_cycle(step, len(batches))
            optimizer.param_groups[0]["lr"] = recipe.learning_rate * rate
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()
        if averaged:
            averaged.update_parameters(model)
        yield


def _average(recipe: Recipe, model: torch.nn.Module) -> AveragedModel | None:
    if not recipe.ema_decay:
        return None
    multi_avg_fn = get_ema_multi_avg_fn(recipe.ema_decay)
    return AveragedModel(model, multi_avg_fn=multi_avg_fn, use_buffers=True)
