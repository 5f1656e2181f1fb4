"""`Judge`: from a task and a reply to what the reply showed. Sans-IO; sentence vectors come from whoever calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from voicecoach.listening import Embed, Judgement, judge, understand
from voicecoach.listening.features import stems
from voicecoach.listening.language import load
from voicecoach.listening.text import Sentence
from voicecoach.listening.text import sentences as parse
from voicecoach.practice.drills.coverage import Coverage, SaidBack, sentences
from voicecoach.practice.drills.material import Name, material
from voicecoach.practice.drills.naming import Feeling, feelings, needs
from voicecoach.practice.drills.outcome import Check, Finding, Kind, Outcome, nothing, outcome
from voicecoach.practice.drills.task import Task, named, times
from voicecoach.practice.drills.waiting import Waited

LIKELY = 0.5
SHORT_WORDS = 30
"""After a long silence, more words than this are more than one gentle thing."""
FEW_WORDS = 3
"""So few after it are a sound of sympathy ("oh, love"), if they do not ask."""
ON_TOPIC = 0.3
"""Cosine with the sentence that was to be turned round; unrelated sentences lie under 0.2."""
PARTS = 5
"""What `full` is made of: waiting, saying back, a feeling, a need, a question at the end."""
LAST_WORDS = 5
"""Of a sentence that was cut off, so many words help its speaker back in."""


class Judge:
    """Judges replies of all drills. ``embed``: sentence vectors, with which it judges better."""

    def __init__(self, embed: Embed | None = None, language: str = "en") -> None:
        self._coverage = Coverage(embed, language)
        self._by_meaning = embed is not None
        self._meaning = understand(embed, language)
        self._code = language
        self._language = load(language)
        self._words = material(language)

    def __call__(self, task: Task, reply: str, waited: Waited | None = None) -> Outcome:
        """What ``reply`` showed. ``waited``: how the silences before it were left, for drills about waiting."""
        ways: Mapping[Name, Callable[[Task, _Reply], Outcome]] = {
            "mirror": self._mirror,
            "feeling": self._feeling,
            "need": self._need,
            "curious": self._curious,
            "i-statement": self._i_statement,
            "repair": self._repair,
            "full": self._full,
            "hold": self._waiting,
            "silence": self._waiting,
        }
        said = " ".join(task.story) or task.line
        acts, parts = judge(reply, said, self._code, self._meaning), parse(reply, self._language)
        heard = _Reply(
            reply,
            acts,
            parts,
            feelings(parts, acts.feelings, self._words),
            self._coverage.of(reply, task.story, task.points),
            waited or Waited(),
        )
        if not heard.parts:
            calm = self._held(heard) if waited is not None else None
            return nothing(f"nothing_{task.drill}", calm, share=1 / PARTS if task.drill == "full" else 1.0)
        return ways[task.drill](task, heard)

    def anything(self, reply: str) -> bool:
        """Whether there is anything to judge: more than "um"."""
        return bool(parse(reply, self._language))

    # --- a story was told ------------------------------------------------------------------------------------------

    def _mirror(self, task: Task, reply: _Reply) -> Outcome:
        back = reply.back
        share = len(back.own) / max(1, len(task.points))
        heard = (Finding("points_heard", {"points": named(back.covered)}),) if back.covered else ()
        figures = {"points": float(len(back.covered)), "of": float(len(task.points)), "parroted": back.parroted}
        if back.word_for_word:
            return Outcome("word_for_word", round(share, 3), heard, (Finding("own_words"),), figures)
        if self._unrelated(task, reply):
            hint = Finding("not_about_it", {"point": task.points[0]}) if task.points else Finding("not_about_it_open")
            return Outcome("unrelated", 0.0, (Finding("spoke"),), (hint,), figures)
        rest = [
            Check(self._names_feeling(reply), self._felt(reply), self._feeling_hint(task)),
            Check(not self._steers(reply), Finding("only_theirs"), Finding(self._steering(reply))),
            Check(_likely(reply, "invites_confirmation"), Finding("invited"), Finding("invite")),
        ]
        if _repeats(back):  # the curve shows what was in one's own words: that comes first
            order = outcome("answered", rest)
            return Outcome(
                "answered", round(share, 3), (*heard, *order.done), (Finding("own_words"), *order.to_try), figures
            )
        checks = [*self._points(task, back), *rest]
        order = outcome("answered", checks, first=self._steering(reply) if self._steers(reply) else "")
        return Outcome("answered", round(share, 3), order.done, order.to_try, figures)

    def _feeling(self, task: Task, reply: _Reply) -> Outcome:
        names = self._names_feeling(reply)
        meant = [f.meant for f in reply.feelings if f.meant]
        fits = not task.feelings or any(self._words.related(a, b) for a in meant for b in task.feelings)
        checks = [Check(names, self._felt(reply), self._feeling_hint(task))]
        if meant or not names:  # of "that was hard" nobody can say that it does not fit
            checks.append(Check(names and fits, Finding("feeling_fits"), self._other_feeling(task, reply)))
        checks.append(Check(self._asks_whether(reply, names), Finding("invited"), Finding("invite")))
        if self._unrelated(task, reply) and not names:
            return Outcome("unrelated", 0.0, (Finding("spoke"),), (self._feeling_hint(task),))
        return outcome("word_for_word" if reply.back.word_for_word else "answered", checks)

    def _need(self, task: Task, reply: _Reply) -> Outcome:
        found = self._needs(reply)
        fits = not task.needs or bool(set(found) & set(task.needs))
        hint = self._need_hint(task)
        known = Finding("need_named", {"need": self._words.needs.get(found[0], found[0])} if found else {})
        checks = [
            Check(bool(found), known, hint),
            Check(bool(found) and fits, Finding("need_fits"), hint if task.needs else Finding("invite")),
            Check(not self._steers(reply), Finding("only_theirs"), Finding(self._steering(reply))),
            Check(self._asks_whether(reply, bool(found)), Finding("invited"), Finding("invite")),
        ]
        if self._unrelated(task, reply) and not found:
            return Outcome("unrelated", 0.0, (Finding("spoke"),), (hint,))
        first = self._steering(reply) if self._steers(reply) else ""
        return outcome("word_for_word" if reply.back.word_for_word else "answered", checks, first=first)

    def _full(self, task: Task, reply: _Reply) -> Outcome:
        back, found = reply.back, self._needs(reply)
        kind: Kind = (
            "word_for_word" if back.word_for_word else "unrelated" if self._unrelated(task, reply) else "answered"
        )
        enough = not back.word_for_word and len(back.own) >= len(task.points) / 2
        points = self._points(task, back)[1]
        checks = [
            Check(enough, points.done, Finding("own_words") if _repeats(back) else points.to_try),
            Check(self._names_feeling(reply), self._felt(reply), self._feeling_hint(task)),
            Check(bool(found), Finding("need_touched"), self._need_hint(task)),
            Check(_likely(reply, "invites_confirmation"), Finding("invited"), Finding("invite")),
        ]
        if reply.waited.pauses_s or reply.waited.false_starts:
            checks.insert(1, self._calm(reply.waited))
        return outcome(kind, checks, figures=reply.waited.figures)

    # --- waiting ---------------------------------------------------------------------------------------------------

    def _waiting(self, task: Task, reply: _Reply) -> Outcome:
        held = self._held(reply)
        unrelated = self._unrelated(task, reply)
        theirs = Check(not self._steers(reply), Finding("only_theirs"), Finding(self._steering(reply)))
        about_it = Check(not unrelated, Finding("then_spoke"), Finding("then_about_it"))
        if task.drill == "silence":  # a word of thanks says nothing back, and is all that is asked for
            long = sum(len(s.words) for s in reply.parts) > SHORT_WORDS
            judges = self._judges(reply)
            after = [
                theirs,
                Check(not judges, Finding("only_theirs"), Finding("warmer")),
                Check(not unrelated or judges or self._gentle(reply), about_it.done, about_it.to_try),
                Check(not long, Finding("short"), Finding("shorter")),
            ]
            rest = outcome("answered", after)
        else:
            rest = outcome("unrelated" if unrelated else "answered", [about_it, theirs])
        return Outcome(rest.kind, held.measure, (*held.done, *rest.done), (*held.to_try, *rest.to_try), held.figures)

    def _held(self, reply: _Reply) -> Outcome:
        calm = self._calm(reply.waited)
        one = outcome("answered", [calm], figures=reply.waited.figures)
        some = (calm.done,) if reply.waited.pauses_s and not calm.ok else ()
        return Outcome(one.kind, round(reply.waited.share, 3), (*one.done, *some), one.to_try, one.figures)

    def _calm(self, waited: Waited) -> Check:
        longest = f"{max(waited.pauses_s, default=0.0):.1f}"
        calm = len(waited.pauses_s)
        every = (
            ("let_tell", "waited_once")[calm] if calm <= 1 else "waited_some" if waited.false_starts else "waited_all"
        )
        done = Finding(every, {"calm": str(calm), "longest": longest})
        came = Finding("came_over", {"times": times(waited.over)})
        if waited.after_ms:
            came = Finding("came_in", {"ms": str(round(waited.after_ms[0] / 50) * 50), "times": times(waited.broken)})
        return Check(waited.false_starts == 0, done, came)

    # --- a sentence was to be turned round -------------------------------------------------------------------------

    def _curious(self, task: Task, reply: _Reply) -> Outcome:
        opens = self._says(reply, "open_start") or bool(
            self._words.patterns["open_after"].search(reply.text.strip().lower())
        )
        asks = opens or reply.parts[-1].raw.endswith("?")
        on_topic = self._on_topic(task, reply) or (asks and not self._own_matter(reply))
        checks = [
            Check(opens, Finding("open"), Finding("open_hint")),
            Check(not self._judges(reply), Finding("no_judging"), Finding("judging_hint")),
            Check(on_topic, Finding("on_topic"), Finding("topic_hint")),
        ]
        return self._turned(task, reply, checks, tried=opens, on_topic=on_topic)

    def _i_statement(self, task: Task, reply: _Reply) -> Outcome:
        feels = bool(reply.feelings) and self._says(reply, "i")
        wishes, blames = self._says(reply, "i_wish"), self._judges(reply)
        on_topic = self._on_topic(task, reply) or (feels and (wishes or not self._own_matter(reply)))
        checks = [
            Check(self._says(reply, "i_start") or _likely(reply, "i_statement"), Finding("from_i"), Finding("i_hint")),
            Check(not blames, Finding("no_blame"), Finding("blame_hint")),
            Check(feels, self._felt(reply, "own_feeling"), Finding("own_feeling_hint")),
            Check(wishes, Finding("wish"), Finding("wish_hint")),
        ]
        if not on_topic:  # one thing more to try; what was there stays there
            checks.append(Check(False, Finding("on_topic"), Finding("topic_hint")))
        return self._turned(task, reply, checks, tried=feels or wishes, on_topic=on_topic)

    def _turned(self, task: Task, reply: _Reply, checks: Sequence[Check], *, tried: bool, on_topic: bool) -> Outcome:
        """``tried``: what the drill practises was there, so being about something else costs one check, not all."""
        line = parse(task.line, self._language)
        same = [s.words for s in line] == [s.words for s in reply.parts]
        if same:
            return Outcome("word_for_word", 0.0, (Finding("spoke"),), (Finding("turn_it"),))
        if not on_topic and not tried:
            rest = (c.to_try for c in checks if not c.ok and c.to_try.code != "topic_hint")
            return Outcome("unrelated", 0.0, (Finding("spoke"),), (Finding("topic_hint"), *rest))
        return outcome("answered", checks, first="" if reply.feelings or self._judges(reply) else "topic_hint")

    def _repair(self, task: Task, reply: _Reply) -> Outcome:
        wanted = stems(task.line, self._language)
        said = stems(" ".join(s.raw for s in reply.parts), self._language)
        last = " ".join(task.line.split()[-LAST_WORDS:]).strip(",;:")
        checks = [
            Check(self._says(reply, "cut_in"), Finding("named_it"), Finding("name_it")),
            Check(self._says(reply, "sorry"), Finding("said_sorry"), Finding("say_sorry")),
            Check(self._says(reply, "go_on"), Finding("gave_back"), Finding("give_back")),
            Check(bool(wanted & said), Finding("their_words"), Finding("their_words_hint", {"words": last})),
        ]
        mended = any(c.ok for c in checks)
        return outcome("answered", checks) if mended else Outcome(
            "unrelated", 0.0, (Finding("spoke"),), tuple(c.to_try for c in checks)
        )  # fmt: skip

    # --- what replies have in common -------------------------------------------------------------------------------

    def _points(self, task: Task, back: SaidBack) -> list[Check]:
        """Whether all points were there, and whether any was."""
        missed = Finding("missed", {"point": back.missed[0]}) if back.missed else Finding("own_words")
        some = Finding("points", {"points": named(back.covered)})
        whole = Check(not back.missed, Finding("all_points", {"points": named(back.covered)}), missed)
        return [whole, Check(bool(back.covered), some, missed)]

    def _names_feeling(self, reply: _Reply) -> bool:
        return bool(reply.feelings) or _likely(reply, "names_feeling")

    def _felt(self, reply: _Reply, code: str = "feeling_named") -> Finding:
        return Finding(code, {"feeling": reply.feelings[0].said}) if reply.feelings else Finding(f"{code}_other")

    def _feeling_hint(self, task: Task) -> Finding:
        if not task.feelings:
            return Finding("feeling_hint_open")
        return Finding("feeling_hint", {"feeling": task.feelings[0]})

    def _need_hint(self, task: Task) -> Finding:
        if not task.needs:
            return Finding("need_hint_open")
        return Finding("need_hint", {"need": self._words.needs.get(task.needs[0], task.needs[0])})

    def _other_feeling(self, task: Task, reply: _Reply) -> Finding:
        if not reply.feelings or not task.feelings:
            return self._feeling_hint(task)
        return Finding("feeling_other", {"said": reply.feelings[0].said, "feeling": task.feelings[0]})

    def _asks_whether(self, reply: _Reply, guessed: bool) -> bool:
        """Whether it leaves room for a correction: "is that it?", or the guess itself as a question ("Relief?")."""
        last = reply.parts[-1].raw
        asks = last.endswith("?") and not self._words.patterns["open_start"].search(last) and not self._judges(reply)
        return _likely(reply, "invites_confirmation") or (guessed and asks)

    def _needs(self, reply: _Reply) -> list[str]:
        return needs(reply.parts, reply.acts.needs, self._words, self._language)

    def _steers(self, reply: _Reply) -> bool:
        """Whether it advises, tells a story of one's own or plays down what was told."""
        return any(_likely(reply, act) for act in ("advice", "own_story", "minimising"))

    def _steering(self, reply: _Reply) -> str:
        return max(("advice", "own_story", "minimising"), key=lambda act: reply.acts.acts.get(act, 0.0))

    def _judges(self, reply: _Reply) -> bool:
        return any(_likely(reply, act) for act in ("judging_question", "blame", "contempt", "sarcasm", "threat"))

    def _gentle(self, reply: _Reply) -> bool:
        """Thanks, being there, or a word to who has told: whatever it is about."""
        if self._says(reply, "gentle"):
            return True
        few = sum(len(s.words) for s in reply.parts) <= FEW_WORDS
        return not any(s.raw.endswith("?") for s in reply.parts) and (few or self._says(reply, "to_you"))

    def _unrelated(self, task: Task, reply: _Reply) -> bool:
        """Whether it has nothing to do with the story; advice and a guess at the feeling have."""
        about_them = reply.feelings or any(
            _likely(reply, act) for act in ("advice", "names_feeling", "invites_confirmation")
        )
        if reply.back.covered or not task.story or about_them:
            return False
        shared = stems(reply.text, self._language) & stems(" ".join(task.story), self._language)
        return not shared or len(reply.back.added) >= len(sentences(reply.text))

    def _on_topic(self, task: Task, reply: _Reply) -> bool:
        """Whether it is about what the sentence was about; without sentence vectors that is taken for granted."""
        shared = stems(reply.text, self._language) & stems(task.line, self._language)
        return bool(shared) or not self._by_meaning or self._coverage.alike(reply.text, task.line) >= ON_TOPIC

    def _own_matter(self, reply: _Reply) -> bool:
        """Whether it is about anything by itself; "what was that like for you?" and "I feel sad" are not."""
        left = stems(self._words.patterns["pointing"].sub(" ", reply.text.strip().lower()), self._language)
        return bool(left - stems(" ".join(f.said for f in reply.feelings), self._language))

    def _says(self, reply: _Reply, pattern: str) -> bool:
        return any(self._words.patterns[pattern].search(s.raw) for s in reply.parts)


@dataclass(frozen=True, slots=True)
class _Reply:
    text: str
    acts: Judgement
    parts: Sequence[Sentence]
    feelings: Sequence[Feeling]
    back: SaidBack
    waited: Waited


def _likely(reply: _Reply, act: str) -> bool:
    return reply.acts.acts.get(act, 0.0) >= LIKELY


def _repeats(back: SaidBack) -> bool:
    """Whether most of what was said back was taken over."""
    return back.word_for_word or len(back.own) < len(back.covered) / 2
