from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from annotator.domain.dataset import PairKey
from annotator.domain.errors import GeometryError, OutsideImageError, Place, RefusedError
from annotator.domain.geometry import Ring
from annotator.domain.passes import Verdict
from annotator.domain.remarks import RemarkPlace, pinned
from annotator.domain.shapes import Annotation
from annotator.project import Project
from qa.dashboard import dashboard
from qa.hand_over import submit
from qa.remarks import OpenAndSettled, add_remark, count_threads, open_threads, project_threads
from qa.report.document import document
from qa.report.json_form import report_data
from qa.report.pictures import Pictures

KEY, OTHER = PairKey(0, "a"), PairKey(0, "b")
SQUARE = Ring([[2, 2], [6, 2], [6, 6], [2, 6]])


@pytest.fixture
def size(project: Project) -> tuple[int, int]:
    """Size of the index image."""
    return project.library.size("a")


def test_a_remark_is_pinned_inside_its_image(project: Project, size: tuple[int, int]) -> None:
    width, height = size
    corners = ((-0.5, -0.5), (width - 0.5, height - 0.5))
    made = [add_remark(project, KEY, pinned(x, y), "Ann", "here") for x, y in corners]
    assert project.store.remarks(KEY) == tuple(made)


@pytest.mark.parametrize(("dx", "dy"), [(0.01, 0), (0, 0.01), (1e5, 0), (-1e5, -1e5)])
def test_a_remark_outside_its_image_is_refused(project: Project, size: tuple[int, int], dx: float, dy: float) -> None:
    x, y = size[0] - 0.5 + dx, size[1] - 0.5 + dy
    for place in (pinned(x, y), RemarkPlace(region=Ring([[1, 1], [x, y], [1, 5]]))):
        with pytest.raises(OutsideImageError, match=r"outside a, which has \d+ × \d+ pixels; pin it inside"):
            add_remark(project, KEY, place, "Ann", "there")
    assert project.store.remarks(KEY) == ()


def test_the_size_of_the_query_image_counts_for_a_remark_on_it(project: Project) -> None:
    width, height = project.library.size("q0")
    add_remark(project, KEY, pinned(width - 0.5, height - 0.5, query=0), "Ann", "here")
    with pytest.raises(OutsideImageError, match="outside q0"):
        add_remark(project, KEY, pinned(width, 0, query=0), "Ann", "there")


def test_a_query_of_another_group_is_refused(project: Project) -> None:
    with pytest.raises(RefusedError, match="Query 2 is not in g00; pin the remark to a query of that group"):
        add_remark(project, KEY, RemarkPlace(query=2), "Ann", "there")


def test_a_pass_with_a_remark_outside_its_image_leaves_nothing(
    project: Project, draw: Callable[..., Annotation]
) -> None:
    with pytest.raises(OutsideImageError):
        submit(
            project, KEY, "Ann", Verdict.SUBMITTED, draw(), pass_number=1,
            remarks=[(pinned(1, 1), "fine"), (pinned(-9, 0), "outside")],
        )  # fmt: skip
    assert project.store.passes(KEY) == ()
    assert project.store.remarks(KEY) == ()


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), 1e9])
def test_places_that_cannot_be_are_not_made(bad: float) -> None:
    with pytest.raises(GeometryError, match="no place in any image"):
        pinned(1, bad)
    with pytest.raises(GeometryError, match="no place in any image"):
        RemarkPlace(region=Ring([[1, 1], [bad, 2], [3, 3]]))


def test_regions_that_cannot_be_are_not_made() -> None:
    with pytest.raises(GeometryError, match="at least 3"):
        RemarkPlace(region=Ring([[1, 1], [2, 2]]))
    with pytest.raises(GeometryError, match="encloses nothing"):
        RemarkPlace(region=Ring([[1, 1], [2, 2], [3, 3]]))
    with pytest.raises(GeometryError, match="at least 3"):
        RemarkPlace(region=Ring([[1, 1], [1.0001, 1], [1, 1.0001]]))  # a point once rounded as it is stored
    with pytest.raises(RefusedError, match="has 501 vertices and may have 500"):
        RemarkPlace(region=Ring([[i, i * i] for i in range(501)]))
    with pytest.raises(RefusedError, match="choose one of them"):
        RemarkPlace(Place(1, 1), SQUARE)


def test_where_the_pin_of_a_place_stands() -> None:
    assert RemarkPlace().anchor is None
    assert RemarkPlace(query=3).box is None
    assert (pinned(3, 4).anchor, pinned(3, 4).box) == (Place(3, 4), (3, 4, 3, 4))
    region = RemarkPlace(region=Ring([[6, 6], [6, 2], [2, 2], [2, 6]]))
    assert (region.anchor, region.box) == (Place(2, 2), (2, 2, 6, 6))


def test_threads_concern_who_wrote_in_them_and_whose_mask_it_is(
    project: Project, draw: Callable[..., Annotation]
) -> None:
    submit(project, KEY, "Ann", Verdict.SUBMITTED, draw(), pass_number=1)
    first = add_remark(project, KEY, RemarkPlace(region=SQUARE), "Ben", "too wide")
    answer = add_remark(project, KEY, RemarkPlace(), "Rosa", "it is", first.id)
    settled = add_remark(project, OTHER, pinned(1, 1, query=0), "Dee", "look")
    project.store.settle_remark(settled.id, "Dee")
    one, other = project_threads(project)
    assert (one.key, one.first, one.answers, one.settled) == (KEY, first, (answer,), False)
    assert one.people == {"Ann", "Ben", "Rosa"}
    assert (other.key, other.answers, other.settled, other.people) == (OTHER, (), True, {"Dee"})
    counts = count_threads((one, other))
    assert counts.all == counts.groups[0] == OpenAndSettled(open=1, settled=1)
    assert counts.people == {
        "Ann": OpenAndSettled(1, 0), "Ben": OpenAndSettled(1, 0), "Dee": OpenAndSettled(0, 1),
        "Rosa": OpenAndSettled(1, 0),
    }  # fmt: skip
    (listed,) = open_threads((one, other))
    assert (listed.key, listed.where, listed.person, listed.text, listed.answers) == (
        KEY, "index image", "Ben", "too wide", 1,
    )  # fmt: skip
    assert project_threads(project, 1) == ()


def test_no_remarks_count_as_nothing() -> None:
    counts = count_threads(())
    assert (counts.all, counts.groups, counts.people) == (OpenAndSettled(0, 0), {}, {})


def test_the_report_lists_open_remarks_and_escapes_them(project: Project) -> None:
    add_remark(project, KEY, pinned(1, 1, query=1), "Ann", "is <b>this</b> a door?")
    board = dashboard(project)
    page = document(board, Pictures("", ""))
    assert '<td class="left">g00:a</td><td class="left">query 1</td><td class="left">Ann</td>' in page
    assert "is &lt;b&gt;this&lt;/b&gt; a door?" in page
    assert "<small>1 open, 0 settled</small>" in page
    data = report_data(board)
    assert data["open_remarks"] == 1
    assert data["remarks"] == {
        "all": {"open": 1, "settled": 0},
        "groups": {"g00": {"open": 1, "settled": 0}},
        "people": {"Ann": {"open": 1, "settled": 0}},
    }
    assert date.fromisoformat(data["open_threads"][0]["at"][:10])


def test_the_report_of_many_remarks_says_how_many_more(project: Project) -> None:
    for number in range(42):
        add_remark(project, KEY, RemarkPlace(), "Ann", f"remark {number}")
    page = document(dashboard(project), Pictures("", ""))
    assert "2 more are open" in page
    assert "remark 39<" in page
    assert "remark 40<" not in page
