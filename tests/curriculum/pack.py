"""A pack as small as one can be that has every kind of block, in English and Swahili."""

from __future__ import annotations

from pathlib import Path

MODULE = """
code = "X1"
strand = "practice"
title = "Talking well"
cover_title = "Talking well"
hours = 3

[[objectives]]
id = "ob1"
text = "Greet a person kindly."

[[lessons]]
id = "l1"
title = "Greeting"
minutes = 4

[[lessons.blocks]]
id = "tx"
type = "text"
text = \"\"\"
First you **greet** her. Then you wait.

- She sits.
- You sit.

How long: {bf_duration}
\"\"\"

[[lessons.blocks]]
id = "km"
type = "key_message"
text = "A greeting opens the door."

[[lessons.blocks]]
id = "st"
type = "story"
title = "Wanjikũ at the gate"
text = "Wanjikũ waits. Nobody greets her."

[[lessons.blocks]]
id = "pc"
type = "picture"
file = "pictures/gate.svg"
alt = "A woman stands at a gate."
caption = "She waits."

[[lessons.blocks]]
id = "wd"
type = "word"
entry = "greeting"

[[lessons]]
id = "l2"
title = "Listening"
minutes = 5

[[lessons.blocks]]
id = "ty"
type = "try_it"
question = "She is silent. What do you do?"
options = [
  { id = "a", text = "I wait.", right = true, feedback = "Yes. Silence is work." },
  { id = "b", text = "I talk.", right = false, feedback = "It fills the room. She needs the room." },
]

[[lessons.blocks]]
id = "rp"
type = "role_play"
situation = "One of you is *silent*."
items = [ { id = "r1", text = "Count to ten." }, { id = "r2", text = "Breathe." } ]

[[lessons.blocks]]
id = "ck"
type = "checklist"
title = "Before you go"
items = [ { id = "c1", text = "I have waited." } ]

[practice]
[[practice.steps]]
id = "s1"
text = "Greets her first."
safety = true
[[practice.steps]]
id = "s2"
text = "Waits for her."

[[questions]]
id = "q1"
code = "X1-Q1"
use = "certifying"
kind = "single"
critical = true
lesson = "l1"
facts = []
stem = "What comes first?"
why = "A greeting opens the door."
options = [
  { id = "a", text = "A greeting", right = true, feedback = "Yes." },
  { id = "b", text = "A form", right = false, feedback = "The form can wait." },
]
"""

SWAHILI = """
[strings]
"title" = "Kuzungumza vizuri"
"cover_title" = "Mazungumzo mazuri"
"objective.ob1" = "Msalimie mtu kwa upole."
"l1.title" = "Salamu"
"l1.tx.text" = \"\"\"
Kwanza **unamsalimia**. Kisha unasubiri.

- Yeye anakaa.
- Wewe unakaa.

Muda gani: {bf_duration}
\"\"\"
"l1.km.text" = "Salamu inafungua mlango."
"l1.st.title" = "Wanjikũ mlangoni"
"l1.st.text" = "Wanjikũ anasubiri. Hakuna anayemsalimia."
"l1.pc.alt" = "Mwanamke amesimama mlangoni."
"l1.pc.caption" = "Anasubiri."
"l2.title" = "Kusikiliza"
"l2.ty.question" = "Yuko kimya. Unafanya nini?"
"l2.ty.a.text" = "Ninasubiri."
"l2.ty.a.feedback" = "Ndiyo. Ukimya ni kazi."
"l2.ty.b.text" = "Ninazungumza."
"l2.ty.b.feedback" = "Inajaza chumba. Yeye anahitaji nafasi."
"l2.rp.situation" = "Mmoja wenu yuko *kimya*."
"l2.rp.r1" = "Hesabu hadi kumi."
"l2.rp.r2" = "Pumua."
"l2.ck.title" = "Kabla hujaondoka"
"l2.ck.c1" = "Nimesubiri."
"practice.s1" = "Anamsalimia kwanza."
"practice.s2" = "Anamsubiri."
"q1.stem" = "Nini kinakuja kwanza?"
"q1.why" = "Salamu inafungua mlango."
"q1.a.text" = "Salamu"
"q1.a.feedback" = "Ndiyo."
"q1.b.text" = "Fomu"
"q1.b.feedback" = "Fomu inaweza kusubiri."
"""

WORDS = """
[greeting]
en_word = "greeting"
en_meaning = "The first words of a talk."
sw_word = "salamu"
sw_meaning = "Maneno ya kwanza ya mazungumzo."
"""

STRANDS = """
[library]
en = "Library"
sw = "Maktaba"

[[strands]]
code = "pmtct"
en = "Mother and baby"
sw = "Mama na mtoto"

[[strands]]
code = "practice"
en = "Working well"
sw = "Kufanya kazi vizuri"
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


def write_pack(folder: Path, *, module: str = MODULE, swahili: str = SWAHILI, facts: str = FACTS) -> Path:
    """The pack's folder, ready to be imported; write it again to change it."""
    place = folder / "small"
    for file, text in {
        "strands.toml": STRANDS,
        "facts.toml": facts,
        "x1/module.toml": module,
        "x1/sw.toml": swahili,
        "x1/words/glossary.toml": WORDS,
        "x1/pictures/gate.svg": PICTURE,
    }.items():
        path = place / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if text:
            path.write_text(text, encoding="utf-8")
        else:
            path.unlink(missing_ok=True)
    return place
