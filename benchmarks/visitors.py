"""What a class does: each visitor draws, looks through the Gallery, and some train in turn."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.growing_drawings import UPDATES, GrowingDrawing, find_fault
from benchmarks.visited_page import PageError, VisitedPage
from mnist_demo.ui.compute.model_store import DEFAULT_MODEL

UPDATE_EVERY = 0.1  # seconds: ten updates a second while the pen is down
THINKING = 2.0  # seconds between two drawings
LOOKING = 1.0  # seconds at a page of the Gallery, and at a digit
BETWEEN_TRAININGS = 3.0  # seconds until the next one's turn
DRAWINGS_A_VISIT = 4  # to the Gallery
# Answers a second that one visitor asks for, where none is late.
_ROUND = DRAWINGS_A_VISIT * (UPDATES * UPDATE_EVERY + THINKING) + 2 * LOOKING
WANTED = DRAWINGS_A_VISIT * (UPDATES + 1) / _ROUND


@dataclass(frozen=True)
class Timed:
    """One answer. at: when it was sent, by time.perf_counter."""

    at: float
    seconds: float
    training: bool


@dataclass
class Ledger:
    """What was seen. waits: from pen-up to the answer to the whole drawing, in seconds."""

    pages: list[float] = field(default_factory=list)
    predictions: list[Timed] = field(default_factory=list)
    waits: list[Timed] = field(default_factory=list)
    gallery: list[Timed] = field(default_factory=list)
    trainings: list[Timed] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)


class Class:
    """All visitors. pictures: whose drawings are shown to the network as which picture."""

    def __init__(self, drawings: list[list[GrowingDrawing]]) -> None:
        self.ledger = Ledger()
        self.training = False
        self.training_place = asyncio.Lock()  # to train
        self.pictures: Mapping[str, int] = {
            answer["picture"]: visitor
            for visitor, user_models in enumerate(drawings)
            for drawing in user_models
            for answer in drawing.answers
            if answer
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
            if trains and not self._room.training_place.locked():
                async with self._room.training_place:
                    await self._note(self.train())
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
        """Ten updates a second, one under way at most, the newest next: as the page does it."""
        started = time.perf_counter()
        sent = -1
        while sent < UPDATES:
            newest = min(UPDATES, int((time.perf_counter() - started) / UPDATE_EVERY))
            if newest <= sent:
                next_one = started + (sent + 1) * UPDATE_EVERY
                await asyncio.sleep(max(0.0, next_one - time.perf_counter()))
                continue
            await self._ask(drawing, newest)
            sent = newest
        lifted = started + UPDATES * UPDATE_EVERY
        wait = Timed(lifted, time.perf_counter() - lifted, self._room.training)
        self._room.ledger.waits.append(wait)

    async def _ask(self, drawing: GrowingDrawing, update: int) -> None:
        room = self._room
        self._page.put("pad", drawing.states[update])
        at, training = time.perf_counter(), room.training
        shown, seconds = await self._page.read()
        room.ledger.predictions.append(Timed(at, seconds, training or room.training))
        expected = drawing.answers[update]
        if fault := find_fault(shown, expected, room.pictures, self._number):
            room.ledger.errors[f"{fault} answer"] += 1

    async def train(self) -> None:
        """Press Train and wait for the model; then do what the page does with a new model."""

        def begin() -> None:
            self._room.training = True

        at = time.perf_counter()
        try:
            answer = await self._page.trigger("train", "click", begin)
        finally:
            self._room.training = False
        self._room.ledger.trainings.append(Timed(at, answer.running_seconds, True))
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
        at, training = time.perf_counter(), self._room.training
        answer = await self._page.trigger(name, event)
        seen = Timed(at, answer.seconds, training or self._room.training)
        self._room.ledger.gallery.append(seen)
        return answer.data
