"""Train a network and watch it learn: a training is a generator, and its events are yours.

    python -m examples.train

Prints the loss and the test accuracy, and saves the model to models/.
"""

from dataclasses import replace

from mnist_demo import (
    RECIPES,
    DivergedEvent,
    EpochEvent,
    StepEvent,
    Trainer,
    load_dataset,
    save_checkpoint,
)

# A recipe is a frozen dataclass: a network and every hyper-parameter. `replace` makes it yours.
recipe = replace(RECIPES["fast_cnn"], epochs=2)

# MNIST, fetched at the first call. Without a network, digits that come along take its place.
dataset = load_dataset()
print(f"{dataset.name}: {len(dataset.train_images):,} images to train on. {dataset.notice}")

# The same recipe, data, seed and machine give the same losses, to the last digit.
trainer = Trainer(recipe, dataset, seed=0)

# Nothing is printed, plotted or saved unless you do it here. Leave the loop, and the training
# rests; call trainer.run() again, and it goes on from there.
for event in trainer.run():
    match event:
        case StepEvent() if event.step % 10 == 0:
            print(f"  step {event.step} of {event.steps_per_epoch}: loss {event.loss:.4f}")
        case EpochEvent():
            test = event.test  # its loss and its confusion matrix, too
            print(f"epoch {event.epoch}: test accuracy {test.accuracy:.2%}, {event.seconds:.1f} s")
        case DivergedEvent():
            print(f"The loss is {event.loss}: try a learning rate below {event.learning_rate:g}.")

# The model is a plain nn.Module: float32 (N, 1, 28, 28) in [0, 1] -> logits (N, 10).
# A checkpoint is one file with the weights and all that rebuilds the network around them.
path = save_checkpoint(
    "models/example.safetensors",
    trainer.model,
    recipe=recipe,
    seed=trainer.seed,
    dataset=dataset.name,
    metrics={"epochs": trainer.epochs_done},
)
print(f"Saved as {path}. Try: mnist-demo predict PICTURE --model {path}")
