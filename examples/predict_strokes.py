"""Read a digit that a pen has drawn: no picture, only where the pen went.

    python -m examples.predict_strokes

Prints the digit as the networks see it, and what each of them answers.
"""

from mnist_demo import (
    load_checkpoint,
    predict_probabilities,
    shipped_checkpoints,
    strokes_to_digit,
)

# A stroke is a list of points (x, y), x to the right and y down, in any unit: those of your mouse
# events, say. A new stroke begins where the pen is put down again. This is a four.
strokes = [
    [(30, 10), (22, 30), (12, 52), (60, 52)],
    [(45, 25), (45, 90)],
]

# Drawn with a pen as wide as MNIST's, scaled to 20x20, centred by mass in 28x28.
digit = strokes_to_digit(strokes)  # float32 (28, 28) in [0, 1], ink = 1
for row in digit[::2]:  # every second row: letters are twice as high as they are wide
    print("".join(" .:*#"[round(4 * ink)] for ink in row))

# Ask every model that ships with the package.
for name in shipped_checkpoints():
    probabilities = predict_probabilities(load_checkpoint(name).model, digit)[0]  # float32 (10,)
    answer = probabilities.argmax()
    print(f"{name:<11} {answer}  {probabilities[answer]:6.1%}")
