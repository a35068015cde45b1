// Draws what she keeps, under the addresses that it has online. The words are in templates/offline/shell.html,
// the pages were drawn by the site and are hers or a pack's. Nothing is read here before her vault is open.
"use strict";

const main = document.getElementById("main");

const PAGES = { today: "today", learn: "learn", certificates: "certificates", help: "help" };
const ours = /^\/([a-z]{2,3})\/([^/]+)\/(?:(.+)\/)?$/;
const modulePlace = /^[a-z]{1,2}\d{1,2}$/;

let outcome = { sending: false, why: "" }; // of the last try to send; says nothing of anybody
let ear; // what reads aloud (heard.js), once somebody listens
let heardIn; // what is kept of the module whose page stands
let offers; // what somebody may keep who keeps nothing yet: {said, state}

const word = (name, values = {}) =>
  (words.get(name) || words.get("refused")).replace(/\{(\w+)\}/g, (_hole, key) => values[key]);
const kilobytes = (bytes) => Math.max(1, Math.round(bytes / 1000));
const day = (time) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }).format(time);
const clock = (time) =>
  new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }).format(time);

function duration(milliseconds) {
  const [length, unit] = [[86400000, "day"], [3600000, "hour"], [60000, "minute"], [1000, "second"]]
    .find(([each]) => milliseconds >= 1.5 * each) || [1000, "second"];
  const count = Math.max(1, Math.ceil(milliseconds / length - 0.05));
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

const drawn = (name) => document.getElementById("t-" + name).content.cloneNode(true);
const slot = (page, name) => page.querySelector(`[data-slot="${name}"]`);

function say(page, name, text) {
  const place = slot(page, name);
  place.hidden = !text;
  place.textContent = text;
}

function reveal(page, name, href) {
  const place = slot(page, name);
  place.hidden = false;
  if (href) place.href = href;
  return place;
}

function line(tag, text, className = "") {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

// HTML that the site drew. Script in it does not run: the policy of this document allows files of ours only.
function fromHtml(html) {
  const page = document.createElement("template");
  page.innerHTML = html;
  return page.content;
}

const address = (place, rest = "") => `/${language}/${place}/${rest && rest + "/"}`;

// The page for an address; undefined when it is not on this phone.
async function pageFor(path, search) {
  const [, , place, rest = ""] = path.match(ours) || [];
  if (place === "keep") return storagePage();
  if (!isOpen()) return undefined;
  if (place === "roster" || place === "record") return withList("listPage", place, rest);
  if (modulePlace.test(place)) return modulePage(place, rest, new URLSearchParams(search).get("in") || path.match(ours)[1]);
  const state = PAGES[place] && !rest && (await getCard("state"));
  const html = state && state.parts.pages && state.parts.pages[PAGES[place]];
  if (!html) return undefined;
  const page = fromHtml(html);
  page.language = state.parts.me && state.parts.me.languages && state.parts.me.languages[0];
  if (place === "today") {
    const done = await actsSection();
    if (done) page.append(done);
  }
  page.append(line("p", word("checked", { date: clock(state.checked) }), "meta"));
  if (isOld(state.checked)) page.prepend(line("p", word("old"), "notice warn"));
  return page;
}

async function modulePage(place, rest, wanted) {
  const here = Object.values(await keptPlaces()).filter((each) => each.place === place);
  const kept = here.find((each) => each.language === wanted) || here[0];
  const pack = kept && (await packOf(kept));
  if (!pack) return undefined;
  const state = (await getCard("state")) || { parts: {} };
  heardIn = kept;
  const base = rest.replace(/\/?listen$/, "");
  const drawPage = /^q(\/|$)/.test(rest) ? quizPage : /^p(\/|$)/.test(rest) ? practicePage : undefined;
  const page = drawPage ? await drawPage(pack, state, place, base) : pack.pages[rest] && fromHtml(pack.pages[rest]);
  if (!page) return undefined;
  if (base !== "q") page.language = pack.language;
  await mark(page, pack, state, place, base);
  await placeFiles(page, kept);
  if (pack.lessons[base]) await placeNotes(page, pack.lessons[base].lesson);
  if (isOld(kept.checked)) page.prepend(line("p", word("old"), "notice warn"));
  return page;
}

// What she has done, wherever: the site's word and what waits here.
async function doneOf(pack, state, place) {
  const { lessons = [], passed = [], signed_off: signedOff = [] } = state.parts.done || {};
  const studied = new Set(lessons);
  for (const each of await acts()) if (each.kind === "study" && !refused(each)) studied.add(each.lesson);
  return (row) => {
    if (row === "q") return passed.includes(place);
    if (row === "p") return signedOff.includes(place);
    return Boolean(pack.lessons[row]) && studied.has(pack.lessons[row].lesson);
  };
}

const refused = ({ answer }) => answer && answer.result === "refused";

async function mark(page, pack, state, place, rest) {
  const isDone = await doneOf(pack, state, place);
  let now;
  for (const row of page.querySelectorAll("[data-lesson-row]")) {
    const name = row.dataset.lessonRow;
    if (isDone(name)) row.className = "done";
    else if (!now) {
      now = name;
      row.className = "now";
      row.firstElementChild.setAttribute("aria-current", "step");
    }
  }
  for (const call of page.querySelectorAll("[data-next-row]")) call.hidden = call.dataset.nextRow !== now;
  for (const part of page.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "studied") !== isDone(rest);
}

// Pictures and recordings only on tap, unless they are kept.
async function placeFiles(page, pack) {
  for (const place of page.querySelectorAll("[data-src]")) {
    const src = place.dataset.src;
    const kept = await openFile(pack, src).catch(() => undefined);
    const tap = place.previousElementSibling;
    const waits = tap && "tap" in tap.dataset;
    if (kept) {
      // Not a Blob: a browser may write those to the disk.
      place.src = `data:${kept.type};base64,${base64(kept.bytes)}`;
      place.hidden = false;
      if (waits) tap.remove();
      continue;
    }
    if (waits) {
      showOnTap(tap);
      continue;
    }
    const file = (pack.files || []).find((each) => each.src === src);
    const name = place.localName === "img" ? "show-picture" : "listen";
    const button = line("button", word(name, { size: kilobytes(file ? file.bytes : 0) }), "button quiet");
    button.addEventListener("click", () => {
      place.hidden = false;
      place.src = src;
      button.remove();
    });
    place.hidden = true;
    place.before(button);
  }
}

// ---------------------------------------------------------------------------------------------------------
// Quizzes

async function quizPage(pack, state, place, rest) {
  const [, part, name] = rest.split("/");
  const tickets = (state.parts.tickets || []).filter((each) => each.place === place);
  const results = (state.parts.results || []).filter((each) => each.place === place);
  const sat = (await acts()).filter((each) => each.kind === "attempt" && each.ticket);
  const ticket = tickets.find((each) => !sat.some((one) => one.ticket === each.ticket) && Date.parse(each.expires_at) > Date.now());
  if (part === "practice") return pack.pages.q && sheetOf(pack.pages.q);
  if (part === "try") return ticket && sheetOf(ticket.html);
  if (part === "result") {
    const result = results.find((each) => each.client_uuid === name);
    return result && fromHtml(result.html);
  }
  if (part) return undefined;
  const page = drawn("quiz");
  reveal(page, "module", address(place)).textContent = pack.title;
  if (pack.practice) reveal(page, "practice").querySelector("a").href = address(place, "q/practice");
  const { passed = [] } = state.parts.done || {};
  if (passed.includes(place)) {
    reveal(page, "passed");
    slot(page, "counts").hidden = true;
  } else if (ticket) {
    reveal(page, "try");
    slot(page, "to-try").href = address(place, "q/try/" + ticket.ticket);
    say(page, "until", word("until", { date: day(Date.parse(ticket.expires_at)) }));
  } else if (sat.some((each) => each.place === place && each.waits)) reveal(page, "sat");
  else {
    reveal(page, "no-try");
    if (navigator.onLine) reveal(page, "to-site", address(place, "q") + "?site");
  }
  if (results[0]) {
    reveal(page, "result");
    slot(page, "to-result").href = address(place, "q/result/" + results[0].client_uuid);
  }
  return page;
}

// What a sheet needs comes with the first one (sheets.js); the worker has it.
const sheetOf = (html) => arrival("sheets").then(() => withDraft(fromHtml(html)), () => undefined);

const draftOf = (form) => "draft " + (form.dataset.ticket || form.dataset.text);

// In turn: what she chose last is written last.
const keepDraft = (form) => inTurn(async () => {
  if (isOpen()) await putCard(draftOf(form), Array.from(form.querySelectorAll("input:checked, select, [maxlength]"), (field) => field.name + " " + field.value));
});
const dropDraft = (form) => inTurn(() => dropCard(draftOf(form)));

// ---------------------------------------------------------------------------------------------------------
// What she did, and what became of it

async function actsSection() {
  const all = await acts();
  const shown = all.filter((each, at) => each.waits || refused(each) || at < 5);
  if (!shown.length) return undefined;
  const section = drawn("acts");
  const state = (await getCard("state")) || { parts: {} };
  const waiting = all.filter((each) => each.waits);
  const since = Math.min(...waiting.map((each) => each.at));
  const lead = waiting.length ? [word("waiting", { count: waiting.length }), word("oldest", { time: duration(Date.now() - since) })] : [word("all-sent")];
  if (outcome.why === "smaller") lead.push(word("too-much"));
  say(section, "lead", lead.join(" · "));
  if (waiting.length && outcome.why === "signin") reveal(section, "sign-in");
  for (const each of shown) {
    const row = drawn("act");
    say(row, "title", word(each.kind === "attempt" && !each.ticket ? "practice" : each.kind, { title: each.title }));
    if (each.waits) reveal(row, "waiting").lastElementChild.textContent = word(each.kind === "signoff" ? "unconfirmed" : outcome.sending ? "sending" : "kept");
    else if (refused(each)) {
      reveal(row, "refused");
      say(row, "why", " " + word(each.answer.reason));
    } else if (verdictOf(state, each.uuid)) {
      const { is_signed_off: isGood, words: said } = verdictOf(state, each.uuid);
      reveal(row, isGood ? "stored" : "waiting").lastElementChild.textContent = said;
    } else reveal(row, "stored").lastElementChild.textContent = word("stored", { time: clock(Date.parse(each.answer ? each.answer.at : "") || each.at) });
    section.querySelector("ul").append(row);
  }
  return section;
}

// Again, in place, when something was sent meanwhile.
async function repaintActs() {
  if (main.querySelector('[data-slot="unconfirmed"]:not([hidden])')) return draw({ toTop: false });
  if (!isOpen() || !main.querySelector("[data-acts]")) return;
  const fresh = await actsSection();
  const shown = main.querySelector("[data-acts]");
  if (isOpen() && shown && fresh) shown.replaceWith(fresh);
}

// ---------------------------------------------------------------------------------------------------------
// What is kept, and what may be

async function storagePage() {
  const state = isOpen() ? await getCard("state") : offers && offers.state;
  const kept = isOpen() ? await keptPlaces() : {};
  const page = drawn("storage");
  const offered = ((state && state.parts.packs) || []).filter((offer) => !kept[idOf(offer)]);
  const mine = offered.filter((offer) => offer.language === language);
  const free = mine.length ? mine : offered;
  const section = isOpen() && (await actsSection());
  if (section) slot(page, "waiting").append(section);
  else slot(page, "waiting").remove();
  for (const [id, each] of Object.entries(kept)) {
    const card = drawn("kept");
    const own = card.firstElementChild;
    own.dataset.id = id;
    own.open = location.hash === "#" + each.place;
    say(card, "title", each.title);
    const size = kilobytes(costOf(each));
    say(card, "facts", word("facts", { size, since: day(each.since), checked: each.checked ? day(each.checked) : "–" }));
    if (isOld(each.checked)) own.lastElementChild.prepend(line("p", word("old"), "notice warn"));
    slot(card, "open").href = `/${each.language}/${each.place}/`;
    reveal(page, "kept").append(card);
  }
  if (Object.keys(kept).length) {
    const size = Object.values(kept).reduce((sum, each) => sum + costOf(each), 0);
    say(page, "total", word("total", { size: kilobytes(size) }));
    reveal(page, "remove-all");
    if (navigator.storage && navigator.storage.persisted && !(await navigator.storage.persisted())) say(page, "fragile", word("fragile"));
  } else slot(page, "total").remove();
  await withList("addList", page);
  await showUse(page);
  for (const offer of free) {
    const card = drawn("offered");
    card.firstElementChild.open = location.hash === "#" + offer.place;
    say(card, "title", offer.title);
    card.firstElementChild.append(keepForm([offer]));
    reveal(page, "offered").append(card);
  }
  if (free.length > 1) reveal(page, "all").append(keepForm(free));
  if (!state) reveal(page, "needs-network");
  return page;
}

function keepForm(wanted) {
  const form = drawn("keep");
  const own = form.firstElementChild;
  own.dataset.ids = JSON.stringify(wanted.map(idOf));
  say(form, "price", word("price", { size: kilobytes(sizeOf(wanted)) }));
  for (const [name, kind] of [["pictures", "picture"], ["sound", "audio"]]) {
    const size = sizeOf(wanted.flatMap((offer) => ofKind(offer, kind)));
    if (!size) continue;
    reveal(form, "with-" + name);
    say(form, name, word(name, { size: kilobytes(size) }));
  }
  return askingPin(form);
}

// Lists are kept by few: their script (list.js) comes with the first one.
async function withList(name, ...values) {
  const key = [openTag(), "list"];
  const isHere = isOpen() && (await read(["cards"], ({ cards }) => done(cards.getKey(key))));
  if (!isHere && location.hash !== "#roster") return undefined;
  return arrival("list").then(() => listParts[name](...values));
}

const arriving = {};

// A script that is not everybody's comes when it is used first, and is kept from then on.
function arrival(name) {
  arriving[name] = arriving[name] || new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset[name];
    script.onload = resolve;
    script.onerror = () => {
      arriving[name] = undefined;
      reject(new NotNow("network"));
    };
    document.head.append(script);
  });
  return arriving[name];
}

// ---------------------------------------------------------------------------------------------------------
// Listening: its script (listen.js and heard.js) comes with the first page that is heard, or with the first sound.

const listens = () => isOpen() && /\/listen\/$/.test(location.pathname);

function toHear() {
  const voices = self.speechSynthesis ? speechSynthesis.getVoices() : [];
  for (const each of main.querySelectorAll("[data-voice]")) {
    each.hidden = !voices.some((voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === each.dataset.voice);
  }
  if (ear) ear.quiet();
  if (!listens()) return;
  if (!ear) keepHearing();
  arrival("hearing").then(() => listens() && ear.hear(main)).catch(() => {});
}

const keepHearing = () => void (navigator.serviceWorker && navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ hearing: true })));
if (self.speechSynthesis && speechSynthesis.addEventListener) speechSynthesis.addEventListener("voiceschanged", () => !listens() && toHear());

// Before her vault is there: the PIN that opens it from now on, or the password of somebody who has one.
function askingPin(form) {
  if (isOpen()) return form;
  reveal(form, "ask-pin").querySelector("input").required = true;
  if (offers.answer.letters) takesLetters(form, "password-once");
  return form;
}

// Staff sign in with a password: another keyboard, and another word beside the field.
function takesLetters(page, name = "pin-or-password") {
  const field = page.querySelector("[name=pin]");
  field.inputMode = "text";
  field.closest(".field").querySelector("label").firstChild.textContent = word(name) + " ";
}
