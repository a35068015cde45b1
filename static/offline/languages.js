// The language of this document, and the way into another one whose shell is kept here. The words of the other shell
// are put into this document: to open the other one would lock.
"use strict";

let language = document.documentElement.lang;
let locale; // dates as the site writes them
const words = new Map();

function readWords() {
  locale = language === "en" ? "en-GB" : language;
  for (const each of document.getElementById("words").content.querySelectorAll("[data-word]")) words.set(each.dataset.word, each.textContent);
}

readWords();

const languageOf = (path) => path.split("/")[1];
const shellIn = (code) => caches.match(`/${code}/keep/`);

// Her own order when it is known, else what is kept here.
async function showOther(hers = []) {
  const place = document.getElementById("other");
  const here = location.href;
  for (const code of new Set([...hers, ...(await keptLanguages())])) {
    if (code === language || !(await shellIn(code)) || here !== location.href) continue;
    place.lang = place.hreflang = code;
    place.textContent = new Intl.DisplayNames([code], { type: "language" }).of(code);
    place.href = location.pathname.replace(/^\/[a-z]+/, "/" + code) + location.search;
    place.hidden = false;
    return;
  }
  place.hidden = true;
}

// Speaks the language of `path` from now on, if its words are kept here.
async function speak(path) {
  const code = languageOf(path);
  const kept = code !== language && (await shellIn(code).catch(() => undefined));
  if (!kept) return;
  const other = new DOMParser().parseFromString(await kept.text(), "text/html");
  for (const part of other.querySelectorAll("template, header, footer, .skip")) {
    const mine = document.querySelector(part.id ? "#" + part.id : part.localName + (part.className && "." + part.className));
    if (!mine) continue;
    for (const each of mine.querySelectorAll("[id]")) part.querySelector("#" + each.id).hidden = each.hidden;
    mine.replaceWith(part);
  }
  language = document.documentElement.lang = code;
  document.documentElement.dir = other.documentElement.dir;
  readWords();
}
