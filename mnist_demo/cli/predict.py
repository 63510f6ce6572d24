"""`mnist-demo predict`: read the digit in each picture."""

import argparse
import warnings
from typing import Any

from PIL import Image, UnidentifiedImageError

from mnist_demo.digits.pictures import picture_to_digit
from mnist_demo.models.checkpoints import load_checkpoint
from mnist_demo.models.inference import predict_probabilities


def add_predict(commands: Any) -> None:
    parser = commands.add_parser("predict", help="read the digit in each picture")
    parser.set_defaults(command=_predict)
    parser.add_argument("pictures", nargs="+", metavar="PICTURE", help="a PNG or JPEG file")
    parser.add_argument("--model", default="robust_cnn", help="a checkpoint's name or file")


def _predict(options: argparse.Namespace) -> int:
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the lower limit
    model = load_checkpoint(options.model).model
    for name in options.pictures:
        try:
            with Image.open(name) as picture:
                digit = picture_to_digit(picture)
        except (UnidentifiedImageError, Image.DecompressionBombError):
            raise ValueError(f"{name} is not a picture that can be read") from None
        except FileNotFoundError:
            raise ValueError(f"there is no file {name}") from None
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        probabilities = predict_probabilities(model, digit)[0]
        answer = int(probabilities.argmax())
        print(f"{answer}  {probabilities[answer]:6.1%}  {name}")
    return 0
