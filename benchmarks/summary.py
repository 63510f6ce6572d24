"""Write docs/RESULTS.md, its plots and the READMEs' own figures: none is typed by hand.

    python -m benchmarks.summary

Each benchmark writes NAME.json, or NAME.cuda.json where it ran on a GPU; what is not there is left
out.
"""

from collections.abc import Callable

from benchmarks import page_tables, reading_tables, training_tables
from benchmarks.plots import DOCS, plot_freehand, plot_training
from benchmarks.readmes import write_readmes
from benchmarks.report import read_report
from benchmarks.tables import Row

SECTIONS: dict[str, tuple[str, Callable[[list[Row]], str]]] = {
    "reproduce": ("The tutorials, reproduced", training_tables.reproduce),
    "time_to_99": ("Time to 99 %", training_tables.time_to_99),
    "time_to_marks": ("Time to 99 % and to 99.5 %", training_tables.time_to_marks),
    "fast_steps": ("What each step brought", training_tables.fast_steps),
    "bundled_digits": ("Without MNIST", training_tables.bundled_digits),
    "throughput": ("Training speed", training_tables.throughput),
    "epoch_time": ("How long an epoch is said to take", training_tables.epoch_time),
    "lessons": ("What the lessons' networks learn", training_tables.lessons),
    "streaming": ("What watching costs", training_tables.streaming),
    "contention": ("Training beside others", training_tables.contention),
    "freehand": ("Strangers' handwriting", reading_tables.freehand),
    "seeds": ("Other seeds", reading_tables.seeds),
    "numbers": ("Whole numbers", reading_tables.numbers),
    "pictures": ("Photos, scans and forms", reading_tables.pictures),
    "calibration": ("Honest confidence", reading_tables.calibration),
    "attack_curves": ("What it takes to fool them", reading_tables.attack_curves),
    "latency": ("One answer", reading_tables.latency),
    "draw_tab": ("The answer follows the pen", page_tables.draw_tab),
    "train_tab": ("Many runs in one session", page_tables.train_tab),
    "playback": ("Back through the training", page_tables.playback),
    "gallery_tab": ("Leafing through the Gallery", page_tables.gallery_tab),
    "embedding_map": ("The map of the test digits", page_tables.embedding_map),
    "classroom": ("A class on one server", page_tables.classroom),
    "startup": ("Start-up", page_tables.startup),
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
