"""From the coach's wish to a prompt: said aloud, or, in a recording, noted as what would have been said."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace

from voicecoach.audio import Chunk, EchoCanceller, Player, clock
from voicecoach.coach import chime
from voicecoach.coach.voice import Voice
from voicecoach.events import Cue, Event, Prompt, Sound, VoiceOff, VoiceOn
from voicecoach.hearing import Stirring
from voicecoach.samples import Samples

WORD_S = 0.35
"""A spoken word takes about this long at 150 to 170 words a minute."""
CHIME_S = 0.4
HELD_S = 1.0
"""A prompt waits so long for the end of what sounds like somebody speaking; then its moment has passed."""


def unspoken(cue: Cue) -> Prompt:
    """The prompt that would have been said, as long as it would have taken."""
    length_s = len(cue.text.split()) * WORD_S if cue.words else CHIME_S
    return prompt(cue, cue.start + length_s, spoken=False, cut=False)


def prompt(cue: Cue, end: float, *, spoken: bool, cut: bool) -> Prompt:
    """The record of a cue that is done."""
    return Prompt(
        start=cue.start,
        end=max(end, cue.start),
        text=cue.text,
        to=cue.to,
        situation=cue.situation,
        reason=cue.reason,
        about=cue.about,
        spoken=spoken,
        cut=cut,
        words=cue.words,
    )


class Speaker:
    """Says cues through the loudspeaker and stops at once when somebody speaks. Nobody waits for it.

    Words the voice has not made yet are shown and chimed instead; with no loudspeaker, or one that went away, they are
    only shown, for as long as they take to say. Words do not begin while somebody seems to speak whom hearing has not
    decided on yet: they wait until that was nobody, and are only shown when it was a voice. A patient cue is kept until
    nobody speaks, nothing else is said and the voice has made it. ``microphones``: channels that may hear the
    loudspeaker; 0 for a recording.
    """

    def __init__(self, voice: Voice | None, player: Player | None, *, microphones: int) -> None:
        self._voice = voice
        self._player = player if player is not None and player.available else None
        self._echo = EchoCanceller(microphones) if microphones and self._player is not None else None
        self._stirring = Stirring(microphones) if self._echo is not None else None
        self._playing: tuple[Cue, bool] | None = None
        self._held: Cue | None = None
        self._waiting: deque[Cue] = deque()
        self._speaking: set[str] = set()
        self._until = 0.0

    def without(self, chunk: Chunk, now: float) -> tuple[Samples, list[Prompt]]:
        """Sound of the microphone ``(n, channels)`` without our own voice; a person heard over it stops it."""
        if self._player is None or self._echo is None:
            return chunk.samples, []
        came_s = clock.awake_s() if chunk.came_s is None else chunk.came_s
        clean = self._echo.process(chunk.samples, self._player.reference(len(chunk.samples), came_s, chunk.lost))
        if self._stirring is not None:
            self._stirring.push(clean)
        if self._echo.person and self._player.playing:
            return clean, self._stop(now, cut=True)
        return clean, self._release(now)

    def missed(self, chunk: Chunk) -> None:
        """Sound of the microphone is missing: our own voice went on meanwhile."""
        if self._player is not None and self._echo is not None and chunk.came_s is not None:
            self._player.reference(0, chunk.came_s, chunk.lost)

    def say(self, cue: Cue) -> list[Prompt]:
        """Begin to say ``cue``; prompts that are done by that."""
        if cue.patient:
            self._waiting.append(cue)
            return []
        done = self._stop(cue.start, cut=True)
        if cue.words and self._stirs:
            self._held = cue
            return done
        return [*done, *self._begin(cue)]

    def hears(self, event: Event, now: float) -> list[Prompt]:
        """Follow the conversation: somebody's voice stops a prompt, and a finished prompt becomes a record."""
        done: list[Prompt] = []
        if isinstance(event, VoiceOn):
            self._speaking.add(event.speaker)
            says_words = self._playing is not None and self._playing[0].words
            if self._held is not None or (says_words and self._player and self._player.playing):
                done = self._stop(now, cut=True)
        elif isinstance(event, VoiceOff):
            self._speaking.discard(event.speaker)
        if self._playing is not None and self._player is not None and not self._player.playing:
            done += self._stop(now, cut=False)
        return done + self._patient(now)

    def chime(self, sound: Sound, *, wait: bool = False) -> None:
        """Where a microphone listens: the chime that says so, or that it does no more; ``wait`` until it was heard."""
        if self._player is None or self._echo is None:
            return
        self._player.play(chime(sound))
        until = time.monotonic() + CHIME_S * 3
        while wait and self._player.playing and time.monotonic() < until:
            time.sleep(0.02)

    def finish(self, now: float) -> list[Prompt]:
        """The session is over."""
        return self._stop(now, cut=True)

    @property
    def _stirs(self) -> bool:
        """Whether somebody seems to speak just now."""
        return self._stirring is not None and self._stirring.voice

    def _release(self, now: float) -> list[Prompt]:
        """Begin the cue that was held once nobody seems to speak any more; prompts that are done."""
        cue = self._held
        if cue is None:
            return []
        if self._stirs:
            return self._stop(now, cut=True) if now >= cue.start + HELD_S else []
        self._held = None
        return self._begin(replace(cue, start=now, end=now))

    def _patient(self, now: float) -> list[Prompt]:
        """Begin the first cue that waits, if its moment has come."""
        if not self._waiting or self._playing is not None or self._held is not None or now < self._until:
            return []
        cue = self._waiting[0]
        if cue.words and (self._speaking or self._stirs or not (self._voice is None or self._voice.settled(cue.text))):
            return []
        return self._begin(replace(self._waiting.popleft(), start=now, end=now))

    def _begin(self, cue: Cue) -> list[Prompt]:
        if self._player is None or not self._player.available:
            return [self._shown(cue)]
        samples = self._voice.ready(cue.text) if cue.words and self._voice is not None else None
        self._player.play(chime(cue.sound) if samples is None else samples)
        self._playing = (cue, samples is not None or not cue.words)
        return []

    def _shown(self, cue: Cue) -> Prompt:
        """Nobody hears ``cue``: the prompt that is read instead; the next one waits for that."""
        done = unspoken(cue)
        self._until = done.end
        return done

    def _stop(self, now: float, *, cut: bool) -> list[Prompt]:
        if self._held is not None:
            held, self._held = self._held, None
            return [prompt(held, now, spoken=False, cut=cut)]
        if self._playing is None or self._player is None:
            return []
        (cue, spoken), self._playing = self._playing, None
        if not self._player.available:  # it went away, perhaps before anything was heard
            return [self._shown(cue)]
        if self._player.playing:
            self._player.stop()
        return [prompt(cue, now, spoken=spoken, cut=cut)]
