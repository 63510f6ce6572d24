"""What the Gallery says of a model, and of the digits that it shows."""

from mnist_demo.ui.components.notice import plain
from mnist_demo.ui.gallery.selection import PAIRS, View, cross_entropy
from mnist_demo.ui.gallery.view_state import ViewState
from mnist_demo.ui.i18n.translate import Translations, join, translate


def summarize(state: ViewState) -> Translations:
    """The model's accuracy and loss over the whole test set; how many are shown, in which order."""
    labels, probabilities = state.answers.labels, state.answers.first
    right = int((probabilities.argmax(axis=1) == labels).sum())
    whole = translate(
        "gallery_summary_seen" if state.seen[0] else "gallery_summary",
        model=plain(state.model),
        right=right,
        total=len(labels),
        accuracy=right / len(labels),
    )
    loss = translate("gallery_loss", loss=cross_entropy(labels, probabilities))
    return join("\n", (join(" ", (whole, loss)), _describe_shown(state)))


def _describe_shown(state: ViewState) -> Translations:
    names = {"model": plain(state.model), "other": plain(state.other or "")}
    order = translate(f"order_{state.view.order}_help", **names)
    if state.view.needs_second:
        order = join(" ", (order, translate("gallery_both", **names)))
    if not state.view.is_filtered:
        return order
    filters = join(", ", _describe_filters(state.view, state))
    if len(state.indices) == 0:
        return translate("gallery_none", filters=filters)
    shown = translate("gallery_shown", count=len(state.indices), filters=filters)
    return join(" ", (shown, order))


def _describe_filters(view: View, state: ViewState) -> list[Translations]:
    filters = []
    if view.label is not None:
        filters.append(translate("filter_label", digit=view.label))
    if view.prediction is not None:
        filters.append(translate("filter_prediction", digit=view.prediction))
    if view.region is not None:
        filters.append(translate("filter_region"))
    if view.shown in PAIRS:
        first, second = plain(state.model), plain(state.other or "")
        filters.append(translate(f"agreement_{view.shown}", first=first, second=second))
    elif view.shown != "all":
        filters.append(translate(f"shown_{view.shown}"))
    return filters
