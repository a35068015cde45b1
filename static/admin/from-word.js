// The page for a whole text from Word: what was pasted goes along with the form, without its pictures.
"use strict";

const box = document.getElementById("from-word-box");
const form = box?.closest("form");
let pasted = "";
form?.addEventListener("submit", () => {
  form.elements.html.value = pasted || box.innerHTML;
});
box?.addEventListener("paste", (event) => {
  pasted = event.clipboardData.getData("text/html").replace(/(["'(])data:[^"')\s]{100,}/g, "$1data:,");
  if (!pasted) return;
  // As the clipboard has it: a box of the browser would take Word's marks of lists away.
  event.preventDefault();
  form.requestSubmit(form.elements.look);
});
