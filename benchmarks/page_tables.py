"""What docs/RESULTS.md tells of the page and its server."""

from collections.abc import Callable

from benchmarks.class_report import judge
from benchmarks.tables import Row, percent, table
from mnist_demo.ui.compute.pacing import LEAST, MOST


def draw_tab(rows: list[Row]) -> str:
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
    return table(columns, rows)


def train_tab(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "runs of one visitor": lambda row: f"{row['runs']} of {row['epochs']} epochs",
        "server's memory after the third, MB": lambda row: f"{row['memory_settled_mb']:,.0f}",
        "after the last, MB": lambda row: f"{row['memory_last_mb']:,.0f}",
        "growth": lambda row: percent(row["growth"], 1),
        "charts drawn, a second": lambda row: f"{row['updates_per_second']:.1f}",
        "longest frame, ms": lambda row: f"{row['longest_frame_milliseconds']:.0f}",
        "longest task, ms": lambda row: f"{row['longest_task_milliseconds']:.0f}",
    }
    return table(columns, rows)


def playback(rows: list[Row]) -> str:
    *recipes, pupils = rows

    def both(name: str) -> Callable[[Row], str]:
        return lambda row: f"{row[name]:.1f} / {row[f'{name}_p95']:.1f}"

    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "ms of a slider step: median / p95": both("milliseconds"),
        "of processor time": both("processor_milliseconds"),
        "steps": lambda row: str(row["n"]),
        "test images read in it": lambda row: f"{row['tested_at_once']:.0f} of {row['tested']:,}",
        "ms of it to take a moment": lambda row: f"{row['taking_milliseconds']:.2f}",
        "a moment, kB": lambda row: f"{row['moment_bytes'] / 1000:,.0f}",
        "moments that are kept": lambda row: str(row["moments"]),
        "answers that half precision changes, of 1,000": lambda row: str(row["changed_answers"]),
        "MB of a run": lambda row: f"{row['run_bytes'] / 1e6:.2f}",
    }
    goal = recipes[0]["goal"]
    verdicts = [
        f"- {what} in the median, at most {goal} ms: {_judge(recipes, name, goal)}"
        for what, name in (
            ("By the clock", "milliseconds"),
            ("In processor time", "processor_milliseconds"),
        )
    ]
    kept = ", ".join(str(count) for count in pupils["of_each_run"])
    return "\n\n".join(
        [
            table(columns, recipes),
            "\n".join(verdicts),
            "The server's answer, by one core of two, which others used as well: the load of the "
            f"machine before was {pupils['load_before']:.1f}. It reads test images for a part of "
            "the time, and more of them in answers of their own while the slider rests.",
            f"A class of {pupils['pupils']} who have each trained all recipes once, in this order, "
            f"keeps {pupils['bytes'] / 1e6:,.0f} MB of moments; {pupils['most_bytes'] / 1e6:,.0f} "
            f"MB is the most that may be. Of each one's runs {kept} moments are left: the older "
            "ones are thinned out for the newest.",
        ]
    )


def _judge(rows: list[Row], name: str, goal: float) -> str:
    slowest = max(rows, key=lambda row: row[name])
    verdict = "met" if slowest[name] <= goal else "MISSED"
    return f"{verdict}; the slowest is `{slowest['recipe']}`, {slowest[name]:.1f} ms"


def gallery_tab(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "from a click to": lambda row: row["what"],
        "milliseconds, median": lambda row: f"{row['milliseconds']:.0f}",
        "worst": lambda row: f"{row['milliseconds_worst']:.0f}",
        "clicks": lambda row: str(row["n"]),
    }
    return table(columns, rows)


def embedding_map(rows: list[Row]) -> str:
    def times(name: str) -> Callable[[Row], str]:
        return lambda row: f"{row[name]['median']:.1f} / {row[name]['p95']:.1f}"

    moving: dict[str, Callable[[Row], str]] = {
        "10,000 points are": lambda row: row["what"],
        "ms from frame to frame, median / p95": times("between"),
        "of which the page's script, median / p95": times("work"),
        "frames": lambda row: str(row["n"]),
        "load": lambda row: f"{row['load']:.1f}",
    }
    making: dict[str, Callable[[Row], str]] = {
        "a visitor's own copy of": lambda row: f"`{row['what']}`",
        "seconds to a rough map (PCA)": lambda row: f"{row['rough']:.1f}",
        "to the map (t-SNE), median / worst": lambda row: (
            f"{row['whole']:.1f} / {row['worst']:.1f}"
        ),
        "seconds of processors": lambda row: f"{row['processor']:.1f}",
        "purity": lambda row: percent(row["purity"], 1),
        "of the shipped map": lambda row: percent(row["purity_shipped"], 1),
        "n": lambda row: str(row["n"]),
        "load": lambda row: f"{row['load']:.1f}",
    }
    return (
        f"{table(moving, [row for row in rows if row['part'] == 'moving'])}\n\n"
        f"{table(making, [row for row in rows if row['part'] == 'making'])}\n\n"
        "Purity is the share of the ten points nearest to a point that have its label. The shipped "
        "maps are scikit-learn's t-SNE; those of visitors' models are made by the server, in one "
        "thread here. Load is that of other programs on the two cores, of which two can run: what "
        "waited for them is in the seconds and in the frames, but hardly in the seconds of "
        "processors and in the script's median."
    )


# By which clock the pages of a class ask: see benchmarks/visitors.py.
ASKING = {"told": "when the server says so", "fixed": "every 80 ms, as before"}


def classroom(rows: list[Row]) -> str:
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
        "speed lost": lambda row: percent(row["speed_lost"], 0),
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
    tables = [table(by_clock, halves), table(as_a_whole, rows)]
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


def startup(rows: list[Row]) -> str:
    *pages, ratio = rows
    columns: dict[str, Callable[[Row], str]] = {
        "page": lambda row: f"`{row['page']}`",
        "seconds to its first answer, median": lambda row: f"{row['seconds_median']:.2f}",
        "runs": lambda row: str(row["n"]),
    }
    return (
        table(columns, pages)
        + f"\n\nRatio, median of pairs: {ratio['ratio']:.2f} (the goal is at most {ratio['goal']})."
    )
