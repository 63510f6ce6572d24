"""The command line: `mnist-demo train|evaluate|predict|serve`, or `python -m mnist_demo ...`."""

import argparse
import io
import sys

from mnist_demo import __version__
from mnist_demo.arguments import OneLineParser
from mnist_demo.cli.evaluate import add_evaluate
from mnist_demo.cli.predict import add_predict
from mnist_demo.cli.serve import add_serve
from mnist_demo.cli.train import add_train
from mnist_demo.files import one_line, reason


def main(arguments: list[str] | None = None, program: str = "python -m mnist_demo") -> int:
    """Run one command; 0 where it went well, 2 where a name or a value was wrong.

    program: what was called, for messages.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # of a code page that has not all letters of names
            stream.reconfigure(errors="backslashreplace")
    options = _parser(program).parse_args(arguments)
    try:
        return options.command(options)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{program}: {one_line(f'{where}{reason(error)}')}", file=sys.stderr)
        return 2
    except ValueError as error:
        print(f"{program}: {one_line(str(error))}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130  # as shells count: 128 and the number of SIGINT


def command() -> int:
    """What an installed `mnist-demo` calls."""
    return main(program="mnist-demo")


def _parser(program: str) -> argparse.ArgumentParser:
    parser = OneLineParser(prog=program, description="Train, evaluate and use networks.")
    parser.set_defaults(program=program)
    parser.add_argument("--version", action="version", version=f"mnist-demo {__version__}")
    commands = parser.add_subparsers(required=True, metavar="train|evaluate|predict|serve")
    for add in (add_train, add_evaluate, add_predict, add_serve):
        add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
