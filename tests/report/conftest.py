from __future__ import annotations

from collections.abc import Callable

import pytest
from written import conversation

from voicecoach.events import Record


@pytest.fixture
def talk() -> Callable[..., list[Record]]:
    return conversation
