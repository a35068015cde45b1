"use strict";

const main = document.getElementById("main");
const language = document.documentElement.lang;
const locale = language === "en" ? "en-GB" : language; // dates as the site writes them
const words = new Map();
for (const each of document.getElementById("words").content.querySelectorAll("[data-word]")) words.set(each.dataset.word, each.textContent);

const PAGES = { today: "today", learn: "learn", certificates: "certificates", help: "help" };
const ours = /^\/([a-z]{2,3})\/([^/]+)\/(?:(.+)\/)?$/;
const modulePlace = /^[a-z]{1,2}\d{1,2}$/;

let outcome = { sending: false, why: "" }; // of the last try to send; says nothing of anybody
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

function fromHtml(html) {
  const page = document.createElement("template");
  page.innerHTML = html;
  return page.content;
}

const address = (place, rest = "") => `/${language}/${place}/${rest && rest + "/"}`;

async function pageFor(path, search) {
  const [, , place, rest = ""] = path.match(ours) || [];
  if (place === "keep") return storagePage();
  if (!isOpen()) return undefined;
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
  const page = /^q(\/|$)/.test(rest) ? await quizPage(pack, state, place, rest) : pack.pages[rest] && fromHtml(pack.pages[rest]);
  if (!page) return undefined;
  if (rest !== "q") page.language = pack.language;
  await mark(page, pack, state, place, rest);
  await placeFiles(page, kept);
  if (isOld(kept.checked)) page.prepend(line("p", word("old"), "notice warn"));
  return page;
}

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

async function placeFiles(page, pack) {
  for (const place of page.querySelectorAll("[data-src]")) {
    const src = place.dataset.src;
    const kept = await openFile(pack, src).catch(() => undefined);
    if (kept) {
      place.src = `data:${kept.type};base64,${base64(kept.bytes)}`;
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


async function quizPage(pack, state, place, rest) {
  const [, part, name] = rest.split("/");
  const tickets = (state.parts.tickets || []).filter((each) => each.place === place);
  const results = (state.parts.results || []).filter((each) => each.place === place);
  const sat = (await acts()).filter((each) => each.kind === "attempt" && each.ticket);
  const ticket = tickets.find((each) => !sat.some((one) => one.ticket === each.ticket) && Date.parse(each.expires_at) > Date.now());
  if (part === "practice") return pack.pages.q && withDraft(fromHtml(pack.pages.q));
  if (part === "try") return ticket && withDraft(fromHtml(ticket.html));
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

const draftOf = (form) => "draft " + (form.dataset.ticket || form.dataset.text);

async function withDraft(page) {
  const form = page.querySelector("form");
  const draft = form && (await getCard(draftOf(form)));
  for (const box of page.querySelectorAll("fieldset input")) box.checked = Boolean(draft && draft.includes(box.name + " " + box.value));
  return page;
}

const keepDraft = (form) => inTurn(async () => {
  if (isOpen()) await putCard(draftOf(form), Array.from(form.querySelectorAll("input:checked"), (box) => box.name + " " + box.value));
});
const dropDraft = (form) => inTurn(() => dropCard(draftOf(form)));

function answersOf(form) {
  const answers = {};
  const lacking = [];
  for (const question of form.querySelectorAll("fieldset")) {
    const boxes = [...question.querySelectorAll("input")];
    const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
    if (!chosen.length) lacking.push(question);
    answers[boxes[0].name.slice(2)] = boxes[0].type === "checkbox" ? chosen.sort() : chosen[0];
  }
  for (const note of main.querySelectorAll("[data-lacking]")) note.remove();
  if (!lacking.length) return answers;
  const note = line("p", word("unanswered", { count: lacking.length }), "notice warn");
  note.dataset.lacking = "";
  note.setAttribute("role", "alert");
  form.prepend(note);
  lacking[0].querySelector("input").focus();
  return undefined;
}

function practisedPage(form, { key }, place) {
  const page = drawn("practised");
  const [known, again] = [slot(page, "known"), slot(page, "again")];
  for (const question of form.querySelectorAll("fieldset")) {
    const boxes = [...question.querySelectorAll("input")];
    const { right, why, choices } = key[boxes[0].name.slice(2)];
    const stem = question.querySelector("legend > span:last-child");
    const wordsOf = (box) => box.nextElementSibling.textContent;
    const wrong = boxes.filter((box) => box.checked !== right.includes(box.value));
    if (!wrong.length) {
      known.hidden = false;
      known.querySelector("ul").append(line("li", stem.textContent));
      continue;
    }
    again.hidden = false;
    const item = drawn("again");
    item.firstElementChild.lang = stem.lang;
    say(item, "stem", stem.textContent);
    for (const box of boxes.filter((each) => each.checked && !right.includes(each.value))) {
      slot(item, "ideas").append(line("p", wordsOf(box)), line("p", choices[box.value] || ""));
    }
    if (slot(item, "ideas").childElementCount === 1) slot(item, "ideas").remove();
    const list = document.createElement("ul");
    list.append(...boxes.filter((box) => right.includes(box.value)).map((box) => line("li", wordsOf(box))));
    slot(item, "rights").append(list);
    slot(item, "because").append(line("p", why));
    again.append(item);
  }
  const count = again.querySelectorAll(".card").length;
  say(page, "heading", count ? word("look-again", { count }) : word("all-known"));
  for (const name of ["back", "on"]) slot(page, name).href = address(place, "q");
  return page;
}


async function actsSection() {
  const all = await acts();
  const shown = all.filter((each, at) => each.waits || refused(each) || at < 5);
  if (!shown.length) return undefined;
  const section = drawn("acts");
  const waiting = all.filter((each) => each.waits);
  const since = Math.min(...waiting.map((each) => each.at));
  const lead = waiting.length ? [word("waiting", { count: waiting.length }), word("oldest", { time: duration(Date.now() - since) })] : [word("all-sent")];
  if (outcome.why === "smaller") lead.push(word("too-much"));
  say(section, "lead", lead.join(" · "));
  if (waiting.length && outcome.why === "signin") reveal(section, "sign-in");
  for (const each of shown) {
    const row = drawn("act");
    say(row, "title", word(each.kind === "attempt" && !each.ticket ? "practice" : each.kind, { title: each.title }));
    if (each.waits) reveal(row, "waiting").lastElementChild.textContent = word(outcome.sending ? "sending" : "kept");
    else if (refused(each)) {
      reveal(row, "refused");
      say(row, "why", " " + word(each.answer.reason));
    } else reveal(row, "stored").lastElementChild.textContent = word("stored", { time: clock(Date.parse(each.answer ? each.answer.at : "") || each.at) });
    section.querySelector("ul").append(row);
  }
  return section;
}

async function repaintActs() {
  if (!isOpen() || !main.querySelector("[data-acts]")) return;
  const fresh = await actsSection();
  const shown = main.querySelector("[data-acts]");
  if (isOpen() && shown && fresh) shown.replaceWith(fresh);
}


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
    const size = kilobytes(each.bytes + (each.pictures ? sizeOf(picturesOf(each)) : 0));
    say(card, "facts", word("facts", { size, since: day(each.since), checked: each.checked ? day(each.checked) : "–" }));
    if (isOld(each.checked)) own.lastElementChild.prepend(line("p", word("old"), "notice warn"));
    slot(card, "open").href = `/${each.language}/${each.place}/`;
    reveal(page, "kept").append(card);
  }
  if (Object.keys(kept).length) {
    const size = Object.values(kept).reduce((sum, each) => sum + each.bytes + (each.pictures ? sizeOf(picturesOf(each)) : 0), 0);
    say(page, "total", word("total", { size: kilobytes(size) }));
    reveal(page, "remove-all");
    if (navigator.storage && navigator.storage.persisted && !(await navigator.storage.persisted())) say(page, "fragile", word("fragile"));
  } else slot(page, "total").remove();
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
  const pictures = wanted.flatMap(picturesOf);
  if (pictures.length) {
    reveal(form, "with-pictures");
    say(form, "pictures", word("pictures", { size: kilobytes(sizeOf(pictures)) }));
  }
  if (!isOpen()) {
    reveal(form, "ask-pin");
    own.elements.pin.required = true;
  }
  return form;
}
