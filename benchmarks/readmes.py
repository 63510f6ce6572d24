"""The READMEs' own figures, in each language, from what was measured."""

from pathlib import Path

from benchmarks.report import read_report

ROOT = Path(__file__).parents[1]
MARKS = (
    "<!-- ours: written by python -m benchmarks.summary -->",
    "<!-- end of ours -->",
)
# What each report says of our own recipes; `figures` fills it in.
SENTENCES = {
    "README.md": {
        "time_to_99": "`fast_cnn` reads **{accuracy:.2f} %** of MNIST's test images after "
        "**{seconds:.1f} seconds** of training from random weights (CPU cores: {cores}): the mean "
        "and the median of {seeds} seeds. The record recipe of train_mnist_fast takes "
        "{record_seconds:.1f} seconds there for {record_accuracy:.2f} %, and {layout_seconds:.1f} "
        "for {layout_accuracy:.2f} % in our layout and precision; ours takes {ratio:.2f} of its "
        "time. A copy of `fast_cnn` that sees the first {sprint_images:,} training images alone, "
        "once, reads {sprint_accuracy:.2f} % ({sprint_seeds} seeds) after {sprint_seconds:.1f} "
        "seconds, {sprint_ratio:.2f} of the record recipe's time.",
        "freehand": "`robust_cnn` reads **{mnist:.2f} %** of MNIST's test images, "
        "**{strokes:.2f} %** of strangers' freehand drawings, and {dark_on_light:.2f} % of the "
        "same as pictures, dark on light ({light_on_dark:.2f} % light on dark).",
        "calibration": "It knows when it is not sure: {mnist_pass:.1f} % of MNIST's and "
        "{freehand_pass:.1f} % of the freehand digits pass its threshold of {threshold:.3f}, "
        "{scribbles_pass:.1f} % of scribbles and {pieces_pass:.1f} % of pieces of digits do.",
    },
    # No letter may follow a bold per cent sign: the asterisks would be shown.
    "README.ko.md": {
        "time_to_99": "`fast_cnn`의 MNIST 테스트 정확도는 **{accuracy:.2f} %**, 학습 시간은 "
        "**{seconds:.1f}초**입니다. CPU 코어 {cores}개로 무작위 가중치에서 시작했을 때의, 시드 "
        "{seeds}개의 평균과 중앙값입니다. train_mnist_fast의 기록 레시피는 같은 조건에서 "
        "{record_accuracy:.2f} %에 {record_seconds:.1f}초, 우리 메모리 배치와 정밀도로는 "
        "{layout_accuracy:.2f} %에 {layout_seconds:.1f}초가 걸립니다. 우리 레시피의 시간은 그 "
        "{ratio:.2f}배입니다. 처음 {sprint_images:,}장의 학습 이미지만 한 번씩 보게 한 변형은 "
        "{sprint_seconds:.1f}초, 곧 기록 레시피의 {sprint_ratio:.2f}배 만에 "
        "{sprint_accuracy:.2f} %(시드 {sprint_seeds}개)에 이릅니다.",
        "freehand": "`robust_cnn`의 정확도는 MNIST 테스트 이미지에서 **{mnist:.2f} %**, 낯선 "
        "사람들이 손으로 쓴 숫자에서 **{strokes:.2f} %**, 같은 숫자를 밝은 바탕에 어둡게 그린 "
        "그림에서 {dark_on_light:.2f} %(어두운 바탕에 밝게 그리면 {light_on_dark:.2f} %)입니다.",
        "calibration": "확신할 수 없을 때를 압니다. 기준({threshold:.3f})을 넘는 것은 MNIST 숫자의 "
        "{mnist_pass:.1f} %, 손으로 쓴 숫자의 {freehand_pass:.1f} %, 낙서의 "
        "{scribbles_pass:.1f} %, 숫자 조각의 {pieces_pass:.1f} %입니다.",
    },
}


def figures() -> dict[str, dict[str, float]]:
    """By report, as far as they are there: shares in per cent, times in seconds."""
    found = {}
    if report := read_report("time_to_99"):
        record, layout, fast, sprint, about = report["rows"]
        found["time_to_99"] = {
            "accuracy": 100 * fast["accuracy_mean"],
            "seconds": fast["seconds_median"],
            "seeds": fast["n"],
            "record_accuracy": 100 * record["accuracy_mean"],
            "record_seconds": record["seconds_median"],
            "layout_accuracy": 100 * layout["accuracy_mean"],
            "layout_seconds": layout["seconds_median"],
            "ratio": fast["ratio"],
            "cores": about["threads"],
            "sprint_seeds": sprint["n"],
            "sprint_images": sprint["train_images"],
            "sprint_accuracy": 100 * sprint["accuracy_mean"],
            "sprint_seconds": sprint["seconds_median"],
            "sprint_ratio": sprint["ratio"],
        }
    shares = {
        "freehand": ("mnist", "strokes", "dark_on_light", "light_on_dark"),
        "calibration": ("mnist_pass", "freehand_pass", "scribbles_pass", "pieces_pass"),
    }
    for name, keys in shares.items():
        for row in (read_report(name) or {"rows": []})["rows"]:
            if row["model"] == "robust_cnn":
                found[name] = {key: 100 * row[key] for key in keys}
                if "threshold" in row:
                    found[name]["threshold"] = row["threshold"]
    return found


def summarize_ours(readme: str) -> str:
    """What the file called `readme` says of our own recipes, as far as they have been measured."""
    known = figures()
    return "\n".join(
        f"- {error_sentence.format(**known[name])}"
        for name, error_sentence in SENTENCES[readme].items()
        if name in known
    )


def write_readmes() -> None:
    """Write what `summarize_ours` says between the marks of each README."""
    for name in SENTENCES:
        text = (ROOT / name).read_text(encoding="utf-8")
        before, rest = text.split(MARKS[0])
        _, after = rest.split(MARKS[1])
        text = f"{before}{MARKS[0]}\n{summarize_ours(name)}\n{MARKS[1]}{after}"
        (ROOT / name).write_text(text, encoding="utf-8")
