"""Train the tutorials' recipes again, and set their published results against ours.

    python -m benchmarks.reproduce [RECIPE ...]

The tutorials tested on images left in 0..255, while training saw 0..1; both scales are shown here.
One run for each recipe, with the seed of its shipped checkpoint; the four take ten minutes or so on
two cores.
"""

import argparse
from typing import Any

import torch
from tqdm import tqdm

from benchmarks.report import load_mnist, print_table, write_report
from benchmarks.tutorials import TUTORIALS
from mnist_demo import (
    Dataset,
    EpochEvent,
    Recipe,
    StepEvent,
    Trainer,
    evaluate,
    get_recipe,
    load_checkpoint,
)


def reproduce(recipe: Recipe, dataset: Dataset) -> dict[str, Any]:
    """Train `recipe` to its full epochs and measure what its tutorial published."""
    trainer = Trainer(recipe, dataset, seed=recipe.seed)
    losses = []
    with tqdm(total=recipe.epochs * trainer.steps_per_epoch, desc=recipe.name) as bar:
        for event in trainer.run():
            if isinstance(event, StepEvent):
                bar.update()
            elif isinstance(event, EpochEvent):
                losses.append(event.train_loss)
    images, labels = dataset.test_images, dataset.test_labels
    return {
        "recipe": recipe.name,
        "seed": recipe.seed,
        "epochs": trainer.epochs_done,
        "seconds": round(trainer.seconds, 1),
        "published_accuracy": recipe.published_accuracy,
        "accuracy_0_to_255": evaluate(trainer.model, images.float(), labels).accuracy,
        "accuracy_0_to_1": evaluate(trainer.model, images, labels).accuracy,
        "published_cost": {str(epoch): costs for epoch, costs in recipe.published_cost},
        "train_loss_by_epoch": losses,
        "same_weights_as_shipped": _equals_shipped(trainer),
    }


def _equals_shipped(trainer: Trainer) -> bool:
    """True where training gave the shipped weights again, bit by bit."""
    shipped = load_checkpoint(trainer.recipe.name).model.state_dict()
    ours = trainer.model.cpu().state_dict()
    return all(torch.equal(shipped[name], tensor) for name, tensor in ours.items())


def _row(result: dict[str, Any]) -> list[str]:
    losses = result["train_loss_by_epoch"]
    costs = [
        f"epoch {epoch}: {' and '.join(f'{cost:g}' for cost in published)}, "
        f"ours {losses[int(epoch) - 1]:.4g}"
        for epoch, published in result["published_cost"].items()
    ]
    published = " and ".join(f"{share:.2%}" for share in result["published_accuracy"])
    return [
        f"`{result['recipe']}`",
        published or "none",
        f"{result['accuracy_0_to_255']:.2%}",
        f"{result['accuracy_0_to_1']:.2%}",
        "; ".join(costs) or "none",
        f"{result['seconds']:.0f}",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipes", nargs="*", default=TUTORIALS, metavar="RECIPE")
    names = parser.parse_args().recipes
    dataset = load_mnist()
    results = [reproduce(get_recipe(name), dataset) for name in names]
    head = ["recipe", "published", "ours, 0..255", "ours, 0..1", "published training loss", "s"]
    print_table(head, [_row(result) for result in results])
    for result in results:
        same = "the same weights as" if result["same_weights_as_shipped"] else "other weights than"
        print(f"{result['recipe']}: {same} the shipped checkpoint, to the last bit")
    print(f"written to {write_report('reproduce', results)}")


if __name__ == "__main__":
    main()
