"""Lines of commands on a screen: broken between words, whatever the letters, and nothing in them but text."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from voicecoach.cli.lines import broken, clean

FAMILY = "👩\u200d👩\u200d👧"


def test_between_words_and_indented() -> None:
    assert (
        broken("  1:13  Anna: I lie awake at night.", 20, 8) == "  1:13  Anna: I lie\n        awake at\n        night."
    )


def test_wide_signs_take_two_columns_and_a_long_path_stays_whole() -> None:
    assert broken("我们 一起 说话", 10) == "我们 一起\n说话"
    path = "/home/anna/a/very/long/folder/voicecoach.db"
    assert broken(f"It is in {path} now.", 20) == f"It is in\n{path}\nnow."


def test_what_moves_the_cursor_goes_and_what_joins_letters_stays() -> None:
    assert clean("a\x1b[31mb\u202ec\rd\n") == "a [31mb c d "
    assert clean(FAMILY) == FAMILY
    assert clean("می\u200cروم 5\u00a0%") == "می\u200cروم 5\u00a0%"


@example("\u00a0", 5, 0)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\n")), st.integers(5, 100), st.integers(0, 4))
def test_no_word_is_lost_and_none_too_wide_but_alone(text: str, width: int, indent: int) -> None:
    text = clean(text)
    lines = broken(text, width, indent).split("\n")
    assert [w for line in lines for w in line.split(" ") if w] == [w for w in text.split(" ") if w]
    assert all(cell_len(line) <= width or len([w for w in line.split(" ") if w]) == 1 for line in lines)
