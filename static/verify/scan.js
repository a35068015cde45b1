// The page on which a paper is checked by camera. It has no sentence of its own: they stand in the page as templates.
// What was checked is neither stored nor sent.
"use strict";

const place = document.querySelector("[data-scan]");
const part = (name) => place.querySelector(`[data-part="${name}"]`);
const { letters: numberLetters } = place.dataset;
const sentence = (name) => place.querySelector(`template[data-say="${name}"]`).content.cloneNode(true);
const video = part("video");
const days = JSON.parse(place.dataset.dates);

let reader; // asked for once, at the first need
const codes = () => reader || (reader = codeReader(place.dataset.decoder));

let known = currentList(place.dataset.list);

const today = () => dayOf(new Date());

function inWords(day) {
  const date = new Date(day * 86400000);
  return days[date.getUTCMonth()].replace("22", date.getUTCDate()).replace("2001", date.getUTCFullYear());
}

// Holes such as {day} in every text of `parts`.
function filled(parts, values) {
  const texts = document.createTreeWalker(parts, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    texts.currentNode.data = texts.currentNode.data.replace(/\{(\w+)\}/g, (hole, name) => values[name] || hole);
  }
  return parts;
}

// ---------------------------------------------------------------- the answer

const BELIEVED = ["current", "expired", "clock"]; // of anything else nothing more is said

function show(answer, list) {
  const { say, facts, maker, day, number } = answer;
  const result = part("result");
  const values = { day: day && inWords(day), today: inWords(today()) };
  result.replaceChildren(filled(sentence(say), values));
  const shown = facts ? facts.number : number;
  if (facts && facts.isDemonstration) result.append(sentence("demonstration"));
  if (list && isOld(list)) result.append(sentence("old"));
  if (BELIEVED.includes(say)) result.append(factsShown(facts, maker), nameAsked(facts));
  if (shown && navigator.onLine) {
    const way = sentence("site");
    way.querySelector("a").href = `/verify/${shown}/?language=${document.documentElement.lang}`;
    result.append(way);
  }
  result.hidden = false;
  part("again").hidden = false;
  part("ways").hidden = true;
  result.focus();
  result.scrollIntoView();
}

function factsShown(facts, maker) {
  const titles = maker.titles[facts.award] || {};
  const values = {
    number: facts.number.replace(/(.{4})(?=.)/g, "$1 "),
    title: titles[document.documentElement.lang] || titles.en || "",
    issued: inWords(facts.issued),
    until: facts.expires ? inWords(facts.expires) : "",
    by: maker.issuing_name,
  };
  const shown = sentence("facts");
  for (const each of shown.querySelectorAll("[data-fact]")) {
    each.textContent = values[each.dataset.fact];
    if (each.dataset.fact === "title" && !titles[document.documentElement.lang]) each.lang = "en";
    if (each.textContent) continue;
    each.previousElementSibling.remove();
    each.remove();
  }
  return shown;
}

function nameAsked(facts) {
  const asked = sentence("name");
  const form = asked.querySelector("form");
  const answer = asked.querySelector("[data-answer]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    answer.replaceChildren(sentence((await isNameOf(facts, form.elements.name.value)) ? "match" : "no-match"));
  });
  return asked;
}

// Nothing of the last paper stays, and nobody finds it by going back.
function clear() {
  part("result").replaceChildren();
  part("result").hidden = part("again").hidden = true;
  part("ways").hidden = false;
  part("typed").value = "";
  part("photo").value = "";
  hint("");
}

async function check(text) {
  hint("");
  const meant = meantBy(text, numberLetters);
  const list = await known;
  if (!("raw" in meant) && !meant.number) return show({ say: "other" });
  if (!self.crypto || !crypto.subtle) return show({ say: "browser" });
  if (!list) return show({ say: "no-list" });
  if (meant.number) return show(await verdictOnNumber(meant.number, list), list);
  return judge(meant.raw, list);
}

async function judge(raw, list) {
  const answer = await verdict(raw, list, today(), numberLetters);
  if (answer.say !== "stranger" || !navigator.onLine) return show(answer, list);
  // Its key may be younger than the list.
  known = currentList(place.dataset.list);
  const newest = (await known) || list;
  await showAge();
  return show(await verdict(raw, newest, today(), numberLetters), newest);
}

// ---------------------------------------------------------------- the camera and the photo

function hint(name) {
  part("hint").replaceChildren(...(name ? [sentence(name)] : []));
}

function closed() {
  closeCamera(video);
  part("view").hidden = part("stop").hidden = true;
  part("scan").hidden = !hasCamera();
}

const hasCamera = () => Boolean(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);

const isOurs = (text) => "raw" in meantBy(text, numberLetters) || Boolean(meantBy(text, numberLetters).number);

async function scan() {
  hint("");
  part("scan").hidden = true;
  const read = await codes();
  if (!read) return closed(), hint("no-reader");
  try {
    video.srcObject = await openCamera();
  } catch (_refused) {
    return closed(), hint("no-camera");
  }
  part("view").hidden = part("stop").hidden = false;
  part("stop").focus();
  await video.play().catch(() => {});
  const slow = setTimeout(hint, 8000, "nearer");
  let found = null;
  try {
    found = await look(video, read, isOurs);
  } catch (_gone) {
    reader = null; // the browser's own reader has gone away
  }
  clearTimeout(slow);
  closed();
  if (found) await check(found);
}

async function photographed() {
  const [photo] = part("photo").files;
  if (!photo) return;
  hint("");
  const read = await codes();
  const texts = read && (await readPhoto(photo, read).catch(() => []));
  part("photo").value = "";
  if (!read) hint("no-reader");
  else if (!texts.length) hint("no-code");
  else await check(texts.find(isOurs) || texts[0]);
}

// ---------------------------------------------------------------- how old the list is

const age = (list) => today() - madeOn(list);
const isOld = (list) => age(list) > 31;

function ageWord(list) {
  if (!list) return "none";
  if (isAhead(madeOn(list), today())) return "ahead";
  const bounds = [[1, "new"], [7, "days"], [31, "weeks"], [365, "months"]];
  const [, word] = bounds.find(([most]) => age(list) <= most) || [0, "years"];
  return word;
}

async function showAge() {
  const list = await known;
  const values = list ? { day: inWords(madeOn(list)), today: inWords(today()) } : {};
  part("age").replaceChildren(filled(sentence(`list-${ageWord(list)}`), values));
}

// ---------------------------------------------------------------- begin

part("scan").addEventListener("click", scan);
part("stop").addEventListener("click", closed);
part("again").addEventListener("click", () => {
  clear();
  (hasCamera() ? part("scan") : part("typed")).focus();
});
part("photo").addEventListener("change", photographed);
part("form").addEventListener("submit", (event) => {
  // A number is asked of the site while there is one; everything else is checked here.
  const { number } = meantBy(part("typed").value, numberLetters);
  if (number && navigator.onLine) return;
  event.preventDefault();
  check(part("typed").value);
});
addEventListener("online", () => {
  known = currentList(place.dataset.list);
  showAge();
});
addEventListener("pagehide", () => {
  closed();
  clear();
});
addEventListener("visibilitychange", () => document.hidden && closed());

async function begin() {
  part("scan").hidden = !hasCamera();
  part("by-photo").hidden = !self.createImageBitmap;
  // A code that the phone's own camera read opens its address; without a network this page stands there.
  const [, opened] = location.pathname.match(/^\/(?:v|verify)\/(.+?)\/?$/i) || [];
  if (opened && opened !== "scan") {
    history.replaceState(null, "", KEPT_PAGE);
    await check(opened);
  }
  await showAge();
  if (!navigator.serviceWorker || !canKeep) return;
  const { decoder } = place.dataset;
  const files = decoder && !(self.BarcodeDetector && (await browsersReader())) ? place.dataset.files.split(" ") : [];
  await keepWorker();
  await keepPage(files, place.dataset.list);
  place.dataset.kept = "yes";
  await showAge();
}

begin().catch(() => {});
