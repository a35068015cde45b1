"""From the html of a clipboard to paragraphs and lists."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import NavigableString, PreformattedString, Tag

from curriculum.pasting.kinds import Kind

BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption"}
    | {"figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "nav"}
    | {"ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "title", "tr", "ul"}
)
SILENT = frozenset(
    ["head", "style", "title", "meta", "link", "script", "template", "noscript", "colgroup", "col", "xml"]
)
THINGS: dict[str, Kind] = {
    "img": Kind.PICTURE,
    "svg": Kind.PICTURE,
    "canvas": Kind.PICTURE,
    "video": Kind.OTHER,
    "audio": Kind.OTHER,
    "iframe": Kind.OTHER,
    "object": Kind.OTHER,
    "embed": Kind.OTHER,
    "math": Kind.OTHER,
    "input": Kind.OTHER,
    "select": Kind.OTHER,
    "textarea": Kind.OTHER,
    "button": Kind.OTHER,
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
HEADING_CLASS = re.compile(r"^(MsoTitle|MsoSubtitle|MsoHeading\w*|Heading\d?)$")
NOTE_REF = re.compile(r"#_?(ftn|edn|sdfootnote|sdendnote)|mso-(foot|end)note-id", re.IGNORECASE)
NOTES = re.compile(r"mso-element:\s*(foot|end)note(-list)?\s*($|;)", re.IGNORECASE)
NOTE_ID = re.compile(r"sd(foot|end)note\d")
COMMENT_LIST = re.compile(r"mso-element:\s*comment-list", re.IGNORECASE)
COMMENT = re.compile(r"msocom|MsoCommentReference|#cmnt", re.IGNORECASE)
"""The mark of a comment; the words that it is about are in an ``<a>`` of their own, and stay."""
HIDDEN = re.compile(r"display:\s*none|mso-hide:\s*(all|screen)|visibility:\s*hidden", re.IGNORECASE)
FAKE_LIST = re.compile(r"mso-list:\s*(?!none|skip|ignore)\w+(?:\s+level(\d))?", re.IGNORECASE)
LIST_MARK = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
COLOUR = re.compile(r"(?:^|;)\s*(?:color|background(?:-color)?|mso-highlight)\s*:\s*([^;]+)", re.IGNORECASE)
PLAIN_COLOUR = re.compile(
    r"^\s*(black|windowtext|auto|inherit|initial|transparent|white|none|currentcolor|#000(000)?|#fff(fff)?"
    r"|rgba?\(\s*0\s*,\s*0\s*,\s*0\s*(,[^)]*)?\)|rgba?\(\s*255\s*,\s*255\s*,\s*255\s*(,[^)]*)?\))",
    re.IGNORECASE,
)
WEIGHT = re.compile(r"(?:^|;)\s*font-weight:\s*(\w+)", re.IGNORECASE)
SLANT = re.compile(r"(?:^|;)\s*font-style:\s*(\w+)", re.IGNORECASE)
LINE_OVER = re.compile(r"text-decoration[\w-]*:[^;]*(underline|line-through)", re.IGNORECASE)
RAISED = re.compile(r"vertical-align:\s*(super|sub)", re.IGNORECASE)
NUMBER_MARK = re.compile(r"^\W?(\d{1,3}|[a-z]|[ivxlc]{1,6})(\.\d{1,3})*[.)]", re.IGNORECASE)
TYPED_BULLET = re.compile(r"^\s*[•·▪◦‣●○■□–—*\-]\s+")
TYPED_NUMBER = re.compile(r"^\s*(\d{1,3})[.)]\s+")
SPACES = re.compile(r"[ \t\r\n\f\u00a0\u2002\u2003\u2009]+")
MOST_LEVELS = 4
BOLD_FROM = 600


@dataclass
class Run:
    """Some words in one look; ``\\n`` is a line break."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass
class Paragraph:
    """A paragraph (``p``), a heading (``h``), or a line of a list (``ul``, ``ol``) at its level, from 1."""

    kind: str
    runs: list[Run] = field(default_factory=list)
    level: int = 1

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass
class Pasted:
    """What is kept, and how many of each kind of thing is not, or not as it was."""

    paragraphs: list[Paragraph]
    changed: Counter[Kind]

    @property
    def html(self) -> str:
        return html_of(self.paragraphs)

    def parts(self) -> list[list[Paragraph]]:
        """What stands under each heading, with it: a block each."""
        found: list[list[Paragraph]] = []
        for paragraph in self.paragraphs:
            if paragraph.kind == "h" and not (found and all(one.kind == "h" for one in found[-1])):
                found.append([])
            if not found:
                found.append([])
            found[-1].append(paragraph)
        return found


@dataclass(frozen=True)
class _Look:
    bold: bool = False
    italic: bool = False
    kind: str = "p"
    level: int = 1


def cleaned(html: str) -> Pasted:
    """The paragraphs of ``html``. Whatever it is, ``html`` of the result has plain marks only."""
    reader = _Reader()
    start, end = html.find("<!--StartFragment-->"), html.rfind("<!--EndFragment-->")
    reader.read(BeautifulSoup(html[start:end] if 0 <= start < end else html, "html.parser"), _Look())
    reader.next_paragraph()
    return Pasted(_with_typed_lists([one for one in map(_tidy, reader.paragraphs) if one.text]), +reader.changed)


class _Reader:
    def __init__(self) -> None:
        self.paragraphs: list[Paragraph] = []
        self.now: Paragraph | None = None
        self.changed: Counter[Kind] = Counter()

    def next_paragraph(self) -> None:
        self.now = None

    def say(self, text: str, look: _Look) -> None:
        if self.now is None:
            if not text.strip():
                return
            self.now = Paragraph(look.kind, level=look.level)
            self.paragraphs.append(self.now)
        self.now.runs.append(Run(text, look.bold, look.italic))

    def read(self, element: Tag, look: _Look) -> None:
        for child in list(element.children):
            if isinstance(child, PreformattedString):
                continue  # comments and Word's <![if …]>
            if isinstance(child, NavigableString):
                self.say(SPACES.sub(" ", str(child)), look)
            elif isinstance(child, Tag):
                self._read_tag(child, look)

    def _read_tag(self, tag: Tag, look: _Look) -> None:
        name, style = tag.name.lower(), _style(tag)
        if name in SILENT or self._is_left_out(tag, name, style):
            return
        if name == "br":
            if "page-break" in style or "Apple-interchange" in _classes(tag):
                self.next_paragraph()
            elif self.now is not None:
                self.say("\n", look)
            return
        self._note_looks(tag, name, style)
        inner = self._look_in(tag, name, style, look)
        if name == "table":
            self._read_table(tag, inner)
        elif name in BLOCKS:
            self._read_block(tag, name, inner)
        else:
            self.read(tag, inner)

    def _read_block(self, tag: Tag, name: str, look: _Look) -> None:
        # A paragraph in a line of a list is that line, and a second one is no line of its own.
        opens = not (look.kind in ("ul", "ol") and name in ("p", "div") and self._is_new_line(tag))
        if opens:
            self.next_paragraph()
        self.read(tag, look)
        self.next_paragraph()

    def _is_new_line(self, tag: Tag) -> bool:
        return self.now is None and tag.find_previous_sibling() is None

    def _is_left_out(self, tag: Tag, name: str, style: str) -> bool:
        if name in THINGS:
            self.changed[THINGS[name]] += name != "img" or not _is_nothing(tag)
            return True
        if name == "del" or "msodel" in _classes(tag).casefold():
            self.changed[Kind.TRACKED] += 1
            return True
        if COMMENT_LIST.search(style):
            return True
        if COMMENT.search(_classes(tag)) or COMMENT.search(str(tag.get("href"))):
            self.changed[Kind.COMMENT] += 1
            return True
        if NOTES.search(style) or NOTE_ID.match(str(tag.get("id") or "")):
            return True
        if name == "a" and (NOTE_REF.search(str(tag.get("href") or "")) or NOTE_REF.search(style)):
            self.changed[Kind.NOTE] += 1
            return True
        if LIST_MARK.search(style):
            return True
        if HIDDEN.search(style):
            self.changed[Kind.HIDDEN] += bool(tag.get_text(strip=True))
            return True
        return False

    def _note_looks(self, tag: Tag, name: str, style: str) -> None:
        has_words = bool(tag.get_text(strip=True))
        if not has_words:
            return
        is_link = name == "a" and bool(tag.get("href"))
        # A link and a heading have a look of their own, which goes with them.
        by_itself = not is_link and tag.find_parent(["a", *HEADINGS]) is None and name not in HEADINGS
        self.changed[Kind.LINK] += is_link
        self.changed[Kind.LINE] += by_itself and bool(name in ("u", "s", "strike") or LINE_OVER.search(style))
        if name in ("sup", "sub") or RAISED.search(style):
            self.changed[Kind.RAISED] += 1
        self.changed[Kind.TRACKED] += name == "ins"
        colours = [*COLOUR.findall(style), *([str(tag["color"])] if name == "font" and tag.get("color") else [])]
        self.changed[Kind.COLOUR] += by_itself and any(not PLAIN_COLOUR.match(colour) for colour in colours)

    def _look_in(self, tag: Tag, name: str, style: str, look: _Look) -> _Look:
        bold, italic = look.bold or name in ("b", "strong"), look.italic or name in ("i", "em")
        kind, level = look.kind, look.level
        if weight := WEIGHT.search(style):
            said = weight[1].casefold()
            bold = said in ("bold", "bolder") or (said.isdigit() and int(said) >= BOLD_FROM)
        if slant := SLANT.search(style):
            italic = slant[1].casefold() in ("italic", "oblique")
        if name in HEADINGS or any(HEADING_CLASS.match(each) for each in _classes(tag).split()):
            if tag.get_text(strip=True):
                self.changed[Kind.HEADING] += 1
            kind, bold, italic = "h", False, False
        elif name in ("ul", "ol"):
            level = look.level + 1 if look.kind in ("ul", "ol") else 1
            kind = name
        elif name == "p" and (fake := FAKE_LIST.search(style)):
            kind, level = _kind_of_fake(tag), int(fake[1] or 1)
        if kind == "h":
            bold = False
        return _Look(bold, italic, kind, min(level, MOST_LEVELS))

    def _read_table(self, table: Tag, look: _Look) -> None:
        """Its words, a row a line: nothing of them is lost in silence."""
        self.changed[Kind.TABLE] += 1
        self.next_paragraph()
        for row in table.find_all("tr"):
            if row.find_parent("table") is not table:
                continue
            cells = row.find_all(["td", "th"], recursive=False)
            said = [words for cell in cells if (words := list(_words_of(self, cell, look)))]
            for place, runs in enumerate(said):
                if place:
                    self.say(" – ", look)
                for run in runs:
                    self.say(run.text, _Look(run.bold, run.italic, look.kind, look.level))
            self.next_paragraph()


def _words_of(reader: _Reader, cell: Tag, look: _Look) -> Iterator[Run]:
    """The words of a cell in one line. What it holds besides is counted by ``reader``."""
    inside = _Reader()
    inside.read(cell, _Look(look.bold, look.italic))
    reader.changed += inside.changed
    for place, paragraph in enumerate(_tidy(one) for one in inside.paragraphs):
        if place:
            yield Run(" ")
        yield from (Run(run.text.replace("\n", " "), run.bold, run.italic) for run in paragraph.runs)


def _style(tag: Tag) -> str:
    return str(tag.get("style") or "").replace("\n", " ")


def _classes(tag: Tag) -> str:
    found: Any = tag.get("class") or []
    return found if isinstance(found, str) else " ".join(found)


def _is_nothing(image: Tag) -> bool:
    """A dot that counts readers, or holds a table open."""
    return str(image.get("width")) in ("0", "1") and str(image.get("height")) in ("0", "1")


def _kind_of_fake(tag: Tag) -> str:
    """Whether the mark that Word drew before a line is a number."""
    mark = tag.find(style=LIST_MARK)
    said = mark.get_text(strip=True).replace("\u00a0", "") if mark else ""
    return "ol" if NUMBER_MARK.match(said) else "ul"


def _tidy(paragraph: Paragraph) -> Paragraph:
    """Neighbours of one look in one run, one space between words, none at the ends of lines."""
    runs: list[Run] = []
    for run in paragraph.runs:
        text = run.text
        before = runs[-1].text if runs else "\n"
        if before.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if text.startswith("\n") and runs:
            runs[-1].text = runs[-1].text.rstrip(" ")
        if not text:
            continue
        if runs and (runs[-1].bold, runs[-1].italic) == (run.bold, run.italic):
            runs[-1].text += text
        else:
            runs.append(Run(text, run.bold, run.italic))
    while runs and not runs[-1].text.rstrip():
        runs.pop()
    while runs and not runs[0].text.strip():
        runs.pop(0)
    if runs:
        runs[0].text, runs[-1].text = runs[0].text.lstrip(), runs[-1].text
        runs[-1].text = runs[-1].text.rstrip()
    if paragraph.kind == "h":
        runs = [Run(" ".join("".join(run.text for run in runs).split()))] if runs else []
    return Paragraph(paragraph.kind, runs, paragraph.level)


def _with_typed_lists(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """Two or more lines in a row that begin with a typed dot, dash or rising number are a list."""
    place = 0
    while place < len(paragraphs):
        for mark, kind in ((TYPED_BULLET, "ul"), (TYPED_NUMBER, "ol")):
            end = place
            while end < len(paragraphs) and paragraphs[end].kind == "p" and (found := mark.match(paragraphs[end].text)):
                if kind == "ol" and int(found[1]) != end - place + 1:
                    break
                end += 1
            if end - place > 1:
                for line in paragraphs[place:end]:
                    _without_mark(line, mark)
                    line.kind = kind
                place = end - 1
                break
        place += 1
    return paragraphs


def _without_mark(line: Paragraph, mark: re.Pattern[str]) -> None:
    found = mark.match(line.text)
    left = found.end() if found else 0
    for run in line.runs:
        cut = min(left, len(run.text))
        run.text, left = run.text[cut:], left - cut
    line.runs = [run for run in line.runs if run.text]


def html_of(paragraphs: list[Paragraph]) -> str:
    """``paragraphs`` as html of a lesson, levels of lists within each other."""
    html: list[str] = []
    open_lists: list[str] = []
    for paragraph in paragraphs:
        in_list = paragraph.kind in ("ul", "ol")
        level = min(paragraph.level, len(open_lists) + 1) if in_list else 0
        while len(open_lists) > level or (open_lists and len(open_lists) == level and open_lists[-1] != paragraph.kind):
            html.append(f"</li></{open_lists.pop()}>")
        if in_list:
            if len(open_lists) == level:
                html.append("</li><li>")
            else:
                open_lists.append(paragraph.kind)
                html.append(f"<{paragraph.kind}><li>")
            html.append(_inline(paragraph))
        else:
            html.append(f"<p>{_inline(paragraph)}</p>")
    html += [f"</li></{kind}>" for kind in reversed(open_lists)]
    return "".join(html)


def _inline(paragraph: Paragraph) -> str:
    said = []
    for run in paragraph.runs:
        text = escape(run.text, quote=False).replace("\n", "<br/>")
        text = f"<i>{text}</i>" if run.italic else text
        said.append(f"<b>{text}</b>" if run.bold or paragraph.kind == "h" else text)
    return "".join(said)
