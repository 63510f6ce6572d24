"""What a client may send: what is valid for a component, what is not, and what is made of both."""

import base64
import io
import random
import struct
import zlib
from typing import Any

from PIL import Image

SEVEN = [[[70, 60], [205, 60], [125, 235]]]
MARKUP = '"><img src=x onerror=window.hacked=1><script>window.hacked=1</script>'
DIGIT = {"strokes": SEVEN, "line_width": 18, "picture": None, "digit": None}


def png(width: int, height: int) -> bytes:
    content = io.BytesIO()
    Image.new("L", (width, height), 255).save(content, format="PNG")
    return content.getvalue()


def bomb(side: int) -> bytes:
    """A PNG that says it has side x side pixels, in few bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1 + side // 8) * min(side, 2000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def uri(content: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def file(path: Any, **more: Any) -> dict[str, Any]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}, **more}


def _pads() -> list[Any]:
    return [
        DIGIT,
        {"strokes": []},
        DIGIT | {"picture": uri(png(90, 120))},
        DIGIT | {"digit": uri(png(28, 28))},
        DIGIT | {"picture": uri(bomb(30_000))},
        DIGIT | {"picture": uri(bomb(1600))},
        DIGIT | {"picture": uri(png(90, 120)[:60])},
        DIGIT | {"picture": uri(b"GIF89a" + bytes(50), "image/gif")},
        DIGIT | {"picture": "data:image/svg+xml," + MARKUP},
        DIGIT | {"line_width": float("nan")},
        DIGIT | {"strokes": [[[1e6 * at, -at] for at in range(2)]]},
        DIGIT | {"strokes": [[[at % 280, at // 280] for at in range(60_000)]]},
        DIGIT | {"strokes": [[[0, 0]]] * 20_000},
        DIGIT | {"strokes": [[], [[]], [[1]], [[1, 2, 3]]]},
        DIGIT | {"strokes": [[[1, "2"]]]},
        DIGIT | {"strokes": [[[10**400, 1]]]},
        DIGIT | {"strokes": [deep(90)]},
    ]


# What our own components send, by their ids on the page.
OURS: dict[str, list[Any]] = {
    "pad": _pads(),
    "robustness": [
        {
            "change": {"rotation": 30, "shift": 1, "scale": 1, "thickness": 0, "noise": 0},
            "name": "rotation",
        },
        {"change": {"rotation": [1]}, "name": "rotation"},
        {"change": {"self": 1, "__class__": 2}, "name": ["rotation"]},
    ],
    "my-handwriting": [
        {"action": {"kind": kind, "label": label, "index": 0, "text": text}}
        for kind in ("show", "add", "remove", "clear", "save", "open")
        for label, text in ((7, "{}"), (7.0, "[" * 100_000), ([], '{"format": 1}'))
    ],
    "live-view": [{"open": True}, {"open": False}, {}],
    "runs": [
        {"runs": {}, "action": {"kind": kind, "number": 1, "name": MARKUP, "what": what}}
        for kind in ("select", "rename", "delete", "save", "clear")
        for what in ("model", "script", "curves")
    ]
    + [
        {"action": {"kind": "open", "name": "a.safetensors", "content": content}}
        for content in ("", "AAAA", base64.b64encode(b"\xff" * 8 + b"{}").decode(), "é", None)
    ]
    + [{"action": {"kind": "open", "name": "../../a.pkl", "content": "gASVAAAA"}}],
    "lesson": [
        {"guess": 0, "chosen": 0},
        {"guess": 10**30, "chosen": -1, "training_all": MARKUP},
        {"training_all": True},
    ],
    "lessons": [{"search": "?recipe=softmax,mlp"}, {"search": [MARKUP]}, {"search": "?" * 10**5}],
    "lesson-editor": [
        {"set_ups": [{"recipe": "mlp"}] * 100, "remove": None},
        {"set_ups": [{"recipe": [MARKUP], "epochs": {}}, None, MARKUP], "remove": 10**30},
        {"set_ups": {"0": 1}, "remove": 0.5},
    ],
    "report": [{}],
    "league": [{}],
    "playback": [
        {"run": 1, "step": 0},
        {"run": 1, "step": 10**30, "more": True},
        {"run": [1], "step": float("nan"), "more": MARKUP},
    ],
    "tiles": [{}, {"page": 2}, {"open": 3}, {"page": 1e308}, {"page": 10**30}, {"open": -1}],
    "detail": [{"index": 5}, {}, {"index": 1e308}, {"index": 2.5}],
    "agreement": [{"picked": "both"}, {"picked": MARKUP}],
    "gallery-confusion": [{"picked": {"label": 3, "prediction": 5}}, {"picked": {"label": 3.5}}],
}
BODIES = [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null", b"[]", b'{"data": 1e999}']
TEXTS = [
    "",
    "softmax",
    "?tab=train&recipe=softmax,mlp&epochs=1&question=Which%3F&hide=settings",
    f"?tab={MARKUP}&recipe={MARKUP}&question={MARKUP}&hide={MARKUP}&epochs={MARKUP}",
    "?" + "recipe=softmax,&" * 3000,
    "?question=%ED%A0%80%00&epochs=" + "9" * 4000,
]
WILD: list[Any] = [
    None,
    True,
    -1,
    0.5,
    1e308,
    10**30,
    10**400,
    float("nan"),
    float("inf"),
    "",
    "1",
    MARKUP,
    "${7*7}{{7*7}}",
    "x" * 100_000,
    "\ud800",
    "\u202e\u0000\u001b[31m",
    "../../../../etc/passwd",
    [],
    [[]] * 1000,
    deep(50),
    deep(900),
    {},
    {"": {"": ""}},
    {"__type__": "update", "value": 1, "visible": False},
    {"__proto__": {"a": 1}},
    file("/etc/passwd"),
    file("http://127.0.0.1:9/a.png"),
    file(None, url="http://127.0.0.1:9/a.png"),
    file(["/etc/passwd"], is_stream=True),
    {"meta": {"_type": "gradio.FileData"}},
    uri(bomb(30_000)),
]


def valid(component: Any, chance: random.Random) -> Any:
    """A value that the page could send for a component of /config."""
    props = component["props"]
    match component["type"]:
        case "html":
            return chance.choice(OURS.get(props.get("elem_id"), [{}]))
        case "dropdown":
            values = [value for _, value in props["choices"]]
            # It makes thousands of drawings before it trains, and cannot be stopped meanwhile.
            is_recipe = props.get("elem_id") == "recipe"
            return chance.choice([one for one in values if not is_recipe or one != "robust_cnn"])
        case "number":
            return chance.choice([props.get("value"), 0, 1, 3, 100])
        case "checkbox":
            return chance.random() < 0.5
        case "textbox":
            return chance.choice(TEXTS)
        case _:
            return None


def mutate(value: Any, chance: random.Random) -> Any:
    """Something near `value`, or nothing like it."""
    if isinstance(value, dict) and value and chance.random() < 0.7:
        name = chance.choice(list(value))
        return {**value, name: mutate(value[name], chance)}
    if isinstance(value, list) and value and chance.random() < 0.7:
        at = chance.randrange(len(value))
        return [*value[:at], mutate(value[at], chance), *value[at + 1 :]]
    return chance.choice(WILD)


def break_body(body: dict[str, Any], chance: random.Random) -> Any:
    """A request that the page would never send."""
    more = ["trigger_id", "event_data", "batched", "event_id", "simple_format"]
    name = chance.choice([*body, *more])
    kind = chance.randrange(4)
    if kind == 0:
        return {key: value for key, value in body.items() if key != name}
    if kind == 1:
        return body | {"data": body["data"][: chance.randrange(len(body["data"]) + 1)]}
    if kind == 2:
        return body | {name: chance.choice([*WILD, 0, 10_000])}
    return chance.choice(BODIES)
