"""Gradio's Blocks with a check of what comes in, before a handler sees it."""

from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.state_holder import SessionState
from gradio_client.utils import (  # type: ignore[import-untyped]
    is_file_obj_with_meta,
    is_http_url_like,
    traverse,
)

from mnist_demo.ui.compute.model_store import ModelStore
from mnist_demo.ui.errors import user_error
from mnist_demo.ui.i18n.translate import translate

QUEUE = 500  # events: all that a class of 100 asks for at once; who trains waits in the line


class CheckedBlocks(gr.Blocks):
    """Blocks whose components refuse what is not theirs with a message, not with a traceback.

    store: what the routes beside Gradio's events are answered from; set it before the launch.
    """

    store: ModelStore

    def queue(self, **options: Any) -> gr.Blocks:
        """Gradio's, which it makes with the blocks: a second one takes a tenth of a second.

        Closed: else a client could call what waits in the queue, a training too, past it.
        """
        ours = {"max_size": QUEUE, "default_concurrency_limit": 1, "api_open": False}
        return super().queue(**(ours | options))

    def close(self, verbose: bool = True) -> None:
        """Gradio's; and what computes for the app's visitors ends with it."""
        super().close(verbose)
        self.store.compute.close()

    async def preprocess_data(
        self,
        block_fn: BlockFunction,
        inputs: list[Any],
        state: SessionState | None,
        explicit_call: bool = False,
    ) -> list[Any]:
        """The handler's arguments. Raises gr.Error where a value is none of its component."""
        try:
            _check_files(block_fn.inputs, inputs)
            return await super().preprocess_data(block_fn, inputs, state, explicit_call)
        except gr.Error as error:
            raise user_error(ValueError(error.message)) from None
        except Exception:  # noqa: BLE001  # a component's own, for want of a check there
            raise user_error(translate("bad_input")) from None
        finally:
            _forget(block_fn.inputs, state)


def _check_files(components: Sequence[Any], inputs: Sequence[Any]) -> None:
    """Only a file that was uploaded, and only where a file is asked for.

    Gradio would take one anywhere, and fetch it for the client where its path is an address.
    """

    def check(file: dict[str, Any]) -> Any:
        sources = [file.get("path"), file.get("url") or ""]
        if not expected or not all(
            isinstance(one, str) and not is_http_url_like(one) for one in sources
        ):
            raise ValueError("no file was asked for")
        return file

    for component, value in zip(components, inputs, strict=False):
        expected = isinstance(component, gr.File)
        traverse(value, check, is_file_obj_with_meta)


def _forget(components: Sequence[Any], state: SessionState | None) -> None:
    """Gradio keeps each component's last value in each session, for deep links, which are shut."""
    for component in components if state else ():
        known = state.config_values.get(component._id) if state else None
        if known and "props" in known:
            known["props"]["value"] = None
