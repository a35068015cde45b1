"""Slow work done by several processes, which may be killed or stand still without taking the work along with them.

Knows nothing of what is done. The functions and what they are given have to find their way into a new process: a name
at the top of a module, and values that pickle. What may go wrong is the function's to catch.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.synchronize import Event

log = logging.getLogger(__name__)

BEGIN_WITHIN = 180
"""Seconds that new processes may take to load what they need, on a machine with much else to do."""

FRUITLESS = 4
"""So often processes may be ended in a row without a single result."""

AHEAD = 2
"""How much waits for each process, so that none of them waits for us."""

KINDER_BY = 5
"""Who waits for a page comes first (nice)."""


class NotDone:
    """Nothing came of it: twice a process was gone or stood still over it."""

    def __str__(self) -> str:
        return "no process lived to do it"


NOT_DONE = NotDone()


def done_by_several[Thing, Made](
    do: Callable[[Thing], Made], things: Iterable[Thing], *, begin: Callable[[], object], processes: int, within: float
) -> Generator[tuple[Thing, Made | NotDone], None, None]:
    """Each of ``things`` with what ``do`` gives for it, as it comes, in any order. A new process calls ``begin`` first.

    Where a process is killed, or nothing at all comes ``within`` seconds, all of them are ended and others go on, with
    one process less. What they had in hand is done again at the end, one by one: whatever takes its process along a
    second time is ``NOT_DONE``, and keeps nothing else back. Where processes came to nothing ``FRUITLESS`` times in a
    row, none is begun any more, and everything that is left is ``NOT_DONE``.
    """
    left, again = deque(things), deque[Thing]()
    fruitless = 0
    while left and fruitless < FRUITLESS:
        fruitless += 1
        for found in _until_broken(do, left, again, begin, processes, within):
            fruitless = 0
            yield found
        processes = max(1, processes - 1)
    while again and fruitless < FRUITLESS:
        fruitless += 1
        one, lost = deque([again.popleft()]), deque[Thing]()
        for found in _until_broken(do, one, lost, begin, 1, within):
            fruitless = 0
            yield found
        for thing in (*one, *lost):
            yield thing, NOT_DONE
    for thing in (*again, *left):
        yield thing, NOT_DONE


def _until_broken[Thing, Made](
    do: Callable[[Thing], Made],
    left: deque[Thing],
    lost: deque[Thing],
    begin: Callable[[], object],
    processes: int,
    within: float,
) -> Iterator[tuple[Thing, Made]]:
    """Take from ``left`` until it is empty or the processes are gone; what they had in hand is in ``lost`` then."""
    in_hand: dict[Future[Made], Thing] = {}
    try:
        with _pool(begin, processes) as (pool, has_begun):
            began = time.monotonic()
            while left or in_hand:
                while left and len(in_hand) < AHEAD * processes:
                    in_hand[pool.submit(do, left[0])] = left[0]
                    left.popleft()
                done, _waiting = wait(in_hand, within, FIRST_COMPLETED)
                if not done and (has_begun.is_set() or time.monotonic() - began > BEGIN_WITHIN):
                    raise TimeoutError
                for future in done:
                    made = future.result()
                    yield in_hand.pop(future), made
    except (BrokenProcessPool, OSError) as reason:  # killed, standing still (TimeoutError), or not to be begun at all
        log.warning("%s: these processes are ended, others go on", type(reason).__name__)
        lost.extend(in_hand.values())


@contextmanager
def _pool(begin: Callable[[], object], processes: int) -> Iterator[tuple[ProcessPoolExecutor, Event]]:
    """Processes that are gone afterwards: ended in peace, or killed over what they do when the block ends badly.

    With it, whether the first of them has loaded what it needs.

    Not forked: this process has threads and open connections to a database, which do not live twice. A new one knows
    nothing of all that, and what ``begin`` needs must be there before it meets the first name of ours.
    """
    others = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    has_begun = context.Event()
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_begin, initargs=(begin, has_begun))
    try:
        yield pool, has_begun
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _begin(begin: Callable[[], object], has_begun: Event) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(KINDER_BY)
    begin()
    has_begun.set()


def _end_with_parent() -> None:
    """A parent that was killed cannot tell its children, and they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
