"""Whose event of Gradio's a request is."""

import json
from typing import Any

from playwright.sync_api import Page, Request

OF_EVENT = """number => {
  const { dependencies, components } = window.gradio_config;
  const targets = dependencies.find(({ id }) => id === number)?.targets ?? [];
  return targets.map(([id]) => components.find((one) => one.id === id)?.props.elem_id ?? '');
}"""


def askers(page: Page, requests: list[Request]) -> set[Any]:
    """The elem_ids of the components whose events the requests are; "" of one without."""
    posts = [request for request in requests if request.method == "POST"]
    numbers = {json.loads(post.post_data or "{}").get("fn_index") for post in posts}
    return {name for number in numbers for name in page.evaluate(OF_EVENT, number)}
