"""Write docs/RESULTS.md, its plots and the READMEs' own figures: none is typed by hand.

    python -m benchmarks.summary

Each benchmark writes NAME.json, or NAME.cuda.json where it ran on a GPU; what is not there is left
out.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot as plt

from benchmarks.class_report import judge
from benchmarks.freehand import BINS, HEIGHTS, WIDTHS
from benchmarks.readmes import write_readmes
from benchmarks.report import format_table, read_report
from mnist_demo import load_checkpoint, shipped_checkpoints
from mnist_demo.ui.compute.pacing import LEAST, MOST

DOCS = Path(__file__).parents[1] / "docs"
Row = dict[str, Any]


def _percent(share: float | None, digits: int = 2) -> str:
    return "" if share is None else f"{share * 100:.{digits}f} %"


def _table(columns: dict[str, Callable[[Row], str]], rows: list[Row]) -> str:
    return format_table(list(columns), [[show(row) for show in columns.values()] for row in rows])


def _reproduce(rows: list[Row]) -> str:
    def costs(row: Row, ours: bool) -> str:
        return "; ".join(
            f"epoch {epoch}: "
            + (
                f"{row['train_loss_by_epoch'][int(epoch) - 1]:.4g}"
                if ours
                else " and ".join(map(str, published))
            )
            for epoch, published in row["published_cost"].items()
        )

    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "published accuracy": lambda row: " and ".join(map(_percent, row["published_accuracy"])),
        "ours, pixels 0 to 255": lambda row: _percent(row["accuracy_0_to_255"]),
        "ours, pixels 0 to 1": lambda row: _percent(row["accuracy_0_to_1"]),
        "published training loss": lambda row: costs(row, ours=False),
        "ours": lambda row: costs(row, ours=True),
        "seconds": lambda row: f"{row['seconds']:.0f}",
    }
    return _table(columns, rows)


def _time_to_99(rows: list[Row]) -> str:
    *recipes, ratio = rows
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "runs": lambda row: str(row["n"]),
        "seconds, median": lambda row: f"{row['seconds_median']:.2f}",
        "test accuracy, mean": lambda row: _percent(row["accuracy_mean"], 3),
        "lowest": lambda row: _percent(min(row["accuracies"])),
        "highest": lambda row: _percent(max(row["accuracies"])),
    }
    return (
        _table(columns, recipes)
        + f"\n\n`fast_cnn` takes {ratio['fast_cnn_to_record']:.2f} of the record recipe's time "
        f"(median of pairs; the goal is at most {ratio['goal']})."
    )


def _throughput(rows: list[Row]) -> str:
    def shown(name: str, text: str) -> Callable[[Row], str]:
        return lambda row: text.format(row[name]) if name in row else ""

    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "tutorial's loop, images/s": shown("tutorial_images_per_second", "{:,.0f}"),
        "`Trainer`, images/s": shown("trainer_images_per_second", "{:,.0f}"),
        "times": shown("trainer_to_tutorial", "{:.2f}"),
        "events cost": lambda row: _percent(row.get("events_cost"), 1),
        "evaluation, of an epoch": lambda row: _percent(row["evaluation_share"], 1),
        "rounds": lambda row: str(row["n"]),
    }
    return _table(columns, rows)


def _streaming(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`, epochs: {row['epochs']}",
        "on the page, s": lambda row: f"{row['page_seconds']:.2f}",
        "command line, s": lambda row: f"{row['command_line_seconds']:.2f}",
        "watching costs": lambda row: _percent(row["cost"], 1),
        "rounds": lambda row: str(row["n"]),
    }
    return _table(columns, rows)


def _bundled_digits(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "`fast_cnn`, epochs": lambda row: str(row["epochs"]),
        "seconds, median": lambda row: f"{row['seconds_median']:.1f}",
        "MNIST's 10,000 test images, mean": lambda row: _percent(row["mnist_mean"]),
        "lowest": lambda row: _percent(row["mnist_lowest"]),
        "the bundled 1,000, mean": lambda row: _percent(row["bundled_mean"]),
        "runs": lambda row: str(row["n"]),
    }
    told = (
        "Trained on the 4,000 bundled digits, which serve where MNIST is missing. All test images "
        "are unseen; they are reported, and nothing was chosen by them."
    )
    return f"{told}\n\n{_table(columns, rows)}"


def _lessons(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "lesson": lambda row: row["lesson"],
        "network": lambda row: f"`{row['network']}`",
        "parameters": lambda row: f"{row['parameters']:,}",
        "accuracy": lambda row: _percent(row["accuracy"]),
        "accuracy, shifted by 4 pixels": lambda row: _percent(row["shifted_accuracy"]),
        "gradient, last to first layer": lambda row: f"{row['fading']:,.0f}",
        "processor's seconds": lambda row: f"{row['processor_seconds']:.1f}",
    }
    told = (
        "Set-ups of three of the Train tab's lessons, each trained once as its link has it, on "
        "MNIST. The shift is to the right. The gradient is that of the first step, by what a layer "
        "makes: how many times larger it is at the last one with weights than at the first."
    )
    return f"{told}\n\n{_table(columns, rows)}"


def _freehand(rows: list[Row]) -> str:
    names = {
        "MNIST test": "mnist",
        "pen strokes": "strokes",
        "writers looked at": "strokes_odd_writers",
        "writers not looked at": "strokes_even_writers",
        "pictures, dark on light": "dark_on_light",
        "light on dark": "light_on_dark",
    }
    columns: dict[str, Callable[[Row], str]] = {"model": lambda row: f"`{row['model']}`"}
    for title, name in names.items():
        columns[title] = lambda row, name=name: _percent(row[name])  # type: ignore[misc]
    told = (
        "7,494 drawings of 30 writers. While the ways of writing in data/stroke_templates.py were "
        "collected, misread drawings of half of the writers were looked at, and none of the other "
        "half."
    )
    return (
        f"{told}\n\n{_table(columns, rows)}"
        + "\n\n![Accuracy against line width and height](freehand.png)"
    )


def _numbers(rows: list[Row]) -> str:
    def milliseconds(row: Row) -> str:
        keys = ("milliseconds", "milliseconds_95")
        return " / ".join(f"{row[key]:.0f}" for key in keys) if keys[0] in row else ""

    columns: dict[str, Callable[[Row], str]] = {
        "model": lambda row: f"`{row['model']}`",
        "as": lambda row: row["source"],
        "what": lambda row: row["kind"],
        "whole and right": lambda row: _percent(row["right"], 1),
        "as many digits": lambda row: _percent(row["cut_right"], 1),
        "milliseconds, median / 95 %": milliseconds,
    }
    told = (
        "Numbers of 2 to 5 digits, put together from the drawings of one writer each, of writers "
        "that nobody looked at: a tenth to a whole digit's width apart, or crowded, so that they "
        "overlap and touch; and single digits. The goals, for strokes: 93 % of the numbers that "
        "are not crowded, and 98 % of single digits seen as one. Measured before pictures were "
        "read in several ways, and not since."
    )
    return f"{told}\n\n{_table(columns, rows)}"


def _pictures(rows: list[Row]) -> str:
    *kinds, phone = rows
    columns: dict[str, Callable[[Row], str]] = {
        "what": lambda row: row["kind"],
        "read right": lambda row: _percent(row["right"], 1),
        "without a network's choice": lambda row: _percent(row["right_alone"], 1),
        "wrong and sure": lambda row: _percent(row["wrong_and_sure"], 1),
        "milliseconds, median": lambda row: f"{row['milliseconds']:.0f}",
        "pictures": lambda row: str(row["n"]),
    }
    told = (
        "Pen drawings put where people's digits stand, as files, read by `robust_cnn`. The reading "
        "was built and its weights were fitted on other pictures of these kinds: of other writers, "
        "with another seed and other sizes, angles, colours and shades. No other kind was held "
        "out. An earlier measurement told which kinds were read worst (a sheet turned on a desk, "
        "hard shadows, squared paper); they were mended on pictures of another make, of which some "
        "are as large, dark or turned as these. These have a new seed, and were read twice: also "
        "before the last change, which they did not suggest. The time is that of one core, from "
        "the file to the digit."
    )
    return (
        f"{told}\n\n{_table(columns, kinds)}\n\n{phone['kind'].capitalize()}: "
        f"{phone['milliseconds']:.0f} ms (median of {phone['n']}).\n\n"
        "![A row of pictures of each kind](pictures.png)"
    )


def _calibration(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "model": lambda row: f"`{row['model']}`",
        "calibration error, MNIST": lambda row: _percent(row["mnist_error"]),
        "freehand": lambda row: _percent(row["freehand_error"]),
        "threshold": lambda row: f"{row['threshold']:.3f}",
        "real digits above it: MNIST": lambda row: _percent(row["mnist_pass"], 1),
        "freehand digits": lambda row: _percent(row["freehand_pass"], 1),
        "scribbles": lambda row: _percent(row["scribbles_pass"], 1),
        "pieces of digits": lambda row: _percent(row["pieces_pass"], 1),
        "shapes": lambda row: _percent(row["shapes_pass"], 1),
        "letters": lambda row: _percent(row["letters_pass"], 1),
        "letters unlike digits": lambda row: _percent(row["unlike_pass"], 1),
        "scribbles, fair": lambda row: _percent(row["scribbles_pass_fair"], 1),
        "pieces, fair": lambda row: _percent(row["pieces_pass_fair"], 1),
        "letters, at 95 %": lambda row: _percent(row["letters_pass_95"], 1),
    }
    told = (
        "The share of digits and of what is none whose confidence reaches the threshold: the "
        "checkpoint's own where the model was calibrated (`robust_cnn`). The fair threshold, which "
        "serves the others too, is what 97 % of these very digits, MNIST's and freehand ones "
        "together, reach; at 95 % is what 95 % of the freehand digits reach. Letters and shapes "
        "are by code and fonts that no model was trained with."
    )
    return f"{told}\n\n{_table(columns, rows)}"


def _latency(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "what": lambda row: f"`{row['what']}`",
        "milliseconds, median": lambda row: f"{row['milliseconds']:.2f}",
        "runs": lambda row: str(row["n"]),
    }
    return _table(columns, rows)


def _draw_tab(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "drawing": lambda row: row["drawing"],
        "panel open": lambda row: row["open"],
        "frames a second": lambda row: f"{row['frames_per_second']:.1f}",
        "answers a second": lambda row: f"{row['answers_per_second']:.1f}",
        "milliseconds from an answer's end to its being shown": lambda row: (
            f"{row['milliseconds_to_show']:.1f}"
        ),
        "milliseconds from pointer-up, median": lambda row: f"{row['milliseconds']:.0f}",
        "worst": lambda row: f"{row['milliseconds_worst']:.0f}",
        "drawings": lambda row: str(row["n"]),
    }
    return _table(columns, rows)


def _train_tab(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "runs of one visitor": lambda row: f"{row['runs']} of {row['epochs']} epochs",
        "server's memory after the third, MB": lambda row: f"{row['memory_settled_mb']:,.0f}",
        "after the last, MB": lambda row: f"{row['memory_last_mb']:,.0f}",
        "growth": lambda row: _percent(row["growth"], 1),
        "charts drawn, a second": lambda row: f"{row['updates_per_second']:.1f}",
        "longest frame, ms": lambda row: f"{row['longest_frame_milliseconds']:.0f}",
        "longest task, ms": lambda row: f"{row['longest_task_milliseconds']:.0f}",
    }
    return _table(columns, rows)


# By which clock the pages of a class ask: see benchmarks/visitors.py.
ASKING = {"told": "when the server says so", "fixed": "every 80 ms, as before"}


def _classroom(rows: list[Row]) -> str:
    def shown(name: str) -> Callable[[Row], str]:
        return lambda row: " / ".join(f"{row[name][each]:.0f}" for each in ("p50", "p95", "max"))

    by_clock: dict[str, Callable[[Row], str]] = {
        "visitors": lambda row: str(row["visitors"]),
        "ask": lambda row: row["clock"],
        "answers a second of a pen": lambda row: f"{row['answers_per_second_of_a_pen']:.1f}",
        "ms to an answer while a training runs: median / p95 / worst": shown(
            "predictions_while_training"
        ),
        "otherwise": shown("predictions_otherwise"),
        "ms from pen-up": shown("waits_after_pen_up"),
        "ms of the Gallery": shown("gallery"),
        "`fast_cnn` in the class / alone, s": lambda row: (
            f"{row['training_seconds']:.1f} / {row['training_seconds_idle']:.1f}"
        ),
        "speed lost": lambda row: _percent(row["speed_lost"], 0),
    }
    as_a_whole: dict[str, Callable[[Row], str]] = {
        "visitors": lambda row: f"{row['visitors']}, {row['minutes']:g} minutes",
        "load of the machine before": lambda row: f"{row['load_before']:.1f}",
        "errors, lost and swapped answers": lambda row: str(sum(row["faults"].values())),
        "answers": lambda row: f"{row['predictions_per_second']:.0f} a second",
        "memory after 2/5 of the time / at the end, MB": lambda row: (
            f"{row['memory_settled_mb']:,.0f} / {row['memory_last_mb']:,.0f}"
        ),
        "cores taken: server / visitors": lambda row: (
            f"{row['server_cores']:.2f} / {row['visitors_cores']:.2f}"
        ),
    }
    verdicts = [
        f"- {row['visitors']} visitors: {bar.verdict()}" for row in rows for bar in judge(row)
    ]
    halves = [
        {**row, **half, "clock": ASKING[clock]}
        for row in rows
        for clock, half in row["clocks"].items()
    ]
    tables = [_table(by_clock, halves), _table(as_a_whole, rows)]
    return "\n\n".join([*tables, "\n".join(verdicts), _explain_limits(rows[0])])


def _explain_limits(row: Row) -> str:
    """What limits a class, and how it was found."""
    listed = "; ".join(f"{name}, {cost:.0f} ms" for name, cost in row["costs"].items())
    return (
        "What limits it is processor time. What the server takes of it, with nothing else going "
        f"on: {listed}. Visitors draw half of the time. Each answer says when its page may ask "
        "again (`mnist_demo/ui/compute/pacing.py`): who draws alone asks in every frame, and many "
        f"share {MOST:.0f} answers a second, or down to {LEAST:.0f} where they are late. Pages "
        "asked every 80 ms before; in each run both ways alternate, from one training to the next. "
        "Drawings that wait together are read in one pass, so that each costs less where many ask. "
        "The training takes what is left of the cores. Load is what the system calls so: programs "
        "that would run, of which two can.\n\n"
        "It was found by sampling the server's threads with py-spy while a class ran, and by "
        "processor time for each thing that a visitor does; what each remedy brought by itself "
        "was not measured. A training waited for Python's lock behind the requests at each of its "
        "many small operations, so it has a process of its own; its threads waited for each other "
        "whenever one had no core, so it tries one thread where several do not get the cores ("
        "`python -m benchmarks.contention`); an event of the web framework cost more than the "
        "network that reads the digit, so drawings have a route of their own and one thread from "
        "stroke to answer; the page and its files were made and compressed for each visitor, and "
        "are now kept; all test digits were read by each model after each start, and what the "
        "shipped ones answer is now shipped with them; Python's full collections of garbage, which "
        "hold up everybody, came every few seconds, and come seldom now.\n\n"
        "What is left is one Python process that answers: it takes little more than one core, "
        "whatever the machine has. More than that takes replicas ([HOSTING.md](HOSTING.md)). The "
        "longest waits in the Gallery are those for a visitor's own new model to read all test "
        "digits."
    )


def _contention(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "others at work": lambda row: str(row["others"]),
        "steps a second, one thread": lambda row: f"{row['one']:,.0f}",
        "several": lambda row: f"{row['several']:,.0f}",
        "as `ThreadTuner` chooses": lambda row: f"{row['tuned']:,.0f}",
    }
    return _table(columns, rows)


def _gallery_tab(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "from a click to": lambda row: row["what"],
        "milliseconds, median": lambda row: f"{row['milliseconds']:.0f}",
        "worst": lambda row: f"{row['milliseconds_worst']:.0f}",
        "clicks": lambda row: str(row["n"]),
    }
    return _table(columns, rows)


def _startup(rows: list[Row]) -> str:
    *pages, ratio = rows
    columns: dict[str, Callable[[Row], str]] = {
        "page": lambda row: f"`{row['page']}`",
        "seconds to its first answer, median": lambda row: f"{row['seconds_median']:.2f}",
        "runs": lambda row: str(row["n"]),
    }
    return (
        _table(columns, pages)
        + f"\n\nRatio, median of pairs: {ratio['ratio']:.2f} (the goal is at most {ratio['goal']})."
    )


SECTIONS: dict[str, tuple[str, Callable[[list[Row]], str]]] = {
    "reproduce": ("The tutorials, reproduced", _reproduce),
    "time_to_99": ("Time to 99 %", _time_to_99),
    "bundled_digits": ("Without MNIST", _bundled_digits),
    "lessons": ("What the lessons' networks learn", _lessons),
    "throughput": ("Training speed", _throughput),
    "streaming": ("What watching costs", _streaming),
    "contention": ("Training beside others", _contention),
    "freehand": ("Strangers' handwriting", _freehand),
    "numbers": ("Whole numbers", _numbers),
    "pictures": ("Photos, scans and forms", _pictures),
    "calibration": ("Honest confidence", _calibration),
    "latency": ("One answer", _latency),
    "draw_tab": ("The answer follows the pen", _draw_tab),
    "train_tab": ("Many runs in one session", _train_tab),
    "gallery_tab": ("Leafing through the Gallery", _gallery_tab),
    "classroom": ("A class on one server", _classroom),
    "startup": ("Start-up", _startup),
}


def _section(name: str, title: str, show: Callable[[list[Row]], str]) -> str:
    parts = [f"## {title}\n\n`python -m benchmarks.{name}`"]
    for where in ("", ".cuda", ".mps"):
        report = read_report(name + where)
        if report:
            machine = report["machine"]
            hardware = machine["accelerator"] if where else machine["processor"]
            told = f"{hardware}, {machine['cores']} cores, torch {machine['torch']}"
            parts.append(f"{report['date']}, {told}:\n\n{show(report['rows'])}")
    return "\n\n".join(parts)


def plot_training() -> None:
    """Test error after each epoch against the seconds trained, for the shipped models whose
    training was timed as a whole."""
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for name in shipped_checkpoints():
        metrics = load_checkpoint(name).metrics
        if "seconds" not in metrics:
            continue
        accuracies = metrics["test_accuracy_by_epoch"]
        seconds = [metrics["seconds"] * (at + 1) / len(accuracies) for at in range(len(accuracies))]
        axes.plot(seconds, [1 - share for share in accuracies], marker="o", ms=4, label=name)
    axes.set(xscale="log", yscale="log", xlabel="seconds of training", ylabel="test error")
    axes.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, decimals=1))
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    figure.savefig(DOCS / "training.png", dpi=120)
    plt.close(figure)


def plot_freehand(rows: list[Row]) -> None:
    """Accuracy on pictures of drawings against the pen's width and the digit's height."""
    figure, panels = plt.subplots(1, 2, figsize=(8, 3.4), sharey=True, layout="constrained")
    for axes, column, (low, high), label in (
        (panels[0], "dark_by_line_width", WIDTHS, "line width, of a pad of 280"),
        (panels[1], "dark_by_height", HEIGHTS, "height of the digit, of the pad"),
    ):
        middles = [low + (at + 0.5) * (high - low) / BINS for at in range(BINS)]
        for row in rows:
            axes.plot(middles, row[column], marker="o", ms=4, label=row["model"])
        axes.set(xlabel=label)
        axes.grid(alpha=0.3)
    panels[0].set(ylabel="accuracy on pictures")
    panels[0].yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1, decimals=0))
    panels[1].legend(fontsize="small")
    figure.savefig(DOCS / "freehand.png", dpi=120)
    plt.close(figure)


def summarize() -> str:
    """The text of docs/RESULTS.md."""
    head = (
        "# Results\n\nWritten by `python -m benchmarks.summary` from `benchmarks/results/`: what "
        "was measured, where and when. Two CPU cores unless it says otherwise. MNIST's test images "
        "were used for these figures and for nothing else.\n\n"
        "![Test error against seconds of training, for the shipped models](training.png)\n\n"
        "The curves are those of the shipped models' own trainings, on machines of two cores that "
        "differ somewhat. That of `robust_cnn` was halted for other work several times, so that "
        "it has no seconds and is not among them."
    )
    sections = [_section(name, *section) for name, section in SECTIONS.items()]
    return "\n\n".join([head, *sections]) + "\n"


def main() -> None:
    write_readmes()
    plot_training()
    freehand = read_report("freehand")
    if freehand:
        plot_freehand(freehand["rows"])
    path = DOCS / "RESULTS.md"
    path.write_text(summarize(), encoding="utf-8")
    print(f"written to {path}")


if __name__ == "__main__":
    main()
