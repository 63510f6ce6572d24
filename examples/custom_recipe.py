"""A network of your own, trained, saved and loaded by all that the package has for its own.

    python -m examples.custom_recipe

Any nn.Module will do that takes float32 (N, 1, 28, 28) in [0, 1] and returns logits, (N, 10).
"""

import torch
from torch import Tensor, nn

from mnist_demo import (
    EpochEvent,
    Recipe,
    Trainer,
    load_checkpoint,
    load_dataset,
    predict_probabilities,
    register_recipe,
    save_checkpoint,
)


class TinyTransformer(nn.Module):
    """A vision transformer of one block: sixteen patches of 7x7 pixels look at each other."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Conv2d(1, 64, kernel_size=7, stride=7)
        self.position = nn.Parameter(torch.randn(16, 64))
        self.block = nn.TransformerEncoderLayer(64, nhead=4, dim_feedforward=128, batch_first=True)
        self.output = nn.Linear(64, 10)

    def forward(self, images: Tensor) -> Tensor:
        patches = self.embed(images).flatten(2).transpose(1, 2)  # (N, 16, 64)
        seen = self.block(patches + self.position)
        return self.output(seen.mean(dim=1))  # logits (N, 10)


# A recipe names the network and says how it is trained. What is left out has a default.
recipe = Recipe(
    name="tiny_transformer",
    architecture=TinyTransformer,
    optimizer="adam",
    learning_rate=0.003,
    batch_size=64,
    epochs=3,
    source="examples/custom_recipe.py",
)
# Saved files name their recipe. Once it is registered they can be read, and the page offers it.
register_recipe(recipe)

dataset = load_dataset()
trainer = Trainer(recipe, dataset)
for event in trainer.run():
    if isinstance(event, EpochEvent):
        print(f"epoch {event.epoch}: test accuracy {event.test.accuracy:.2%} on {dataset.name}")

path = save_checkpoint(
    "models/tiny_transformer.safetensors",
    trainer.model,
    recipe=recipe,
    seed=trainer.seed,
    dataset=dataset.name,
    metrics={"epochs": trainer.epochs_done},
)

# Another program does the same to use it: define, register, load.
model = load_checkpoint(path).model
digits = dataset.test_images[:10].numpy() / 255
answers = predict_probabilities(model, digits).argmax(axis=1)
print(f"labels  {dataset.test_labels[:10].tolist()}")
print(f"answers {answers.tolist()}")
