"""What comes from Word, LibreOffice or Google Docs, made into what a lesson can hold, with the names of what it cannot.

``cleaned`` reads the html of a clipboard. Kept: paragraphs, bold, italic, bullets and numbers with their levels, also
those that Word only draws. A heading becomes a line in bold: lessons have no headings, and a block that begins with
such a line is what a heading means here. Everything else is left out or laid flat, counted, and told.
"""

from curriculum.pasting.cleaning import Pasted, cleaned
from curriculum.pasting.telling import told

__all__ = ["Pasted", "cleaned", "told"]
