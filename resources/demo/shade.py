"""From buffers to a photograph: light, shadow, haze, then the film's curve and its grain."""

from __future__ import annotations

import cv2
import numpy as np

from resources.demo.light import Light
from resources.demo.pixels import Bytes, Floats, blurred, resized
from resources.demo.zbuffer import SKY, Buffers

LINEAR = ((np.arange(256, dtype=np.float32) / np.float32(255)) ** np.float32(2.2)).astype(np.float32)
LAMPLIGHT = (1.0, 0.66, 0.30)


def nearness_shade(depth: Floats) -> Floats:
    """0 to 1 (h, w): darker behind what stands close in front, by comparing depth with its surroundings.

    Depth darkening after Luft, Colditz, Deussen: Image enhancement by unsharp masking the depth buffer (2006).
    """
    small = (depth.shape[1] // 2, depth.shape[0] // 2)
    log = np.log(np.minimum(resized(depth, small), 400.0)).astype(np.float32)
    dark = np.zeros_like(log)
    for share, weight in ((0.012, 0.55), (0.035, 0.45)):
        step = np.clip(log - blurred(log, share * small[0]), 0, 0.05) / np.float32(0.05)
        dark += np.float32(weight) * step
    return np.asarray(1 - 0.38 * resized(dark, (depth.shape[1], depth.shape[0])), np.float32)


def lit_colour(buffers: Buffers, sunny: Floats, sky: Floats, light: Light) -> Floats:
    """Linear colour (h, w, 3) of everything; `sunny` is the share of sun (h, w), `sky` the sky's colour."""
    mood = light.colours()
    scale = np.float32(1 / 255)
    direct = buffers.light[..., 0] * scale * sunny
    ambient = buffers.light[..., 1] * scale * nearness_shade(buffers.depth)
    haze = 1 - np.exp(-buffers.depth / np.float32(mood.haze))
    open_sky = buffers.thing == SKY
    channels = []
    # One channel at a time: numpy is several times faster on planes than on triples.
    for c in range(3):
        plane = ambient * np.float32(mood.sky[c] + mood.bounce[c])
        plane += direct * np.float32(mood.sun[c])
        plane *= np.take(LINEAR, buffers.paint[..., c])
        if mood.glow > 0:
            plane += buffers.light[..., 2] * (scale * np.float32(mood.glow * LAMPLIGHT[c]))
        plane += haze * (np.float32(0.85 * mood.horizon[c]) - plane)
        np.copyto(plane, sky[..., c], where=open_sky)
        channels.append(plane)
    return np.asarray(cv2.merge(channels), np.float32)


def developed(linear: Floats, light: Light, seed: int) -> Bytes:
    """The photograph (h, w, 3) as bytes: bloom, filmic curve (Narkowicz 2015), vignette, sensor noise."""
    colour = linear * np.float32(light.colours().exposure)
    bright = np.maximum(colour - np.float32(1.0), 0)
    colour += np.float32(0.22) * blurred(np.asarray(bright, np.float32), 0.008 * colour.shape[1])
    grey = colour.mean(axis=2, keepdims=True)
    colour = np.float32(0.72) * np.maximum(grey + np.float32(0.86) * (colour - grey), 0)
    colour = colour * (2.51 * colour + 0.03) / (colour * (2.43 * colour + 0.59) + 0.14)
    tone = np.clip(colour, 0, 1) ** np.float32(1 / 2.2)
    y = np.linspace(-1, 1, tone.shape[0], dtype=np.float32)[:, None]
    x = np.linspace(-1, 1, tone.shape[1], dtype=np.float32)[None, :]
    tone *= (1 - 0.09 * (x * x + y * y) ** 1.5)[..., None]
    random = np.random.default_rng(seed)
    grain = random.standard_normal(tone.shape[:2], dtype=np.float32)[..., None]
    grain = grain + 0.5 * random.standard_normal(tone.shape, dtype=np.float32)
    strength = 0.0052 + (0.006 if light.mood == "dusk" else 0.0)
    return np.asarray(np.clip(tone + strength * grain, 0, 1) * 255 + 0.5, np.uint8)
