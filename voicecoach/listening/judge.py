"""What one reply does to the person who spoke before, from its words alone.

Each act is a logistic model: log-odds = bias + weights of the patterns found, all of them in the language's data file;
with sentence vectors (see `voicecoach.listening.meaning`) the meaning of each sentence counts too. A reflection is more
than shared words: it is a statement, about the other person, in the second person or in their terms, carrying their
meaning or feeling. So each sentence, and the reply as one, is judged by whom it is about, what it says back, how long
it is, and how much it advises, blames, asks or talks about the one who replies; the reply is a reflection as far as its
sentences are. The course of the talk counts a little too: an answer to a question seldom says back, and who has just
said something back goes on doing so more often than who has just informed or advised.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voicecoach.listening.features import said_back, stems
from voicecoach.listening.language import Language, load
from voicecoach.listening.meaning import Meaning
from voicecoach.listening.named import feelings_named, needs_named
from voicecoach.listening.rules import logistic, match
from voicecoach.listening.text import Sentence, sentences
from voicecoach.listening.units import Unit, units

ASKING_COUNTS = 2.0
"""A sentence that asks weighs so much more than its words: a reply that ends by asking wants an answer to that."""
ASKING_SHARE = 0.15
ASIDE = 0.4
"""A question that is less than this share of a long reply ("…, okay?") is not what it does: at most so probable."""
QUESTIONS = ("open_question", "closed_question")
LIKELY = 0.5
USUAL = 0.35
"""A reply before this one that was so probably a reflection counts neither for nor against this one."""
RULED_OUT = -8.0
"""What patterns say against an act so clearly ("not my fault"), meaning does not say: it hardly hears a "not"."""
AGREES, DOUBTFUL = 0.6, 0.3
"""How probably "No, I didn't" agrees with what was said with a no in it, and what a "no" there does not tell."""
MELODY_ST = 4.0
"""A melody that rises by so many semitones at the end counts fully for a question, one that falls so far against it."""
MELODY = {"closed_question": 0.8, "reflection": -0.6}
"""What a full rise adds to the log-odds. It is a hint: "what …?" falls too, and many a statement ends high."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a reply does.

    ``acts``: act → probability in [0, 1], among them ``acknowledgement``: nothing but "okay", "yeah", "mm-hm", and
    ``complex``: a reflection of meaning or feeling, not only of content; ``evidence``: act → the words that decided
    it, for acts likelier than not; ``covered`` / ``added``: words with content that the other person had said / had
    not; ``feelings`` / ``needs`` that the reply names; ``moods``: mood → probability, only with sentence vectors.
    """

    acts: Mapping[str, float] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    covered: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    feelings: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    moods: Mapping[str, float] = field(default_factory=dict)


def judge(
    reply: str,
    said: str,
    language: str = "en",
    meaning: Meaning | None = None,
    ending_st: float | None = None,
    before: float | None = None,
) -> Judgement:
    """Judge ``reply`` to what was ``said`` just before (either may lack punctuation, as a recogniser gives it).

    Without ``meaning``, patterns alone decide. ``ending_st``: how far its melody rises at the end, if known;
    ``before``: how probably the last reply of the same person was a reflection, if there was one. Raises `MisuseError`
    for a language that has no data file.
    """
    known = load(language)
    parts = sentences(reply, known)
    if not parts:
        return Judgement(acts=dict.fromkeys(("reflection", "complex", *known.acts, "acknowledgement"), 0.0))
    theirs, told = stems(said, known), sentences(said, known)
    each, whole = units(parts, theirs, known)
    if meaning is not None:
        meaning.prepare([u.sentence.plain for u in (*each, whole) if u is not None])
    acts, evidence = _acts(parts, each, known, meaning)
    course = known.context["answers"] * bool(told and told[-1].asked)
    course += known.context["before"] * (0.0 if before is None else before - USUAL)
    reflection, meant, found = _reflection(parts, each, whole, known, meaning, course)
    acts |= _a_no_that_agrees(parts, told, known)
    acts = _with_melody({"reflection": reflection, "complex": meant, **acts}, ending_st)
    acts["acknowledgement"] = float(whole is None)
    evidence["reflection"] = evidence["complex"] = found
    covered, added = said_back(parts, theirs, known)
    return Judgement(
        acts={name: round(p, 4) for name, p in acts.items()},
        evidence={name: " … ".join(evidence[name]) for name, p in acts.items() if p >= LIKELY and evidence.get(name)},
        covered=tuple(covered),
        added=tuple(added),
        feelings=feelings_named(parts, known),
        needs=needs_named(parts, known),
        moods=_moods(whole, meaning),
    )


def _acts(
    parts: Sequence[Sentence], each: Sequence[Unit], known: Language, meaning: Meaning | None
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Probability and evidence of every act but reflection: by patterns in all of it, by meaning in one sentence."""
    acts: dict[str, float] = {}
    evidence: dict[str, list[str]] = {}
    for name, act in known.acts.items():
        logit, found = match(act, parts, known)
        if meaning is not None and meaning.knows(name):
            meant = [(_meant(name, u, meaning), u.sentence.raw) for u in each]
            meant += [(match(act, [s], known)[0], s.raw) for s in parts if not s.words]
            logit, words = max(meant)
            found = found or [words.removesuffix(" ?")]
        acts[name], evidence[name] = logistic(logit), found
    asking = sum(u.words for u in each if u.asks)
    if asking < ASKING_SHARE * sum(u.words for u in each):
        for name in QUESTIONS:
            acts[name] = min(acts[name], ASIDE)
    return acts, evidence


def _meant(act: str, unit: Unit, meaning: Meaning) -> float:
    """Log-odds of ``act`` in one sentence, by its meaning."""
    rules = unit.logits[act]
    if rules <= RULED_OUT:
        return rules
    logit = meaning.act(act, unit.sentence.plain, rules)
    if act == "names_feeling" and rules < 0.0 <= unit.logits["i_statement"]:
        return min(logit, rules)  # the feeling is the own one: meaning alone does not tell whose it is
    return logit


def _a_no_that_agrees(parts: Sequence[Sentence], told: Sequence[Sentence], known: Language) -> dict[str, float]:
    """What a "no" does to what was said with a no in it: "No, I didn't" agrees, "No." alone may mean either."""
    no = known.no_that_agrees
    reply = " ".join(s.raw.removesuffix(" ?") for s in parts)
    if not told or known.you.isdisjoint(told[-1].words) or not no.told.search(told[-1].raw):
        return {}
    if not no.answer.search(reply) or no.unless.search(reply):
        return {}
    return {"agreement": AGREES if " " in reply else DOUBTFUL, "disagreement": DOUBTFUL}


def _reflection(
    parts: Sequence[Sentence],
    each: Sequence[Unit],
    whole: Unit | None,
    known: Language,
    meaning: Meaning | None,
    course: float,
) -> tuple[float, float, list[str]]:
    """Probability that the reply reflects, that it reflects meaning or feeling, and the words that decided it."""
    if whole is None or known.joiners.issuperset(whole.sentence.words):
        return 0.0, 0.0, []

    def likely(unit: Unit, act: str) -> float:
        logit = unit.logits[act]
        return logistic(logit if meaning is None else meaning.act(act, unit.sentence.plain, logit))

    weights = [u.words * (ASKING_COUNTS if u.asks else 1.0) for u in each]
    by_sentence = [likely(u, "reflection") for u in each]
    share = sum(p * w for p, w in zip(by_sentence, weights, strict=True)) / sum(weights)
    level = known.level if meaning is None else meaning.level
    reflection = logistic(_log_odds((share + likely(whole, "reflection")) / 2) - _log_odds(level) + course)
    best = each[max(range(len(each)), key=by_sentence.__getitem__)]
    found = match(known.reflection, parts, known)[1] or [best.sentence.raw.removesuffix(" ?")]
    return reflection, reflection * likely(best, "complex"), found


def _with_melody(acts: dict[str, float], ending_st: float | None) -> dict[str, float]:
    """The same with the end of the melody weighed in. Only what is in doubt is moved: 0 and 1 stay."""
    if ending_st is None:
        return acts
    rise = max(-1.0, min(1.0, ending_st / MELODY_ST))
    moved = {name: logistic(_log_odds(acts[name]) + rise * weight) for name, weight in MELODY.items() if acts[name] > 0}
    return {**acts, **moved, "complex": min(acts["complex"], moved.get("reflection", 0.0))}


def _moods(whole: Unit | None, meaning: Meaning | None) -> dict[str, float]:
    if whole is None or meaning is None:
        return {}
    return {name: round(p, 4) for name, p in meaning.moods(whole.sentence.plain).items()}


def _log_odds(p: float) -> float:
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p / (1 - p))
