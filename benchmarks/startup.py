"""Seconds until `python app.py` serves its page, against an empty page of torch and gradio.

    python -m benchmarks.startup [--rounds N]

Both are processes of their own, started in turn; the clock stops at the first answer to GET /.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benchmarks.report import print_table, write_report

ROOT = Path(__file__).parents[1]
EMPTY = """
import torch
import gradio as gr
with gr.Blocks() as demo:
    pass
demo.launch(ssr_mode=False)
"""
GOAL = 1.1


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def seconds_to_page(command: list[str]) -> float:
    port = free_port()
    environment = os.environ | {
        "GRADIO_SERVER_PORT": str(port),
        "GRADIO_ANALYTICS_ENABLED": "False",
    }
    started = time.perf_counter()
    server = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as page:
                    page.read()
                return time.perf_counter() - started
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.02)
        raise RuntimeError(f"{command} ended with exit status {server.returncode}")
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    app, empty = [], []
    for _ in range(rounds + 1):
        empty.append(seconds_to_page([sys.executable, "-c", EMPTY]))
        app.append(seconds_to_page([sys.executable, "app.py"]))
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
