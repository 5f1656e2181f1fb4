"""A check-in on its page: what was gone through and how it was answered, and nothing of what was said in private."""

from __future__ import annotations

from written import conversation

from voicecoach import report
from voicecoach.events import CUT_OFF, UNTIL_AGREED, Break, CaptureGap, Record, Step


def step(name: str, start: float, end: float, **more: object) -> Step:
    return Step(start=start, end=end, name=name, **more)  # type: ignore[arg-type]


STEPS = [
    step("welcome", 0, 2, part="arrive"),
    step("voices", 2, 5, part="arrive", speaker="Anna", outcome="spoke"),
    step("read", 5, 8, part="agreements"),
    step("speak", 8, 20, part="rounds", speaker="Anna", outcome="spoke", turn=1),
    step("reflect", 20, 24, part="rounds", speaker="Ben", outcome="words", turn=1),
    step("confirm", 24, 25, part="rounds", speaker="Anna", outcome="no", turn=1),
    step("rest", 25, 26, part="cooling off", turn=1),
    step("reflect", 26, 28, part="rounds", speaker="Ben", outcome="words", turn=1),
    step("confirm", 28, 29, part="rounds", speaker="Anna", outcome="yes", turn=1),
    step("more", 29, 30, part="rounds", speaker="Anna", outcome="yes", turn=1),
    step("speak", 30, 33, part="rounds", speaker="Anna", outcome="time", turn=1),
    step("felt", 33, 34, part="rounds", speaker="Anna", outcome="yes", turn=1),
    step("speak", 34, 40, part="rounds", speaker="Ben", outcome="spoke", turn=1),
    step("reflect", 40, 41, part="rounds", speaker="Anna", outcome="skipped", turn=1),
    step("goodbye", 41, 42, part="close"),
]


def page(*more: Record) -> tuple[dict[str, object], str]:
    records = report.corrected([*conversation(rounds=2), *more])
    figures = report.summarise(records)
    return figures, report.page(records, figures)


def test_each_place_in_a_round_with_its_time_and_its_answers() -> None:
    figures, html = page(*STEPS)
    checkin = figures["checkin"]
    assert [p["part"] for p in checkin["parts"]] == [  # type: ignore[index]
        "arrive", "agreements", "rounds", "cooling off", "rounds", "close"
    ]  # fmt: skip
    anna, ben = checkin["places"]  # type: ignore[index]
    assert (anna["speaker"], anna["floor_s"], anna["said_back"], anna["confirmed"], anna["felt"]) == (
        "Anna", 15.0, 2, True, True,
    )  # fmt: skip
    assert (ben["speaker"], ben["floor_s"], ben["said_back"], ben["confirmed"], ben["felt"]) == (
        "Ben", 6.0, 0, None, None,
    )  # fmt: skip
    assert "Your check-in" in html
    assert "a break to cool off" in html
    assert "voicecoach next" in html


def test_another_session_has_no_such_section() -> None:
    figures, html = page()
    assert figures["checkin"] == {"parts": [], "places": []}
    assert "Your check-in" not in html


def test_why_something_was_not_heard_is_told_and_a_beginning_without_consent_is_no_break() -> None:
    _, html = page(
        Break(start=0, end=4, reason=UNTIL_AGREED), CaptureGap(start=70, end=190, frames=1_920_000, reason=CUT_OFF)
    )
    assert "before you had agreed to be listened to (0:00–0:04)" in html
    assert "was cut off and went on later" in html
    assert "(1:10–3:10)" in html
    assert "You took" not in html
    assert "never reached the computer" not in html
