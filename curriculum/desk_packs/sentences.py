"""What is wrong in a pack, said in the language of the desk.

The checks of ``curriculum.packs`` need no database and no language: they speak English, on a terminal. Here each of
their sentences is known again, with what stands in its holes, and said through gettext; one that is not known is
shown as it is.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext, gettext_noop

# Translators: what is wrong in a file of a curriculum; shown behind the name of the file and the line.
SENTENCES = (
    gettext_noop("a picture is a file of the kind svg, png, jpg or webp"),
    gettext_noop("this is not a picture"),
    gettext_noop("this picture is of the kind %(kind)s, and its name says otherwise"),
    gettext_noop("this is not a drawing: %(reason)s"),
    gettext_noop("<%(name)s> has no place in a drawing: it must do nothing by itself"),
    gettext_noop("%(name)s has no place in a drawing: it must do nothing by itself"),
    gettext_noop("words stand inside the drawing, where nobody can translate them"),
    gettext_noop("the drawing fetches something from outside"),
    gettext_noop("this name leads out of the pack"),
    gettext_noop("this is a link to another file; put the file itself here"),
    gettext_noop("this file is locked with a password"),
    gettext_noop("this file is packed more tightly than a text or a picture can be"),
    gettext_noop("the code %(code)s stands twice in the pack"),
    gettext_noop("the code of a question begins with %(code)s-"),
    gettext_noop("no lesson to look at again"),
    gettext_noop("no lesson %(lesson)s"),
    gettext_noop("unknown fact %(name)s"),
    gettext_noop("a safety question says why"),
    gettext_noop("there is no such string in the source; --fix puts it to the end"),
    gettext_noop("the {placeholders} differ from the source"),
    gettext_noop("not translated"),
    gettext_noop("a dose (%(words)s) never stands in learner content"),
    gettext_noop("%(count)s words; a screen holds %(most)s"),
    gettext_noop("%(count)s words a sentence on average; at most %(most)s"),
    gettext_noop("%(here)s paragraphs; the source has %(there)s"),
    gettext_noop("a heading has no place in a lesson"),
    gettext_noop("a quotation with > has no place in a lesson"),
    gettext_noop("an indented block has no place in a lesson"),
    gettext_noop("a block of code has no place in a lesson"),
    gettext_noop("a line across has no place in a lesson"),
    gettext_noop("html has no place in a lesson"),
    gettext_noop("code has no place in a lesson"),
    gettext_noop("a link has no place in a lesson"),
    gettext_noop("a picture has no place in a lesson"),
    gettext_noop("html (%(words)s) has no place here"),
    gettext_noop("there is no module here: a module is a folder with a file module.md"),
    gettext_noop("this strand stands twice"),
    gettext_noop("there is no such fact under [facts]"),
    gettext_noop("there is no such country under [countries]"),
    gettext_noop("mark is one of %(names)s"),
    gettext_noop("the folder of %(code)s bears its code: %(folder)s"),
    gettext_noop("there is no strand %(name)s in pack.toml"),
    gettext_noop("the module has no lesson: a lesson is a file l1.md"),
    gettext_noop("no step is marked safety, as in {#s1 safety}"),
    gettext_noop("it has no line that begins with - [ ]"),
    gettext_noop("no option is right; a right one begins with - [x]"),
    gettext_noop("the file stands in %(folder)s"),
    gettext_noop("this is no uuid; it was written by an export, and nobody changes it"),
    gettext_noop("there is no country %(code)s in facts.toml"),
    gettext_noop("there is no module %(folder)s of which this could be a part"),
    gettext_noop("a country's block replaces another ({#k7f2 replaces}) or stands after one ({#n3aa after=k7f2})"),
    gettext_noop("%(code)s is also the code of %(other)s"),
    gettext_noop("it has no title in %(language)s"),
    gettext_noop("there is no such file: --fix makes an empty one"),
    gettext_noop("there is no such file: it names the pack, its languages and its strands"),
    gettext_noop("there is no such file: it names the module"),
    gettext_noop("the lesson is empty"),
    gettext_noop("no glossary.toml explains the word %(word)s"),
    gettext_noop("this line says nothing"),
    gettext_noop("nothing is said to her when she taps it: a line below that begins with >"),
    gettext_noop("there is no file %(name)s"),
    gettext_noop("a file's name is made of a-z, 0-9, ., - and _"),
    gettext_noop("this key stands twice"),
    gettext_noop("an id is missing; --fix gives one"),
    gettext_noop("an id is at most 12 of a-z, 0-9, _, a letter first"),
    gettext_noop("this id stands twice; also on line %(line)s"),
    gettext_noop("this id is one of the shared lesson's"),
    gettext_noop("the shared lesson has no block %(id)s"),
    gettext_noop("there is no %(file)s beside which this could stand"),
    gettext_noop("%(file)s explains this word in other words"),
    gettext_noop("the file begins with its titles between two lines of +++"),
    gettext_noop("the second line of +++ is missing"),
    gettext_noop("::: %(name)s is not closed"),
    gettext_noop("::: %(name)s is not closed before line %(line)s"),
    gettext_noop("not understood: after the lines that begin with - [ ] only such lines follow"),
    gettext_noop("not understood: %(words)s"),
    gettext_noop("::: closes nothing: no container is open here"),
    gettext_noop("this line is not understood; a container begins like ::: text {#k7f2}"),
    gettext_noop("a pack has at most %(files)s files and %(most)s MB"),
    gettext_noop("a pack has at most %(files)s files; here are %(count)s"),
    gettext_noop("a pack has at most %(most)s MB"),
    gettext_noop("cannot be read between +++ and +++: %(reason)s"),
    gettext_noop("cannot be read: %(reason)s"),
    gettext_noop("the file is larger than %(most)s MB"),
    gettext_noop("this file stands twice in the zip"),
    gettext_noop("these words stand outside of any block; --fix makes a text of them"),
    gettext_noop("there is no ::: %(name)s; there are: %(names)s"),
    gettext_noop("%(name)s has no meaning in ::: %(block)s"),
    gettext_noop("%(name)s has no meaning here"),
    gettext_noop("a picture begins like ![what it shows](pictures/name.svg)"),
    gettext_noop('it says file="sound/name.mp3"'),
    gettext_noop("it says entry=the key of a word in glossary.toml"),
    gettext_noop("a word has no words here: they stand in glossary.toml"),
    gettext_noop("a module has one ::: objectives and one ::: practice, and no more"),
    gettext_noop("its %(name)s is missing"),
    gettext_noop("a block replaces another, or stands after=another"),
    gettext_noop("a checklist holds lines that begin with - [ ], and no more"),
    gettext_noop("::: %(name)s holds lines that begin with - [ ], and no more"),
    gettext_noop("the file says that it is in %(language)s; its name says otherwise"),
    gettext_noop("an entry has no msgctxt, so nobody knows what it says"),
    gettext_noop("this entry stands twice"),
    gettext_noop("lessons names %(names)s; the files are %(files)s"),
    gettext_noop("a strand has a code and a title in each language (title.en = ...)"),
    gettext_noop("a word has a word and a meaning; other languages stand in po/"),
    gettext_noop("this is not UTF-8; save the file again as UTF-8"),
    gettext_noop("a sign that cannot be seen stands here (%(sign)s)"),
    gettext_noop("%(name)s holds words only"),
    gettext_noop("%(name)s is not what it should be"),
    gettext_noop("%(name)s is words between quotation marks"),
    gettext_noop("%(name)s is a whole number"),
    gettext_noop("%(name)s is a list"),
    gettext_noop("%(name)s is missing"),
)
_HOLE = re.compile(r"%\(([a-z]+)\)s")


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    found = []
    for sentence in SENTENCES:
        pieces = _HOLE.split(sentence)
        pattern = "".join(f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
        found.append((re.compile(pattern, re.DOTALL), sentence))
    return found


def told(what: str) -> str:
    """``what`` in the language that is active."""
    for pattern, sentence in _patterns():
        if (found := pattern.fullmatch(what)) is not None:
            said = gettext(sentence)
            for name, value in found.groupdict().items():
                said = said.replace(f"%({name})s", value)
            return said
    return what
