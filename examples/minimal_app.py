"""The whole idea in one file: a pad, a network, and its answer while you draw.

    python -m examples.minimal_app

The page of this project is no more than that, many times over. Gradio makes the pad and the bars;
mnist_demo goes the way between them: ink -> an image as MNIST's are -> ten probabilities.
"""

from typing import Any

import gradio as gr

from mnist_demo import load_checkpoint, picture_to_digit, predict_probabilities

# 1. The model: 32,000 weights that ship with the package. load_checkpoint("my.safetensors") loads
#    one of your own, as `mnist-demo train` or examples/train.py saves it.
MODEL = load_checkpoint("fast_cnn").model


def read(sketch: dict[str, Any] | None) -> dict[str, float] | None:
    """The probability of each digit; None while there is nothing to read.

    sketch: what the pad holds. Its "composite" is all that was drawn, as a picture.
    """
    if sketch is None:
        return None
    try:
        # 2. People draw anywhere, in any size. MNIST's digits are scaled to 20x20 and stand in
        #    28x28 by their centre of mass. The network has seen nothing else, so we do the same.
        digit = picture_to_digit(sketch["composite"])  # float32 (28, 28) in [0, 1], ink = 1
    except ValueError:  # the pad is blank
        return None
    # 3. The answer: the network's logits, by a softmax, as ten numbers that are 1 together.
    probabilities = predict_probabilities(MODEL, digit)[0]  # float32 (10,)
    return {str(label): float(share) for label, share in enumerate(probabilities)}


# 4. The page: the pad on the left, ten bars on the right.
with gr.Blocks(title="MNIST in one file") as demo:
    gr.Markdown("# Choose the pen and draw a digit")
    with gr.Row():
        pad = gr.Sketchpad(
            label="Pad",
            type="pil",
            brush=gr.Brush(default_size=40, colors=["#000000"], color_mode="fixed"),
            layers=False,
        )
        answer = gr.Label(label="Answer", num_top_classes=10)
    # A slow answer never piles up: of all changes in the meantime, the last alone is read.
    pad.change(read, pad, answer, trigger_mode="always_last", show_progress="hidden")

if __name__ == "__main__":
    demo.launch()
