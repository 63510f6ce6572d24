"""The button that copies a link to what its tab shows."""

from collections.abc import Iterable, Mapping

import gradio as gr

from mnist_demo.ui.components.custom_html import custom_html
from mnist_demo.ui.i18n.translate import Translations, translate


def share_link(
    copy: Translations,
    names: Iterable[str],
    *,
    tab: str | None = None,
    in_address: Iterable[str] = (),
    offered: Mapping[str, list[str]] | None = None,
    fragment: str | None = None,
    missing: Translations | None = None,
    elem_id: str,
) -> gr.HTML:
    """Its value is {"parameters": {name: value}}, of a link to what is shown now.

    copy: what the button says. names: the parameters that are its own; of others the link holds
    `tab`, where the link needs one, and the page's language. in_address: those that the value puts
    into the page's address, of which the link is made where there are any.

    Scripts tell it parameters too, see share_link.js. offered: the values that some of these may
    have; others are left out. fragment: the one that stands behind the #, which no server is sent.
    Without it there is nothing to copy, and the button says so by `missing`.
    """
    return custom_html(
        __file__,
        shared=("clipboard",),
        classes="share-link",
        value={},
        copy=copy,
        copied=translate("link_copied"),
        failed=translate("link_failed"),
        names=list(names),
        tab=tab,
        in_address=list(in_address),
        offered=offered or {},
        fragment=fragment,
        missing=missing,
        elem_id=elem_id,
    )
