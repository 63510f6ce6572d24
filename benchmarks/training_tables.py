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
    *recipes, ratio = rows
    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "runs": lambda row: str(row["n"]),
        "seconds, median": lambda row: f"{row['seconds_median']:.2f}",
        "test accuracy, mean": lambda row: percent(row["accuracy_mean"], 3),
        "lowest": lambda row: percent(min(row["accuracies"])),
        "highest": lambda row: percent(max(row["accuracies"])),
    }
    return (
        table(columns, recipes)
        + f"\n\n`fast_cnn` takes {ratio['fast_cnn_to_record']:.2f} of the record recipe's time "
        f"(median of pairs; the goal is at most {ratio['goal']})."
    )


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


def throughput(rows: list[Row]) -> str:
    def shown(name: str, text: str) -> Callable[[Row], str]:
        return lambda row: text.format(row[name]) if name in row else ""

    columns: dict[str, Callable[[Row], str]] = {
        "recipe": lambda row: f"`{row['recipe']}`",
        "tutorial's loop, images/s": shown("tutorial_images_per_second", "{:,.0f}"),
        "`Trainer`, images/s": shown("trainer_images_per_second", "{:,.0f}"),
        "times": shown("trainer_to_tutorial", "{:.2f}"),
        "events cost": lambda row: percent(row.get("events_cost"), 1),
        "evaluation, of an epoch": lambda row: percent(row["evaluation_share"], 1),
        "rounds": lambda row: str(row["n"]),
    }
    return table(columns, rows)


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
