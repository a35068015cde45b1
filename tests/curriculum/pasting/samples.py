"""What clipboards hold, cut to size: from Word, LibreOffice Writer and Google Docs."""

from pathlib import Path

HERE = Path(__file__).parent / "clipboards"

WORD = (HERE / "word.html").read_text(encoding="utf-8")

WORD_HTML = (
    "<p><b>Keep it safe</b></p>"
    "<p>Anna keeps her <b>phone</b> locked and near.</p>"
    "<ul><li>Greet her<ul><li>By her name</li></ul></li><li>Wait</li></ul>"
    "<ol><li>First</li><li>Second</li></ol>"
    "<p>She always asks, you know. See this page.</p>"
    "<p><b>Day</b> – Who</p><p>Monday – Naledi</p>"
)

GOOGLE_DOCS = (HERE / "google-docs.html").read_text(encoding="utf-8")

GOOGLE_DOCS_HTML = (
    "<p><b>A quiet place</b></p>"
    "<p>Choose <b>one</b> where <b><i>nobody</i></b> hears &amp; sees.</p>"
    "<ul><li>Inside<ul><li>a room</li></ul></li><li>Outside</li></ul>"
    "<p>More<br/>next line</p>"
)

LIBRE_OFFICE = (HERE / "libre-office.html").read_text(encoding="utf-8")

LIBRE_OFFICE_HTML = (
    "<p><b>Telling</b></p>"
    "<p><b>She</b> tells <i>one</i> person.<br/>Then she rests.</p>"
    "<ol><li>Choose</li><li>Tell</li></ol>"
    "<ul><li>one</li><li>two</li></ul>"
    "<p>1) Only one number</p>"
    "<p>old H2O</p>"
)
