// What a lesson asks her to write for herself. It stays on this phone, closed, among her cards: never an entry of
// the outbox. It goes with whatever else of hers is removed.
"use strict";

const WRITTEN_AFTER = 400; // milliseconds without a letter

async function placeNotes(page, lesson) {
  const places = [...page.querySelectorAll("[data-note]")];
  const written = places.length && ((await getCard("note " + lesson)) || {});
  for (const place of places) {
    const note = drawn("note");
    const field = note.querySelector("textarea");
    const { note: name } = place.dataset;
    let due;
    const keep = (wait) => {
      clearTimeout(due);
      due = setTimeout(() => keepNote(lesson, name, field.value), wait);
    };
    field.value = written[name] || "";
    field.addEventListener("input", () => keep(WRITTEN_AFTER));
    field.addEventListener("change", () => keep(0));
    place.lastElementChild.replaceWith(note);
  }
}

const keepNote = (lesson, name, text) => inTurn(async () => {
  if (!isOpen()) return;
  const tag = openTag();
  const written = (await getCard("note " + lesson)) || {};
  await putMine(tag, "note " + lesson, { ...written, [name]: text });
});
