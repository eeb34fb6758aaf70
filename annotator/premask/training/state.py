"""What a training keeps between two starts, in `state.pt`."""

from __future__ import annotations

import hashlib
import io
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from annotator.domain.errors import BadFileError
from annotator.premask.training.network import LocalFeatures


@dataclass(frozen=True, slots=True)
class Run:
    """What a run changes with every step."""

    network: LocalFeatures
    optimiser: torch.optim.Optimizer
    schedule: torch.optim.lr_scheduler.LRScheduler

    def begin(self, path: Path, begin_with: Path | None, device: torch.device) -> tuple[int, str | None]:
        """The first step, after the state at `path` or else the weights of `begin_with` were taken, and the SHA-256 of
        the state with whose weights the run began."""
        begun_with = None
        if begin_with is not None:
            state, begun_with = _read(begin_with, device)
            self._load(begin_with, state, ("network",))
        if not path.exists():
            return 0, begun_with
        state, _ = _read(path, device)
        recorded = state.get("begun_with", begun_with)  # older states do not tell
        if begin_with is not None and recorded != begun_with:
            problem = f"its run did not begin with {begin_with}"
            raise BadFileError(path, problem, "leave --begin-with out, or name another folder for a new run")
        self._load(path, state, ("network", "optimiser", "schedule"))
        return int(state["step"]), recorded

    def keep(self, path: Path, step: int, recipe: dict[str, Any], begun_with: str | None) -> None:
        """Write the state after `step` steps, whole or not at all."""
        state = {
            "network": self.network.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "step": step,
            "recipe": recipe,
            "begun_with": begun_with,
        }
        partial = path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(path)

    def _load(self, path: Path, state: dict[str, Any], parts: tuple[str, ...]) -> None:
        try:
            for part in parts:
                getattr(self, part).load_state_dict(state[part])
        except (KeyError, TypeError, RuntimeError, AttributeError) as error:
            raise _no_state(path) from error


def _read(path: Path, device: torch.device) -> tuple[dict[str, Any], str]:
    """The content of a state, and its SHA-256."""
    try:
        content = path.read_bytes()
        state = torch.load(io.BytesIO(content), map_location=device, weights_only=True)
    except (OSError, EOFError, RuntimeError, pickle.UnpicklingError) as error:
        raise _no_state(path) from error
    if not isinstance(state, dict) or not isinstance(state.get("step"), int):
        raise _no_state(path)
    return state, hashlib.sha256(content).hexdigest()


def _no_state(path: Path) -> BadFileError:
    problem = "no state of a training run of this network"
    return BadFileError(path, problem, "name the state.pt that an earlier run wrote")
