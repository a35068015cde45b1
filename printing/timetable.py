"""How a trainer spends the hours of a module. Plain values in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

STEP = 5
"""Nobody plans a morning in minutes: parts are multiples of five."""

WELCOME = 10
CLOSE = 10
AFTER_THE_OTHERS = 3
"""Minutes each question takes in a room: read, answer, talk over what is behind a wrong answer."""
STEP_OF_PRACTICE = 4
"""Minutes that each step of a checklist takes when it is practised in threes, with everybody in each part once."""
IN_A_ROOM = 2
"""What she reads alone in a minute takes two when it is read aloud and talked over."""
TRY_IT, ROLE_PLAY, REFLECTION, PICTURE = 4, 12, 3, 2


@dataclass(frozen=True)
class Held:
    """What stands in a lesson, as far as it takes time."""

    study_minutes: int
    try_its: int = 0
    role_plays: int = 0
    reflections: int = 0
    pictures: int = 0

    @property
    def weight(self) -> int:
        return (
            IN_A_ROOM * max(self.study_minutes, 1)
            + TRY_IT * self.try_its
            + ROLE_PLAY * self.role_plays
            + REFLECTION * self.reflections
            + PICTURE * self.pictures
        )


@dataclass(frozen=True)
class Times:
    """Minutes for each part; ``practice`` and ``questions`` are 0 where the module has none."""

    welcome: int
    lessons: tuple[int, ...]
    practice: int
    questions: int
    close: int

    @property
    def total(self) -> int:
        return self.welcome + sum(self.lessons) + self.practice + self.questions + self.close


def times_for(hours: int, lessons: Sequence[Held], *, steps: int, questions: int) -> Times:
    """The parts of a module, which together take exactly its ``hours``. With 0 hours they take what they weigh."""
    parts = [
        WELCOME,
        *(lesson.weight for lesson in lessons),
        STEP_OF_PRACTICE * steps,
        AFTER_THE_OTHERS * questions,
        CLOSE,
    ]
    minutes = fitted(parts, hours * 60 or _up(sum(parts)))
    return Times(minutes[0], tuple(minutes[1:-3]), *minutes[-3:])


def fitted(weights: Sequence[int], total: int) -> list[int]:
    """``total`` minutes shared out by ``weights``: in steps of five, something for each that weighs anything."""
    weighing = [place for place, weight in enumerate(weights) if weight]
    step = STEP if total % STEP == 0 and total >= STEP * len(weighing) else 1
    left = total // step - len(weighing)
    heavy = sum(weights)
    if not weighing or left < 0:
        return [0] * len(weights)
    # What is nearest to its share without the first step that each has anyhow.
    wanted = {place: max(weights[place] * total / heavy / step - 1, 0) for place in weighing}
    scale = left / sum(wanted.values()) if any(wanted.values()) else 0
    shares = {place: want * scale for place, want in wanted.items()}
    given = {place: int(share) for place, share in shares.items()}
    rest = left - sum(given.values())
    for place in sorted(weighing, key=lambda each: (given[each] - shares[each], each))[:rest]:
        given[place] += 1
    while sum(given.values()) < left:
        given[max(weighing, key=lambda each: weights[each])] += 1
    return [(given[place] + 1) * step if place in given else 0 for place in range(len(weights))]


def _up(minutes: int) -> int:
    return -(-minutes // STEP) * STEP
