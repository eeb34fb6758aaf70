"""Click-to-mask: clicks on the object and beside it; a model of the project says what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt

from annotator.domain.geometry import Polygon
from annotator.domain.raster import fill
from annotator.domain.regions import subtract
from annotator.domain.shapes import Shape
from annotator.editing.drawing.region import replaced_shape
from annotator.editing.edits import Edit
from annotator.editing.snapping import inside_image
from annotator.premask.click.outlines import Smallest
from annotator.premask.click_model.answer import Click
from annotator.premask.click_model.outline import answer_polygons
from annotator.premask.features import Floats
from annotator.ui.canvas.pyramid import ImagePyramid
from annotator.ui.click_reader import Reading
from annotator.ui.tools.base import Paint, Tool, ToolEvent, ToolHost
from annotator.ui.tools.latest import LatestWork
from annotator.ui.tools.regions import fresh_edit, paint_regions, select_new, shape_ids, smallest_of
from annotator.ui.tools.sketching import as_array, paint_disc, paint_line

RADIUS = 6.0
"""Widget pixels: radius of the mark of a click."""

READING = "Reading the image for click-to-mask …"

Clicks = tuple[Click, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What some clicks mean: polygons, what of the refined polygon goes, and logits for the next click to refine."""

    polygons: tuple[Polygon, ...]
    less: tuple[Polygon, ...]
    low: Floats | None
    missed: int


class ClickToMaskTool(Tool):
    """Left button: object; right button or Alt: not. Clicks refine the selected polygon, or make a new one."""

    name = "click-to-mask"
    title = "Click-to-mask"
    default_key = "K"
    icon = "click-to-mask"
    help = (
        "Click on the object, with the right button or Alt beside it; Enter takes the mask, "
        "Shift+Enter as an occluder, Backspace drops a click."
    )
    uses_right_button = True
    needs_click_model = True

    def __init__(self, host: ToolHost) -> None:
        super().__init__(host)
        self._reading: Reading | None = None
        self._picture: ImagePyramid | None = None
        self._clicks: Clicks = ()
        self._shape: Shape | None = None
        self._steps: dict[Clicks, Step] = {}
        self._work = LatestWork(host, "click-to-mask")
        self._takes: bool | None = None

    @property
    def clicks(self) -> Clicks:
        """The clicks so far."""
        return self._clicks

    @property
    def result(self) -> tuple[Polygon, ...] | None:
        """What Enter would take; None while it is worked out."""
        step = self._steps.get(self._clicks)
        return step.polygons if step is not None else None

    def begin(self) -> None:
        """Clicks that were made are asked anew: the person chose another model."""
        self._work.forget()
        self._steps.clear()
        self._read()
        self.host.refresh(None)

    def press(self, event: ToolEvent) -> None:
        session = self.host.session
        if session is None or event.double:
            return
        if not self._clicks:
            self._shape = self._going_on()
        positive = not (event.right or event.holds(Qt.KeyboardModifier.AltModifier))
        x, y = inside_image(event.at, session.annotation.size)
        self._clicks = (*self._clicks, Click(x, y, positive))
        if self._reading is None or self._picture is not self.host.picture:
            self._read()
        self._find()
        self.host.refresh(None)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
        if not self._clicks:
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(occluder=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        elif key is Qt.Key.Key_Backspace:
            self._clicks, self._takes = self._clicks[:-1], None
            if self._clicks:
                self._find()
            else:
                self.cancel()
        else:
            return key is Qt.Key.Key_Escape
        self.host.refresh(None)
        return True

    @property
    def unfinished(self) -> bool:
        return bool(self._clicks)

    def cancel(self) -> None:
        self._work.forget()
        self._clicks, self._shape, self._takes = (), None, None
        self._steps.clear()
        self.host.refresh(None)

    def paint(self, paint: Paint) -> None:
        step = self._shown()
        if step is not None:
            for polygon in step.polygons:
                paint_regions(paint, [ring.points for ring in polygon.rings], "overlay_object")
            for polygon in step.less:
                paint_regions(paint, [ring.points for ring in polygon.rings], "overlay_occluder")
        for click in self._clicks:
            _paint_click(paint, click)

    def _shown(self) -> Step | None:
        """What the clicks mean, or what they meant before the last ones until that is known."""
        prefixes = (self._clicks[:count] for count in range(len(self._clicks), 0, -1))
        return next((self._steps[clicks] for clicks in prefixes if clicks in self._steps), None)

    def _read(self) -> None:
        self._reading, self._picture = None, self.host.picture
        if self.host.read_for_clicks(self._read_it) and self._reading is None:
            self.host.hint(READING)

    def _read_it(self, reading: Reading) -> None:
        self._reading = reading
        self.host.hint(self.help)
        self._find()

    def _going_on(self) -> Shape | None:
        """The one selected polygon, which the clicks refine."""
        session, chosen = self.host.session, self.host.selection.shapes
        if session is None or len(chosen) != 1:
            return None
        shape = session.annotation.shape(chosen[0])
        return None if shape.locked else shape

    def _find(self) -> None:
        """Have the mask of the clicks so far worked out, when the image is read."""
        reading, clicks = self._reading, self._clicks
        if reading is None or not clicks or clicks in self._steps:
            return
        known, shape, smallest = dict(self._steps), self._shape, smallest_of(self.host.rules)
        self._work.want(lambda: _steps(reading, clicks, shape, known, smallest), self._found)

    def _found(self, steps: Mapping[Clicks, Step]) -> None:
        self._steps.update(steps)
        step = self._steps.get(self._clicks)
        if step is not None:
            self.host.hint(_words(step) or self.help)
        self.host.refresh(None)
        if self._takes is not None and step is not None:
            self._take(occluder=self._takes)

    def _take(self, *, occluder: bool) -> None:
        step = self._steps.get(self._clicks)
        if step is None:
            self._takes = occluder
            return
        self._takes = None
        before = shape_ids(self.host)
        if not step.polygons:
            self.host.hint("The clicks mean nothing yet: click on the object, and beside it with Alt.")
            return
        if self.host.attempt(lambda: self._edit(step, occluder)):
            self.cancel()
            select_new(self.host, before)

    def _edit(self, step: Step, occluder: bool) -> Edit | None:
        session, shape = self.host.session, self._shape
        if session is None:
            return None
        if shape is not None and shape in session.annotation.shapes and not occluder:
            return replaced_shape(session.annotation, shape, step.polygons, "click-to-mask")
        return fresh_edit(self.host, step.polygons, "click-to-mask", occluder=occluder)


def _steps(
    reading: Reading, clicks: Clicks, shape: Shape | None, known: Mapping[Clicks, Step], smallest: Smallest
) -> dict[Clicks, Step]:
    """What the clicks mean, one after the other: each refines what those before it meant, whatever was in time."""
    frame = reading.embedding.frame
    base = fill([shape.polygon], frame.image) if shape is not None else None
    found = dict(known)
    for count in range(1, len(clicks) + 1):
        told = clicks[:count]
        if told in found:
            continue
        if base is None and not any(click.positive for click in told):
            found[told] = Step((), (), None, 0)
            continue
        before = found.get(told[:-1])
        previous = before.low if before is not None and before.low is not None else base
        answer = reading.model.click(reading.embedding, told, previous)
        polygons = answer_polygons(answer.mask, frame, smallest)
        less = tuple(subtract(shape.polygon, polygons)) if shape is not None else ()
        found[told] = Step(polygons, less, answer.low, len(answer.missed))
    return found


def _words(step: Step) -> str:
    """What has to be said of an answer; empty where nothing has."""
    if step.missed == 1:
        return "The model does not follow one of the clicks: click again, or draw that part by hand."
    if step.missed:
        return f"The model does not follow {step.missed} of the clicks: click again, or draw those parts by hand."
    return ""


def _paint_click(paint: Paint, click: Click) -> None:
    """A disc with a plus, or with a minus."""
    ink = "overlay_object" if click.positive else "overlay_occluder"
    x, y = click.x, click.y
    paint_disc(paint, (x, y), RADIUS / paint.view.scale, ink)
    arm = RADIUS / 2 / paint.view.scale
    paint_line(paint, as_array([(x - arm, y), (x + arm, y)]), ink)
    if click.positive:
        paint_line(paint, as_array([(x, y - arm), (x, y + arm)]), ink)
