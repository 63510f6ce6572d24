"""What the Gallery says of a model, and of the digits that it shows."""

from mnist_demo.ui.gallery.look import Look
from mnist_demo.ui.gallery.selection import PAIRS, View, cross_entropy
from mnist_demo.ui.note import plain
from mnist_demo.ui.words import Words, join, tell


def summarize(look: Look) -> Words:
    """The model's accuracy and loss over the whole test set; how many are shown, in which order."""
    labels, probabilities = look.answers.labels, look.answers.first
    right = int((probabilities.argmax(axis=1) == labels).sum())
    whole = tell(
        "gallery_summary",
        model=plain(look.model),
        right=right,
        total=len(labels),
        accuracy=right / len(labels),
        loss=cross_entropy(labels, probabilities),
    )
    return join("\n", (whole, _tell_shown(look)))


def _tell_shown(look: Look) -> Words:
    names = {"model": plain(look.model), "other": plain(look.other or "")}
    order = tell(f"order_{look.view.order}_told", **names)
    if not look.view.is_filtered:
        return order
    filters = join(", ", _filters(look.view, look))
    if len(look.indices) == 0:
        return tell("gallery_none", filters=filters)
    shown = tell("gallery_shown", count=len(look.indices), filters=filters)
    return join(" ", (shown, order))


def _filters(view: View, look: Look) -> list[Words]:
    filters = []
    if view.label is not None:
        filters.append(tell("filter_label", digit=view.label))
    if view.prediction is not None:
        filters.append(tell("filter_prediction", digit=view.prediction))
    if view.shown in PAIRS:
        first, second = plain(look.model), plain(look.other or "")
        filters.append(tell(f"agreement_{view.shown}", first=first, second=second))
    elif view.shown != "all":
        filters.append(tell(f"shown_{view.shown}"))
    return filters
