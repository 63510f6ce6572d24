"""Seconds until `python app.py` serves its page, against an empty page of torch and gradio.

    python -m benchmarks.startup [--rounds N]

Both are processes of their own, started in turn; the clock stops at the first answer to GET /.
"""

import argparse
import statistics
import sys
import time

from benchmarks.report import print_table, write_report
from benchmarks.server import APP, serve

EMPTY = """
import torch
import gradio as gr
with gr.Blocks() as demo:
    pass
demo.launch(ssr_mode=False)
"""
GOAL = 1.1


def seconds_to_page(command: list[str]) -> float:
    started = time.perf_counter()
    with serve(command):
        return time.perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    app, empty = [], []
    for _ in range(rounds + 1):
        empty.append(seconds_to_page([sys.executable, "-c", EMPTY]))
        app.append(seconds_to_page(APP))
    app, empty = app[1:], empty[1:]  # the first round reads the packages from the disk
    ratio = statistics.median(ours / theirs for ours, theirs in zip(app, empty, strict=True))
    rows = [
        {"page": "empty", "n": rounds, "seconds_median": statistics.median(empty)},
        {"page": "app.py", "n": rounds, "seconds_median": statistics.median(app)},
        {"ratio": ratio, "goal": GOAL},
    ]
    print_table(
        ["page", "seconds, median"],
        [[str(row["page"]), f"{row['seconds_median']:.2f}"] for row in rows[:2]],
    )
    print(f"ratio, median of pairs: {ratio:.3f} (goal: at most {GOAL})")
    print(f"written to {write_report('startup', rows)}")


if __name__ == "__main__":
    main()
