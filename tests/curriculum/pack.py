"""A pack as small as one can be that has every kind of block, in English and Swahili."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from curriculum.packs import files, strings, write
from curriculum.packs.model import Entry, Problems, Translation
from curriculum.packs.reading import read

MODULE = """+++
code = "X1"
strand = "practice"
title = "Talking well"
cover_title = "Talking well"
hours = 3
+++

::: objectives
- [ ] Greet a person kindly. {#ob1}
:::

::: practice
- [ ] Greets her first. {#s1 safety}
- [ ] Waits for her. {#s2}
:::
"""

LESSON_1 = """+++
title = "Greeting"
minutes = 4
+++

::: text {#tx}
First you **greet** her. Then you wait.

- She sits.
- You sit.

How long: {bf_duration}
:::

::: key-message {#km}
A greeting opens the door.
:::

::: story {#st title="Wanjikũ at the gate"}
Wanjikũ waits. Nobody greets her.
:::

::: picture {#pc}
![A woman stands at a gate.](pictures/gate.svg)

She waits.
:::

::: word {#wd entry=greeting}
:::
"""

LESSON_2 = """+++
title = "Listening"
minutes = 5
+++

::: try-it {#ty}
She is silent. What do you do?

- [x] I wait. {#a}
  > Yes. Silence is work.
- [ ] I talk. {#b}
  > It fills the room. She needs the room.
:::

::: role-play {#rp}
One of you is *silent*.

- [ ] Count to ten. {#r1}
- [ ] Breathe. {#r2}
:::

::: checklist {#ck title="Before you go"}
- [ ] I have waited. {#c1}
:::
"""

QUESTIONS = """// [id:q1] [tag:certifying] [tag:critical] [tag:lesson l1]
::X1-Q1:: What comes first? {
    // a
    = A greeting # Yes.
    // b
    ~ A form # The form can wait.
    #### A greeting opens the door.
}
"""

SWAHILI = {
    "title": "Kuzungumza vizuri",
    "cover_title": "Mazungumzo mazuri",
    "objective.ob1": "Msalimie mtu kwa upole.",
    "l1.title": "Salamu",
    "l1.tx.text": (
        "Kwanza **unamsalimia**. Kisha unasubiri.\n\n- Yeye anakaa.\n- Wewe unakaa.\n\nMuda gani: {bf_duration}"
    ),
    "l1.km.text": "Salamu inafungua mlango.",
    "l1.st.title": "Wanjikũ mlangoni",
    "l1.st.text": "Wanjikũ anasubiri. Hakuna anayemsalimia.",
    "l1.pc.alt": "Mwanamke amesimama mlangoni.",
    "l1.pc.caption": "Anasubiri.",
    "l2.title": "Kusikiliza",
    "l2.ty.question": "Yuko kimya. Unafanya nini?",
    "l2.ty.a.text": "Ninasubiri.",
    "l2.ty.a.feedback": "Ndiyo. Ukimya ni kazi.",
    "l2.ty.b.text": "Ninazungumza.",
    "l2.ty.b.feedback": "Inajaza chumba. Yeye anahitaji nafasi.",
    "l2.rp.situation": "Mmoja wenu yuko *kimya*.",
    "l2.rp.r1": "Hesabu hadi kumi.",
    "l2.rp.r2": "Pumua.",
    "l2.ck.title": "Kabla hujaondoka",
    "l2.ck.c1": "Nimesubiri.",
    "practice.s1": "Anamsalimia kwanza.",
    "practice.s2": "Anamsubiri.",
    "q1.stem": "Nini kinakuja kwanza?",
    "q1.why": "Salamu inafungua mlango.",
    "q1.a.text": "Salamu",
    "q1.a.feedback": "Ndiyo.",
    "q1.b.text": "Fomu",
    "q1.b.feedback": "Fomu inaweza kusubiri.",
    "glossary.greeting.word": "salamu",
    "glossary.greeting.meaning": "Maneno ya kwanza ya mazungumzo.",
}

WORDS = """[greeting]
word = "greeting"
meaning = "The first words of a talk."
"""

PACK = """code = "small"
name = "Small"
source_language = "en"
languages = ["sw"]
library.en = "Library"
library.sw = "Maktaba"

[[strands]]
code = "pmtct"
title.en = "Mother and baby"
title.sw = "Mama na mtoto"

[[strands]]
code = "practice"
title.en = "Working well"
title.sw = "Kufanya kazi vizuri"
"""

FACTS = """
[countries]
KE = "Kenya"
ZA = "South Africa"

[facts]
bf_duration = "How long."

[[values]]
fact = "bf_duration"
country = "ZA"
mark = "sourced"
source = "a guideline"
valid_from_on = 2020-01-01
texts.en = "12 months & more"
texts.sw = "miezi 12 na zaidi"

[[values]]
fact = "bf_duration"
country = "KE"
mark = "unsure"
valid_from_on = 2020-01-01
texts.en = "24 months"
texts.sw = "miezi 24"
"""

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 400"><rect width="600" height="400"/></svg>'

FILES = {
    "pack.toml": PACK,
    "facts.toml": FACTS,
    "x1/module.md": MODULE,
    "x1/l1.md": LESSON_1,
    "x1/l2.md": LESSON_2,
    "x1/questions.gift": QUESTIONS,
    "x1/glossary.toml": WORDS,
    "x1/pictures/gate.svg": PICTURE,
}


def write_pack(
    folder: Path,
    changed: Mapping[str, str] | None = None,
    *,
    swahili: Mapping[str, str] = SWAHILI,
    facts: str = FACTS,
    promised: bool = True,
) -> Path:
    """The pack's folder, ready to be imported; write it again to change it.

    ``changed`` says which words of the source stand there instead of which. ``swahili`` is taken to be made from the
    source as it then is; empty, there is no translation. ``promised``: the pack says that it is whole.
    """
    place = folder / "small"
    texts = FILES | {"facts.toml": facts}
    for old, new in (changed or {}).items():
        assert any(old in text for text in texts.values()), old
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    if not swahili or not promised:
        texts["pack.toml"] = texts["pack.toml"].replace('["sw"]', "[]")
    pack = read({name: text.encode() for name, text in texts.items()}, Problems())
    if swahili:
        [module] = pack.modules
        made_from = {string.key: string.text for string in strings(module)}
        entries = {key: Entry(key, made_from.get(key, "?"), text) for key, text in swahili.items()}
        module.translations["sw"] = Translation("sw", entries)
        texts["x1/po/sw.po"] = write(pack)["x1/po/sw.po"].decode()
    else:
        (place / "x1/po/sw.po").unlink(missing_ok=True)
    files.to_folder({name: text.encode() for name, text in texts.items()}, place)
    return place
