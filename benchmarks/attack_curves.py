"""How many test digits the shipped models read right, by the strength of a change (FGSM) that is
made to fool one of them. Written to checkpoints/precomputed/ for the Gallery, too.

    python -m benchmarks.attack_curves

Needed where a shipped model or its network's code has changed; a test tells where it is.
"""

import numpy as np
from tqdm import tqdm

from benchmarks.report import load_mnist, print_table, write_report
from mnist_demo import Dataset, load_checkpoint, shipped_checkpoints
from mnist_demo.data.bundled_digits import bundled_digits
from mnist_demo.models.adversarial import count_right
from mnist_demo.models.attack_curves import DIGITS, STRENGTHS, AttackCurves, save_attack_curves
from mnist_demo.models.precomputed import precomputed_path


def compute_attack_curves(dataset: Dataset) -> AttackCurves:
    """Of each two shipped models, and written."""
    models = {name: load_checkpoint(name).model for name in shipped_checkpoints()}
    digits = dataset.test_images[:DIGITS].numpy() / np.float32(255)
    labels = dataset.test_labels[:DIGITS].numpy()
    curves: AttackCurves = {}
    for attacked, model in tqdm(models.items(), desc=dataset.name):
        right = count_right(model, [*models.values()], digits, labels, STRENGTHS)
        shares = (right / len(labels)).astype(np.float32)
        curves |= {(attacked, reader): one for reader, one in zip(models, shares, strict=True)}
    save_attack_curves(precomputed_path("attack_curves", dataset), curves, models, dataset)
    return curves


def main() -> None:
    compute_attack_curves(bundled_digits())
    curves = compute_attack_curves(load_mnist())
    rows = [
        {"attacked": attacked, "reader": reader, "n": DIGITS, "accuracies": curve.tolist()}
        for (attacked, reader), curve in curves.items()
    ]
    print_table(
        ["made to fool", "read by", *(f"{strength:g}" for strength in STRENGTHS)],
        [
            [row["attacked"], row["reader"], *(f"{share:.1%}" for share in row["accuracies"])]
            for row in rows
        ],
    )
    print(f"written to {write_report('attack_curves', rows)}")


if __name__ == "__main__":
    main()
