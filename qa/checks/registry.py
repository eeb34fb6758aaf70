"""All checks in the order in which their findings are shown, and the function that runs them."""

from __future__ import annotations

from qa.checks import (
    across_groups,
    against_geometry,
    along_the_border,
    area_in_group,
    broken_polygon,
    duplicate_polygon,
    empty_mask,
    occluder_left_in,
    occluder_size,
    small_hole,
    speck,
    too_fast,
    unchanged_premask,
)
from qa.checks.finding import Check, Finding, Given, Severity

CHECKS: tuple[Check, ...] = (
    empty_mask.CHECK,
    broken_polygon.CHECK,
    speck.CHECK,
    small_hole.CHECK,
    duplicate_polygon.CHECK,
    occluder_size.CHECK,
    occluder_left_in.CHECK,
    along_the_border.CHECK,
    area_in_group.CHECK,
    against_geometry.CHECK,
    across_groups.CHECK,
    too_fast.CHECK,
    unchanged_premask.CHECK,
)


def findings(given: Given) -> tuple[Finding, ...]:
    """What all checks find, errors first.

    A broken polygon makes what follows from its mask meaningless, so only errors are reported beside it.
    """
    found = [finding for check in CHECKS for finding in check.find(given)]
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    warnings = [finding for finding in found if finding.severity is Severity.WARNING]
    broken = any(finding.check == broken_polygon.CHECK.name for finding in errors)
    return tuple(errors if broken else errors + warnings)
