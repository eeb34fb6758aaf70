"""Light of the hour: where the sun stands, and the colours of sun, sky and haze."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resources.demo.camera import Triple, Vector


@dataclass(frozen=True, slots=True)
class Mood:
    """Linear colours; `glow` is how bright lit windows are, `cover` how much of the sky clouds hide (0 to 1)."""

    sun: Triple
    sky: Triple
    bounce: Triple
    zenith: Triple
    horizon: Triple
    cloud: Triple
    cover: float
    glow: float
    haze: float
    exposure: float


MOODS: dict[str, Mood] = {
    "day": Mood(
        (2.75, 2.45, 2.0), (0.50, 0.62, 0.82), (0.20, 0.17, 0.13), (0.10, 0.27, 0.66), (0.56, 0.74, 0.95),
        (1.25, 1.24, 1.22), 0.42, 0.0, 620.0, 0.86,
    ),
    "golden": Mood(
        (3.1, 2.1, 1.15), (0.46, 0.52, 0.70), (0.24, 0.17, 0.10), (0.12, 0.29, 0.66), (0.90, 0.84, 0.68),
        (1.35, 1.10, 0.85), 0.38, 0.05, 480.0, 0.84,
    ),
    "overcast": Mood(
        (0.42, 0.41, 0.39), (1.02, 1.06, 1.12), (0.25, 0.24, 0.22), (0.62, 0.67, 0.74), (0.88, 0.90, 0.92),
        (0.95, 0.97, 1.0), 0.92, 0.06, 420.0, 0.92,
    ),
    "dusk": Mood(
        (0.95, 0.46, 0.20), (0.25, 0.33, 0.60), (0.11, 0.09, 0.08), (0.025, 0.07, 0.27), (0.86, 0.50, 0.28),
        (0.50, 0.34, 0.36), 0.34, 1.0, 520.0, 1.08,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Light:
    """A mood with the sun's compass direction (0 north, 90 east) and height above the horizon, in degrees."""

    mood: str = "day"
    azimuth: float = 215.0
    elevation: float = 42.0

    def colours(self) -> Mood:
        """The colours of the mood."""
        return MOODS[self.mood]

    def sun(self) -> Vector:
        """Unit vector towards the sun."""
        a, e = np.radians(self.azimuth), np.radians(self.elevation)
        return np.array([np.sin(a) * np.cos(e), np.sin(e), np.cos(a) * np.cos(e)])
