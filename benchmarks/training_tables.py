"""What docs/RESULTS.md tells of training."""

from collections.abc import Callable

from benchmarks.tables import Row, percent, table


def reproduce(rows: list[Row]) -> str:
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
        "published accuracy": lambda row: " and ".join(map(percent, row["published_accuracy"])),
        "ours, pixels 0 to 255": lambda row: percent(row["accuracy_0_to_255"]),
        "ours, pixels 0 to 1": lambda row: percent(row["accuracy_0_to_1"]),
        "published training loss": lambda row: costs(row, ours=False),
        "ours": lambda row: costs(row, ours=True),
        "seconds": lambda row: f"{row['seconds']:.0f}",
    }
    return table(columns, rows)


def time_to_99(rows: list[Row]) -> str:
    *recipes, about = rows
    sprint = recipes[-1]
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "runs": lambda row: str(row["n"]),
        "images, each seen once": lambda row: f"{row['images']:,}",
        "steps": lambda row: f"{row['steps']:,}",
        "seconds, median": lambda row: f"{row['seconds_median']:.2f}",
        "of the record's time": lambda row: f"{row['ratio']:.2f}",
        "test accuracy, mean": lambda row: percent(row["accuracy_mean"], 3),
        "lowest": lambda row: percent(min(row["accuracies"])),
        "highest": lambda row: percent(max(row["accuracies"])),
    }
    return (
        f"{table(columns, recipes)}\n\n`{sprint['recipe']}` is no recipe that is shipped: it is "
        f"`fast_cnn` on the first {sprint['train_images']:,} training images alone, with AdamW's "
        f"betas {sprint['betas']}. It takes {sprint['ratio']:.3f} of the record recipe's time "
        f"(median of {recipes[0]['n']} pairs; the goal is at most {about['goal']} for 99 %). "
        "All are timed from the raw bytes to the trained weights. `record, our layout` is the "
        "record recipe in channels_last and bfloat16, with a fused optimizer. Threads: "
        f"{about['threads']}; of one it is the processor time that counts. Others were at work on "
        f"the machine, whose load was {about['load'][0]:.1f} before and {about['load'][1]:.1f} "
        "after."
    )


def time_to_marks(rows: list[Row]) -> str:
    def shown(name: str, text: str) -> Callable[[Row], str]:
        return lambda row: text.format(row[name]) if name in row else "not reached"

    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "test accuracy": lambda row: percent(row["mark"], 1),
        "epochs of a run": lambda row: str(row["epochs"]),
        "runs that reach it": lambda row: f"{row['reached']} of {row['n']}",
        "seconds": shown("seconds", "{:.1f}"),
        "steps": shown("steps", "{:,.0f}"),
        "images": shown("images", "{:,.0f}"),
        "best test": lambda row: percent(row["best"]),
        "threads": lambda row: str(row["threads"]),
    }
    told = (
        "The first of ten tests, evenly spaced in a run, that reaches the mark: medians over the "
        "runs that do."
    )
    return f"{told}\n\n{table(columns, rows)}"


def fast_steps(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "what": lambda row: row["what"],
        "of the record's time": lambda row: f"{row['ratio']:.2f}",
        "validation accuracy, mean": lambda row: percent(row["accuracy_mean"], 3),
        "lowest": lambda row: percent(row["accuracy_lowest"]),
        "runs": lambda row: str(row["n"]),
        "kept": lambda row: row["verdict"],
    }
    told = (
        "By the last 5,000 training images, which none of these was trained on; no test image had "
        "a part. One epoch on the first of the other 55,000; each line changes one thing of the "
        "line that it names. Processor time of one thread, medians of pairs, beside the record "
        "recipe on its 55,000."
    )
    return f"{told}\n\n{table(columns, rows)}"


def epoch_time(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "said, s": lambda row: f"{row['estimate']:.1f}",
        "an epoch, s": lambda row: f"{row['seconds']:.1f}",
        "said to real": lambda row: f"{row['ratio']:.2f}",
        "threads": lambda row: str(row["threads"]),
        "rounds": lambda row: str(row["n"]),
        "load": lambda row: f"{row['load']:.1f}",
    }
    return table(columns, rows)


def bundled_digits(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "`fast_cnn`, epochs": lambda row: str(row["epochs"]),
        "seconds, median": lambda row: f"{row['seconds_median']:.1f}",
        "MNIST's 10,000 test images, mean": lambda row: percent(row["mnist_mean"]),
        "lowest": lambda row: percent(row["mnist_lowest"]),
        "the bundled 1,000, mean": lambda row: percent(row["bundled_mean"]),
        "runs": lambda row: str(row["n"]),
    }
    told = (
        "Trained on the 4,000 bundled digits, which serve where MNIST is missing. All test images "
        "are unseen; they are reported, and nothing was chosen by them."
    )
    return f"{told}\n\n{table(columns, rows)}"


def lessons(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "lesson": lambda row: row["lesson"],
        "network": lambda row: f"`{row['network']}`",
        "parameters": lambda row: f"{row['parameters']:,}",
        "accuracy": lambda row: percent(row["accuracy"]),
        "accuracy, shifted by 4 pixels": lambda row: percent(row["shifted_accuracy"]),
        "gradient, last to first layer": lambda row: f"{row['fading']:,.0f}",
        "processor's seconds": lambda row: f"{row['processor_seconds']:.1f}",
    }
    told = (
        "Set-ups of three of the Train tab's lessons, each trained once as its link has it, on "
        "MNIST. The shift is to the right. The gradient is that of the first step, by what a layer "
        "makes: how many times larger it is at the last one with weights than at the first."
    )
    return f"{told}\n\n{table(columns, rows)}"


def throughput(rows: list[Row]) -> str:
    def shown(name: str, text: str) -> Callable[[Row], str]:
        return lambda row: text.format(row[name]) if name in row else ""

    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "bare loop, images/s": shown("bare_images_per_second", "{:,.0f}"),
        "`Trainer`, images/s": shown("trainer_images_per_second", "{:,.0f}"),
        "`Trainer` costs": lambda row: percent(row["trainer_cost"], 1),
        "watching layers costs": lambda row: percent(row["watching_cost"], 1),
        "evaluation, of an epoch": lambda row: percent(row["evaluation_share"], 1),
        "times as fast as the tutorial": shown("trainer_to_tutorial", "{:.2f}"),
        "rounds": lambda row: str(row["n"]),
        "load": lambda row: f"{row['load']:.1f}",
    }
    told = (
        "In one thread. The bare loop has the network, layout, precision and optimizer of "
        "`Trainer`; that and watching may cost 5 % each. The tutorials' loops read their images "
        "through a DataLoader."
    )
    return f"{told}\n\n{table(columns, rows)}"


def streaming(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`, epochs: {row['epochs']}",
        "on the page, s": lambda row: f"{row['page_seconds']:.2f}",
        "command line, s": lambda row: f"{row['command_line_seconds']:.2f}",
        "watching costs": lambda row: percent(row["cost"], 1),
        "rounds": lambda row: str(row["n"]),
    }
    return table(columns, rows)


def contention(rows: list[Row]) -> str:
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "others at work": lambda row: str(row["others"]),
        "steps a second, one thread": lambda row: f"{row['one']:,.0f}",
        "several": lambda row: f"{row['several']:,.0f}",
        "as `ThreadTuner` chooses": lambda row: f"{row['tuned']:,.0f}",
    }
    return table(columns, rows)
