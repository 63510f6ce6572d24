"""What the Gallery says of a model, and of the digits that it shows."""

from mnist_demo.ui.gallery.look import Look
from mnist_demo.ui.gallery.selection import PAIRS, View, cross_entropy
from mnist_demo.ui.refusals import as_markdown
from mnist_demo.ui.words import say


def summarize(look: Look) -> str:
    """The model's accuracy and loss over the whole test set; how many are shown, in which order."""
    labels, probabilities = look.answers.labels, look.answers.first
    right = int((probabilities.argmax(axis=1) == labels).sum())
    whole = say(
        "gallery_summary",
        model=as_markdown(look.model),
        right=right,
        total=len(labels),
        accuracy=right / len(labels),
        loss=cross_entropy(labels, probabilities),
    )
    return f"{whole}  \n{_tell_shown(look)}"  # two spaces: a new line in Markdown


def _tell_shown(look: Look) -> str:
    model, other = as_markdown(look.model), as_markdown(look.other)
    order = say(f"order_{look.view.order}_told", model=model, other=other)
    if not look.view.is_filtered:
        return order
    filters = ", ".join(_filters(look.view, look))
    if len(look.indices) == 0:
        return say("gallery_none", filters=filters)
    return say("gallery_shown", count=len(look.indices), filters=filters) + " " + order


def _filters(view: View, look: Look) -> list[str]:
    filters = []
    if view.label is not None:
        filters.append(say("filter_label", digit=view.label))
    if view.prediction is not None:
        filters.append(say("filter_prediction", digit=view.prediction))
    if view.shown in PAIRS:
        first, second = as_markdown(look.model), as_markdown(look.other)
        filters.append(say(f"agreement_{view.shown}", first=first, second=second))
    elif view.shown != "all":
        filters.append(say(f"shown_{view.shown}"))
    return filters
