"""`mnist-demo predict`: read the digit in each picture."""

import argparse
import io
import sys
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

from PIL import Image, UnidentifiedImageError

from mnist_demo.digits.picture_files import name_format
from mnist_demo.digits.pictures import Choose, picture_to_digit
from mnist_demo.files import one_line, reason
from mnist_demo.models.checkpoints import Checkpoint, Verdict, load_checkpoint
from mnist_demo.models.inference import confidence_of, predict_probabilities
from mnist_demo.models.numbers import read_number

Answer = tuple[str, float, str]  # what is read, its probability, and a doubt
_DOUBTS: dict[Verdict, str] = {  # the worst comes last
    "sure": "",
    "likely": "",
    "unsure": "  (not sure)",
    "non_digit": "  (this does not look like a digit)",
}
DEFAULT_MODEL = "robust_cnn"  # it chooses what is the digit, whichever model reads it: as the page


def add_predict(commands: Any) -> None:
    parser = commands.add_parser("predict", help="read the digit in each picture")
    parser.set_defaults(command=_predict)
    parser.add_argument(
        "pictures", nargs="+", metavar="PICTURE", help="a PNG or JPEG file; - is the standard input"
    )
    parser.add_argument("--model", default=DEFAULT_MODEL, help="a checkpoint's name or file")
    parser.add_argument("--number", action="store_true", help="read all digits of a number")


def _predict(options: argparse.Namespace) -> int:
    """Reads what it can; 2 where it could not read all."""
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # ours is the lower limit
    checkpoint = load_checkpoint(options.model)
    chooser = checkpoint if options.model == DEFAULT_MODEL else load_checkpoint(DEFAULT_MODEL)
    choose = confidence_of(chooser.model)
    read = partial(_read_number if options.number else _read_digit, checkpoint, choose)
    status = 0
    for name in options.pictures:
        try:
            answer, share, doubt = _read(name, read)
        except ValueError as error:
            print(f"{options.program}: {one_line(str(error))}", file=sys.stderr)
            status = 2
            continue
        print(f"{answer}  {share:6.1%}  {one_line(name)}{doubt}", flush=True)
    return status


def _read_digit(checkpoint: Checkpoint, choose: Choose, picture: Image.Image) -> Answer:
    probabilities = predict_probabilities(checkpoint.model, picture_to_digit(picture, choose))[0]
    answer = int(probabilities.argmax())
    return str(answer), float(probabilities[answer]), _DOUBTS[checkpoint.verdict(probabilities)]


def _read_number(checkpoint: Checkpoint, _: Choose, picture: Image.Image) -> Answer:
    reading = read_number(checkpoint.model, picture)
    verdicts = [checkpoint.verdict(each.probabilities) for each in reading.digits]
    return reading.text, reading.probability, _DOUBTS[max(verdicts, key=[*_DOUBTS].index)]


def _read(name: str, read: Callable[[Image.Image], Answer]) -> Answer:
    """What `read` makes of a file. Raises ValueError, with the name, where there is none."""
    try:
        with Image.open(io.BytesIO(sys.stdin.buffer.read()) if name == "-" else name) as picture:
            return read(picture)
    except UnidentifiedImageError:
        with nullcontext(io.BytesIO()) if name == "-" else open(name, "rb") as file:
            other = name_format(file.read(16))
        if other:
            told = f"{name} is {other}, which is not read; save it as JPEG or PNG first"
            raise ValueError(told) from None
        raise ValueError(f"{name} is not a picture that can be read") from None
    except Image.DecompressionBombError:
        raise ValueError(f"{name} is not a picture that can be read") from None
    except FileNotFoundError:
        raise ValueError(f"there is no file {name}") from None
    except OSError as error:
        raise ValueError(f"{name}: {reason(error)}") from None
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None
