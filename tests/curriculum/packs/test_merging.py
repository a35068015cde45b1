"""The desk, the pack and the last import: a later edit at the desk is never lost without somebody's decision."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from curriculum.packs import merging
from curriculum.packs.model import Block, Entry, Lesson, Module, Translation
from curriculum.packs.pieces import Last, Place, pieces


def module(blocks: dict[str, str], swahili: dict[str, tuple[str, str]] | None = None) -> Module:
    """One lesson of key messages: ``{id: words}``; ``swahili`` is ``{id: (made from, words)}``."""
    lesson = Lesson(
        "l1", "Greeting", 4, blocks=[Block(key, "key_message", {"text": text}) for key, text in blocks.items()]
    )
    entries = {f"l1.{key}.text": Entry(f"l1.{key}.text", *said) for key, said in (swahili or {}).items()}
    return Module("x1", "X1", "s", "T", "C", 3, lessons=[lesson], translations={"sw": Translation("sw", entries)})


def words(found: merging.Merged) -> dict[str, str]:
    assert found.module is not None
    return {block.id: block.words["text"] for block in found.module.lessons[0].blocks}


def told(found: merging.Merged) -> list[tuple[str, str, str]]:
    return [(str(change.place), change.what, change.why) for change in found.changes]


def after(pack: Module) -> dict[Place, Last]:
    return pieces(pack)


LAST = {"a": "One.", "b": "Two."}


def test_what_only_the_pack_changed_is_taken() -> None:
    found = merging.merge(module({"a": "One!", "b": "Two."}), module(LAST), after(module(LAST)))

    assert (words(found), told(found)) == ({"a": "One!", "b": "Two."}, [("X1/l1.a", "changed", "")])


def test_what_only_the_desk_changed_stays() -> None:
    found = merging.merge(module(LAST), module({"a": "Hers.", "b": "Two."}), after(module(LAST)))

    assert (words(found), told(found)) == ({"a": "Hers.", "b": "Two."}, [("X1/l1.a", "kept", "")])
    assert (found.stays("l1.a"), found.kept_keys) == (True, {"l1.a"})


def test_what_both_changed_alike_is_no_conflict() -> None:
    both = module({"a": "Same.", "b": "Two."})

    assert told(merging.merge(both, both, after(module(LAST)))) == []


def test_what_both_changed_waits_for_a_decision() -> None:
    pack, desk, last = module({"a": "Theirs.", "b": "Two."}), module({"a": "Hers.", "b": "Two."}), after(module(LAST))

    open_ = merging.merge(pack, desk, last)
    assert [(change.desk, change.pack) for change in open_.undecided] == [
        ("::: key-message {#a}\nHers.\n:::", "::: key-message {#a}\nTheirs.\n:::")
    ]
    assert words(merging.merge(pack, desk, last, decide=lambda place: "keep"))["a"] == "Hers."
    assert words(merging.merge(pack, desk, last, decide=lambda place: "replace"))["a"] == "Theirs."


def test_blocks_added_and_taken_out_on_both_sides() -> None:
    desk = module({"a": "One.", "new_d": "From the desk."})
    pack = module({"new_p": "From the pack.", "b": "Two.", "a": "One."})

    found = merging.merge(pack, desk, after(module(LAST)))

    assert words(found) == {"new_p": "From the pack.", "a": "One.", "new_d": "From the desk."}
    assert told(found) == [
        ("X1/l1.new_p", "new", ""),
        ("X1/l1.b", "kept", "removed_here"),
        ("X1/l1.new_d", "kept", "added_here"),
    ]


def test_what_was_taken_out_of_the_pack_goes_unless_the_desk_changed_it() -> None:
    last = after(module(LAST))

    assert words(merging.merge(module({"a": "One."}), module(LAST), last)) == {"a": "One."}
    found = merging.merge(module({"a": "One."}), module({"a": "One.", "b": "Hers."}), last)
    assert told(found) == [("X1/l1.b", "conflict", "removed_there")]


def test_order_of_whoever_moved_it() -> None:
    moved, last = module({"b": "Two.", "a": "One."}), after(module(LAST))

    assert list(words(merging.merge(module(LAST), moved, last))) == ["b", "a"]
    assert list(words(merging.merge(moved, module(LAST), last))) == ["b", "a"]


def test_a_difference_that_nobody_can_date_is_a_conflict() -> None:
    assert told(merging.merge(module({"a": "One!"}), module({"a": "One."}), {})) == [("X1/l1.a", "conflict", "unknown")]


def test_nothing_is_taken_over_a_draft() -> None:
    found = merging.merge(module({"a": "One!", "b": "Two."}), module(LAST), after(module(LAST)), drafts={"l1"})

    assert told(found) == [("X1/l1.a", "conflict", "draft")]


def test_a_translation_is_taken_kept_or_decided() -> None:
    last = module(LAST, {"a": ("One.", "Moja.")})
    newer = module(LAST, {"a": ("One.", "Mosi.")})
    hers = module(LAST, {"a": ("One.", "Umoja.")})

    assert told(merging.merge(newer, last, after(last))) == [("X1/l1.a.text@sw", "changed", "")]
    assert told(merging.merge(last, hers, after(last))) == [("X1/l1.a.text@sw", "kept", "")]
    assert told(merging.merge(newer, hers, after(last))) == [("X1/l1.a.text@sw", "conflict", "both")]


def test_a_translation_of_other_words_is_not_taken_for_the_desks_own() -> None:
    """The source was changed at the desk: the pack's translation was made from words that nobody reads any more."""
    last = module(LAST, {"a": ("One.", "Moja.")})
    desk = replace(module({"a": "Hers.", "b": "Two."}, {"a": ("One.", "Moja.")}))
    newer = module(LAST, {"a": ("One.", "Mosi.")})

    found = merging.merge(newer, desk, after(last))

    entry = found.entry("l1.a.text", "sw")
    assert entry is not None
    assert (entry.made_from, entry.text) == ("One.", "Moja.")


# ---------------------------------------------------------------- any sequence

ids = st.sampled_from(["a", "b", "c", "d"])
texts = st.sampled_from(["One.", "Two.", "Three.", "Four."])
state = st.dictionaries(ids, texts, min_size=1, max_size=4)
step = st.tuples(st.sampled_from(["desk", "pack", "import"]), state, st.sampled_from([None, "keep", "replace"]))


@settings(max_examples=400, deadline=None)
@given(st.lists(step, max_size=12))
def test_over_any_sequence_no_later_edit_is_lost_without_a_decision(steps: list) -> None:
    desk: dict[str, str] | None = None
    pack: dict[str, str] = {"a": "One."}
    base: dict[str, str] = {}
    last: dict[Place, Last] = {}
    for act, said, decision in steps:
        if act == "pack":
            pack = said
        elif act == "desk":
            desk = dict(said) if desk is not None else None
        else:
            before = desk
            found = merging.merge(
                module(pack), module(desk) if desk is not None else None, last, decide=lambda place, d=decision: d
            )
            if found.undecided:
                continue  # nothing at all is brought in
            desk = words(found)
            changed = {change.place.key.partition(".")[2]: change for change in found.changes}
            for key in {*(before or {}), *pack, *desk}:
                mine, theirs, old = (before or {}).get(key), pack.get(key), base.get(key)
                if before is None or mine == theirs:
                    assert desk.get(key) == theirs
                elif mine != old and theirs != old:
                    assert (changed[key].what, changed[key].decided) == (
                        ("conflict", decision) if old is not None or theirs is not None else ("kept", None)
                    ) or (mine is None and old is None)
                    if decision == "keep" and mine is not None:
                        assert desk.get(key) == mine
                elif mine != old:
                    assert desk.get(key) == mine
                else:
                    assert desk.get(key) == theirs
            base, last = dict(pack), after(module(pack))
            # Again, with nothing changed in between: nothing comes in any more.
            again = merging.merge(module(pack), module(desk), last)
            assert words(again) == desk
            assert {change.what for change in again.changes} <= {"kept"}
