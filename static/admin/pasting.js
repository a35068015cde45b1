// Pasting into a text of a lesson: the server says what of it a lesson can hold, and names what it cannot.
// Without an answer the text goes in as it is: the editor drops the rest by itself, in silence.
"use strict";

(() => {
  const address = document.currentScript.dataset.address;
  const OURS = "data-paste";
  // A picture inside the text would be sent only to be left out.
  const light = (html) => html.replace(/(["'(])data:[^"')\s]{100,}/g, "$1data:,");

  async function asked(html) {
    const body = new FormData();
    body.set("html", light(html));
    const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
    const answer = await fetch(address, { method: "POST", body, headers: { [CSRF_HEADER_NAME]: CSRF_TOKEN } });
    if (!(answer.headers.get("Content-Type") || "").startsWith("application/json")) throw new Error(answer.status);
    return { ...(await answer.json()), ok: answer.ok };
  }

  function put(place, html, text) {
    const data = new DataTransfer();
    if (html) data.setData("text/html", html);
    data.setData("text/plain", text);
    const again = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    again[OURS] = true;
    place.dispatchEvent(again);
  }

  function tell(editor, sentences) {
    let note = editor.parentNode.querySelector(`:scope > [${OURS}]`);
    if (!note) {
      note = document.createElement("p");
      note.setAttribute(OURS, "");
      note.setAttribute("role", "status");
      note.className = "help-block help-warning";
      editor.after(note);
    }
    note.textContent = sentences.join(" ");
    note.hidden = !sentences.length;
  }

  addEventListener(
    "paste",
    async (event) => {
      const place = event.target.closest?.(".Draftail-Editor [contenteditable=true]");
      const html = event.clipboardData?.getData("text/html");
      // What was copied from an editor of ours is as it should be.
      if (!place || event[OURS] || !html || html.includes("data-editor=") || html.includes("draftjs-conductor")) return;
      const text = event.clipboardData.getData("text/plain");
      event.preventDefault();
      event.stopImmediatePropagation();
      const editor = place.closest(".Draftail-Editor__wrapper") || place.closest(".Draftail-Editor");
      const answer = await asked(html).catch(() => ({ html, told: [], ok: true }));
      if (answer.ok && answer.html) put(place, answer.html, text);
      tell(editor, answer.told);
    },
    true,
  );
})();
