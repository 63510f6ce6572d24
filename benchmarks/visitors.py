"""What a class does: each visitor draws, looks through the Gallery, and some train in turn."""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.growing_drawings import (
    SECONDS,
    UPDATES,
    GrowingDrawing,
    find_fault,
    pictures_of,
)
from benchmarks.visited_page import PageError, VisitedPage
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL

FRAME = SECONDS / UPDATES  # seconds: the pen has moved on in each
# How a page asks while the pen is down: as soon as the server has told it to, or by the fixed clock
# that it had before.
TOLD, FIXED = CLOCKS = ("told", "fixed")
ARRIVING = "arriving"  # as told; what is seen while pages are loaded counts for neither
FIXED_CLOCK = 0.08  # seconds
THINKING = 2.0  # seconds between two drawings
LOOKING = 1.0  # seconds at a page of the Gallery, and at a digit
BETWEEN_TRAININGS = 3.0  # seconds until the next one's turn
DRAWINGS_A_VISIT = 4  # to the Gallery


@dataclass(frozen=True)
class Timed:
    """One answer. clock: by which all pages asked."""

    seconds: float
    training: bool
    clock: str


@dataclass
class Ledger:
    """What was seen. waits: from pen-up to the answer to the whole drawing, in seconds. drawn:
    seconds that pens were down, by the clock."""

    pages: list[float] = field(default_factory=list)
    predictions: list[Timed] = field(default_factory=list)
    waits: list[Timed] = field(default_factory=list)
    gallery: list[Timed] = field(default_factory=list)
    trainings: list[Timed] = field(default_factory=list)
    drawn: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    errors: Counter[str] = field(default_factory=Counter)


class Class:
    """All visitors. pictures: whose drawings are shown to the network as which picture. clock: by
    which all ask, TOLD once all have come, then another one after each training."""

    def __init__(self, drawings: list[list[GrowingDrawing]]) -> None:
        self.ledger = Ledger()
        self.training = False
        self.clock = ARRIVING
        self.training_place = asyncio.Lock()  # to train
        self.pictures: Mapping[str, int] = {
            picture: visitor
            for visitor, user_models in enumerate(drawings)
            for drawing in user_models
            for answer in drawing.answers
            for picture in pictures_of(answer)
        }


class Visitor:
    def __init__(
        self, number: int, page: VisitedPage, drawings: list[GrowingDrawing], room: Class
    ) -> None:
        self._number = number
        self._page = page
        self._drawings = drawings
        self._room = room
        self._gallery_page = 1
        self._random = np.random.default_rng(number)

    async def stay(self, trains: bool, assets: list[str], arrives: float, until: float) -> None:
        """Come after `arrives` seconds, and be active until that time of time.perf_counter."""
        await asyncio.sleep(arrives)
        started = time.perf_counter()
        await self._note(self._page.open(assets))
        self._room.ledger.pages.append(time.perf_counter() - started)
        drawn = int(self._random.integers(len(self._drawings)))
        while time.perf_counter() < until:
            begun = self._room.clock != ARRIVING
            if trains and begun and not self._room.training_place.locked():
                async with self._room.training_place:
                    await self._note(self.train())
                    self._room.clock = FIXED if self._room.clock == TOLD else TOLD
                    await asyncio.sleep(BETWEEN_TRAININGS)
            await self._note(self.draw(self._drawings[drawn % len(self._drawings)]))
            drawn += 1
            await asyncio.sleep(THINKING)
            if drawn % DRAWINGS_A_VISIT == 0:
                await self._note(self.browse())
        self._page.close()

    async def _note(self, work: Awaitable[None]) -> None:
        """Do it; a fault is counted, and the visitor goes on."""
        try:
            await work
        except PageError as error:
            self._room.ledger.errors[str(error)] += 1
        except (OSError, EOFError) as error:
            self._room.ledger.errors[f"connection: {error!r}"] += 1

    async def draw(self, drawing: GrowingDrawing) -> None:
        """One question under way at most, and the newest state next: as the page does it."""
        started = time.perf_counter()
        lifted = started + SECONDS
        sent, turn = -1, started
        while sent < UPDATES:
            now = time.perf_counter()
            newest = min(UPDATES, int((now - started) / FRAME))
            begins = max(min(turn, lifted), started + (sent + 1) * FRAME)
            if now < begins:
                await asyncio.sleep(begins - now)
                continue
            clock = self._room.clock
            pause = await self._ask(drawing, newest, clock)
            sent = newest
            turn = now + FIXED_CLOCK if clock == FIXED else time.perf_counter() + pause
        ledger = self._room.ledger
        ledger.waits.append(Timed(time.perf_counter() - lifted, self._room.training, clock))
        ledger.drawn[clock] += SECONDS

    async def _ask(self, drawing: GrowingDrawing, update: int, clock: str) -> float:
        """Seconds that the page is to wait before it asks again."""
        room = self._room
        self._page.put("pad", drawing.states[update])
        training = room.training
        shown, seconds, pause = await self._page.read()
        room.ledger.predictions.append(Timed(seconds, training or room.training, clock))
        expected = drawing.answers[update]
        if fault := find_fault(shown, expected, room.pictures, self._number):
            room.ledger.errors[f"{fault} answer"] += 1
        return pause

    async def train(self) -> None:
        """Press Train and wait for the model; then do what the page does with a new model."""

        def begin() -> None:
            self._room.training = True

        clock = self._room.clock
        try:
            answer = await self._page.trigger("train", "click", begin)
        finally:
            self._room.training = False
        self._room.ledger.trainings.append(Timed(answer.running_seconds, True, clock))
        await self._page.follow("train", "click")
        await self._page.trigger("gallery-model", "change")
        self._page.put("draw-model", DEFAULT_MODEL)  # whose answers are known

    async def browse(self) -> None:
        """Open the Gallery, turn its page, open a digit, and read why."""
        if self._gallery_page == 1:
            await self._look("tiles", "ask")
        self._gallery_page += 1
        self._page.put("tiles", {"page": self._gallery_page})
        tiles = await self._look("tiles", "change_page")
        await asyncio.sleep(LOOKING)
        shown = [value for value in tiles.values() if isinstance(value, dict) and "tiles" in value]
        if not shown or shown[0]["page"] != self._gallery_page:
            raise PageError("wrong page of the Gallery")
        index = self._random.choice([tile["index"] for tile in shown[0]["tiles"]]).item()
        self._page.put("tiles", {"open": index})
        (detail,) = (await self._look("tiles", "pick")).values()
        if detail.get("index") != index:
            raise PageError("another digit of the Gallery")
        (why,) = (await self._look("reasons", "ask")).values()
        if not str(why.get("key", "")).startswith(f"{index} "):
            raise PageError("reasons for another digit")
        await asyncio.sleep(LOOKING)
        self._page.put("detail", {})

    async def _look(self, name: str, event: str) -> dict[int, Any]:
        training, clock = self._room.training, self._room.clock
        answer = await self._page.trigger(name, event)
        seen = Timed(answer.seconds, training or self._room.training, clock)
        self._room.ledger.gallery.append(seen)
        return answer.data
