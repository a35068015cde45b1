// The document that opens what is kept on this phone: unlock, lock, take over links and forms, send.
"use strict";

const LOCK_AFTER = document.body.dataset.lockAfter * 60000;
const HIDDEN_AT_MOST = 30000;
const HOUR = 3600000;
const SOON = 1500; // milliseconds that a session has to open her vault before the lock is shown
const elsewhere = new BroadcastChannel("t"); // the other pages of this browser

let drawing = 0;
let shown = ""; // the address of what is drawn
let touched = Date.now();
let hiddenAt = 0;
let talking = false; // with the site
let tries = 0;
let retry;
let idle;
let askedAt = 0;

// ---------------------------------------------------------------------------------------------------------
// Drawing

function put(page) {
  main.lang = page.language || language; // of what the site drew
  main.replaceChildren(page);
  toHear();
  showOther().catch(() => {});
  document.getElementById("pages").hidden = !isOpen();
  document.documentElement.hidden = document.hidden && isOpen();
}

async function draw({ toTop = true } = {}) {
  const mine = ++drawing;
  const tag = openTag();
  await speak(location.pathname);
  const page = await pageFor(location.pathname, location.search).catch((problem) => {
    if (isOpen()) throw problem;
  });
  // Locked meanwhile, or on to another page, or another woman's: what was drawn is thrown away.
  if (mine !== drawing || tag !== openTag()) return;
  if (!page) return leaveForSite();
  put(page);
  shown = location.pathname + location.search;
  const target = main.querySelector("details[open]");
  if (!toTop) return;
  main.focus({ preventScroll: true });
  if (location.hash && target) target.scrollIntoView();
  else scrollTo(0, 0);
}

// What is not here, the site may have; only when it answers, because to leave is to lock.
async function leaveForSite(path = location.href) {
  const mine = ++drawing;
  put(line("p", word("one-moment"), "meta"));
  const answers = await inTime(hello(), 5000).then(() => true, (problem) => ["signin", "consent", "locked"].includes(problem.why));
  if (mine !== drawing) return;
  if (answers) {
    const site = new URL(path, location.href);
    site.searchParams.set("site", "");
    location.assign(site);
  } else if (isOpen()) put(drawn("elsewhere"));
  else showLock();
}

const inTime = (work, milliseconds) =>
  Promise.race([work, new Promise((_resolve, reject) => setTimeout(() => reject(new NotNow("network")), milliseconds))]);

function go(path) {
  history.pushState(null, "", path);
  draw();
}

// ---------------------------------------------------------------------------------------------------------
// The lock

function showLock(problem = "") {
  drawing += 1;
  const page = drawn("lock");
  if (problem) say(page, "problem", problem);
  slot(page, "online").hidden = !navigator.onLine;
  const fields = page.querySelector("form");
  read(["vaults"], ({ vaults }) => done(vaults.getAll())).then((rows) => {
    if (rows.some((row) => row.letters)) takesLetters(fields);
  }).catch(() => {});
  put(page);
  document.documentElement.className = "";
}

// Nothing that can be read stays in this document, and the site's own session is locked as well.
async function lock({ tellOthers = true, away = false } = {}) {
  const wasOpen = isOpen();
  lockVault();
  documents.clear();
  if (ear) ear.quiet();
  offers = heardIn = undefined;
  clearTimeout(idle);
  if (away) main.replaceChildren();
  else showLock();
  if (tellOthers) elsewhere.postMessage("lock");
  if (!wasOpen && !away) return;
  const noted = written(["phone"], ({ phone }) => void phone.put(Date.now(), "locked")).catch(() => {});
  const how = new URLSearchParams({ how: "lock" });
  const told = fetch(`/${language}/exit/`, { method: "POST", body: how, keepalive: true, redirect: "manual" })
    .then(() => noted)
    .then(() => written(["phone"], ({ phone }) => void phone.delete("locked")))
    .catch(() => {});
  await inTime(away ? Promise.all([noted, told]) : noted, 400).catch(() => {});
}

async function exit() {
  document.documentElement.hidden = true;
  const locked = lock({ away: true });
  document.body.replaceChildren();
  await locked;
  location.replace("/pause/");
}

function touch() {
  touched = Date.now();
  clearTimeout(idle);
  if (isOpen()) idle = setTimeout(lockIfLeft, LOCK_AFTER);
}

// Timers sleep with the phone: the clock is asked as well.
function lockIfLeft() {
  if (!isOpen()) return;
  const hidden = hiddenAt && Math.abs(Date.now() - hiddenAt) >= HIDDEN_AT_MOST;
  if (hidden || Math.abs(Date.now() - touched) >= LOCK_AFTER) lock();
}

async function nowOpen(said) {
  touch();
  await written(["phone"], ({ phone }) => void phone.delete("locked"));
  const state = await getCard("state");
  const size = state && state.parts.me && state.parts.me.text_size;
  document.documentElement.className = size ? "size-" + size : "";
  await withList("fitLinks");
  await draw();
  contact(said);
}

async function unlock(form) {
  const { alias, pin } = Object.fromEntries(new FormData(form));
  const button = main.querySelector("button.button");
  button.disabled = true;
  const result = await openWithPin(alias, pin.trim()).catch(() => "wrong");
  if (result === "open") {
    // One PIN for both: a session of hers that locked itself opens as well.
    return nowOpen(unlockSession(pin.trim()).catch(() => undefined));
  }
  form.elements.pin.value = "";
  button.disabled = false;
  say(form, "problem", result.wait ? word("wait", { time: duration(result.wait) }) : word("did-not-open"));
  form.elements.pin.focus();
}

async function unlockSession(pin) {
  const said = await hello();
  if (said.owner !== openOwner()) return said;
  const locked = await ask("vault", posted(said, { tag: openTag() })).then(() => false, (problem) => problem.why === "locked");
  if (locked) await fetch(`/${language}/lock/`, { method: "POST", body: new URLSearchParams({ pin }), headers: { "X-CSRFToken": said.token }, redirect: "manual" });
  return said;
}

const posted = ({ token }, value) => ({
  method: "POST",
  body: JSON.stringify(value),
  headers: { "Content-Type": "application/json", "X-CSRFToken": token },
});

// ---------------------------------------------------------------------------------------------------------
// With a session of hers

// Opens her vault without the PIN: {said, answer, isNew, pinDiffers}. `isLocked`: by somebody, and the server has not
// heard of it. Then no session opens what is kept; who keeps nothing here yet, on a phone that is shared, may begin.
async function openBySession(isLocked) {
  const said = await hello();
  const tag = await tagOf(said.owner);
  if (isLocked && (await read(["vaults"], ({ vaults }) => done(vaults.getKey(tag))))) throw new NotNow("locked");
  const answer = await ask("vault", posted(said, { tag }));
  if (answer.owner !== said.owner) throw new NotNow("network");
  const typing = [...main.querySelectorAll("#form input")].some((field) => field.value);
  if (typing || isOpen()) throw new NotNow("locked");
  const fits = await openOnline(answer);
  return { said, answer, isNew: !isOpen(), pinDiffers: isOpen() && !fits };
}

// Whether the site takes this PIN in her session; then it opens this phone from now on.
async function takePin({ said, answer }, pin) {
  const response = await fetch("/pin/", { ...posted(said, { pin }), redirect: "error" }).catch(() => {
    throw new NotNow("network");
  });
  if (response.status === 403) return false;
  if (response.status !== 204) throw new NotNow({ 401: "signin", 423: "signin" }[response.status] || "busy");
  await openOnline(answer, { alias: answer.alias, pin });
  return true;
}

// Opens her vault with what she typed, when she keeps something here for the first time. Resolves with the answer to
// "hello", {} when it was open before, undefined when that was not hers.
async function openedToKeep(form) {
  say(form, "problem", "");
  const said = {};
  if (!isOpen()) {
    const { state } = offers;
    if (!(await takePin(offers, form.elements.pin.value.trim()))) return say(form, "problem", word("pin-differs"));
    Object.assign(said, offers.said);
    offers = undefined;
    slot(form, "ask-pin").remove();
    touch();
    await putCard("server", said.key);
    await putCard("state", state);
  }
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  keepShells(await getCard("state"));
  return said;
}

// Sends what waits, of whoever's session this is, and brings her what is new.
async function contact(said) {
  clearTimeout(retry);
  if (talking) return;
  const waits = await read(["outbox"], ({ outbox }) => done(outbox.count()));
  if (talking) return;
  if (!waits && !isOpen()) return askWhatEnded(false);
  talking = true;
  outcome = { sending: Boolean(waits), why: "" };
  repaintActs();
  try {
    // Phones are shared: what is hers waits for a session of hers.
    if (waits && (await handOver(() => repaintActs())).owner !== openOwner()) outcome.why = "signin";
    outcome.sending = false;
    if (isOpen()) await refreshed(await said);
    tries = 0;
  } catch (problem) {
    outcome.why = problem.why || "later";
    tries += 1;
    // Without a session there is nothing to try again for: her next sign-in does it.
    if (!["signin", "locked", "consent", "smaller"].includes(outcome.why)) retry = setTimeout(contact, waitBefore(tries, problem.wait));
  }
  talking = outcome.sending = false;
  repaintActs();
  await askWhatEnded(outcome.why === "signin");
}

// What the site has ended goes. Without a session it is asked each time: a lost phone has none any more.
async function askWhatEnded(isUrgent) {
  if (!isUrgent && Date.now() - askedAt < HOUR) return;
  const gone = await letGoOfEnded().catch(() => undefined);
  if (!gone) return;
  askedAt = Date.now();
  if (gone.includes(openTag())) lock();
}

async function refreshed(said) {
  const before = await whatIsHere();
  said = said || (await hello());
  if (!(await refresh(said))) return void (outcome.why = "signin");
  await withList("refreshList", said);
  await withList("fitLinks");
  // A sheet that she fills in, or a form that she opened, stays as it is.
  const changed = before !== (await whatIsHere());
  if (changed && !main.querySelector("#sheet, #form, details[open], textarea:focus")) await draw({ toTop: false });
}

async function whatIsHere() {
  const [state, kept, list] = [await getCard("state"), await keptPlaces(), await withList("heldList")];
  return JSON.stringify([state && state.tag, list && list.held, Object.values(kept).map((each) => [each.name, isOld(each.checked)])]);
}

// ---------------------------------------------------------------------------------------------------------
// What she taps

const placeNow = () => location.pathname.split("/")[2];

const forms = {
  ...practiceForms,
  unlock,

  async "new-pin"(form) {
    if (await takePin(offers, form.elements.pin.value.trim())) {
      const { said } = offers;
      offers = undefined;
      return nowOpen(said);
    }
    form.elements.pin.value = "";
    say(form, "problem", word("pin-differs"));
  },

  async study(form) {
    const kept = Object.values(await keptPlaces()).filter((each) => each.place === placeNow());
    const pack = await packOf(kept.find((each) => each.language === location.pathname.split("/")[1]) || kept[0]);
    const { lesson, content_hash: hash, next, language: read } = pack.lessons[form.dataset.lesson];
    const title = main.querySelector("h1").textContent.trim();
    const payload = { lesson, language: read || pack.language, country: pack.country, content_hash: hash };
    await act("study", payload, { lesson, title, place: placeNow() });
    go(address(placeNow(), listens() ? [next, "listen"].filter(Boolean).join("/") : next));
    contact();
  },

  async practice(form) {
    const answers = answersOf(form);
    if (!answers) return;
    const kept = Object.values(await keptPlaces()).filter((each) => each.place === placeNow());
    const packs = await Promise.all(kept.map(packOf));
    const { practice, title } = packs.find((pack) => pack && pack.practice && pack.practice.text === form.dataset.text);
    await act("attempt", { ticket: null, text: practice.text, answers }, { title, place: placeNow() });
    await dropDraft(form);
    if (ear) ear.said(form, practice.sounds);
    put(practisedPage(form, practice, placeNow()));
    scrollTo(0, 0);
    contact();
  },

  async attempt(form) {
    const answers = answersOf(form);
    if (!answers) return;
    const { ticket, text } = form.dataset;
    const title = main.querySelector(".go").textContent.trim();
    await act("attempt", { ticket, text, answers }, { ticket, title, place: placeNow() });
    await dropDraft(form);
    const page = drawn("sat");
    slot(page, "on").href = address(placeNow());
    put(page);
    scrollTo(0, 0);
    contact();
  },

  async keep(form) {
    const state = isOpen() ? await getCard("state") : offers.state;
    const ids = JSON.parse(form.dataset.ids);
    const wanted = state.parts.packs.filter((offer) => ids.includes(idOf(offer)));
    const choice = { pictures: form.elements.pictures.checked, sound: form.elements.sound.checked };
    const bar = form.querySelector("progress");
    const total = wanted.reduce((sum, offer) => sum + costOf(offer, choice), 0);
    let said = await openedToKeep(form);
    if (!said) return;
    if (choice.sound) keepHearing();
    bar.hidden = false;
    let before = 0;
    for (const offer of wanted) {
      await keepPlace(offer, choice, (got) => {
        touch();
        bar.value = (before + got) / total;
        say(form, "progress", word("fetching", { got: kilobytes(before + got), total: kilobytes(total) }));
      });
      before += costOf(offer, choice);
    }
    // Her tries at these quizzes come with the next state.
    said = said.owner ? said : await hello();
    if (said.owner === openOwner()) {
      await ask("keep", posted(said, { ...openVault(), places: wanted.map((offer) => offer.place) })).catch(() => {});
      await refresh(said).catch(() => {});
    }
    await draw();
  },
};

const buttons = {
  ...practiceButtons,
  later: () => nowOpen(),
  async remove(button) {
    await dropPlace(button.closest("[data-id]").dataset.id);
    await draw({ toTop: false });
  },
  async "remove-all"() {
    const tag = openTag();
    await lock();
    await forget(tag);
  },
};

const trouble = { cleared: "cleared", network: "stopped", gone: "gone", signin: "sign-in", busy: "stopped", locked: "sign-in" };

// By the browser, under her hands: whatever she taps then finds less than it looks for.
const isCleared = async () => isOpen() && !(await read(["vaults"], ({ vaults }) => done(vaults.getKey(openTag()))).catch(() => true));

addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.busy || !forms[form.dataset.act]) return;
  form.dataset.busy = "yes";
  try {
    await forms[form.dataset.act](form);
  } catch (problem) {
    const known = problem.name === "QuotaExceededError" ? "full" : trouble[problem.why] || ((await isCleared()) && "cleared");
    const note = slot(form, "problem") || form.insertBefore(line("p", "", "error"), form.firstChild);
    note.textContent = word(known || "stopped");
    note.hidden = false;
    if (!problem.why && !known) throw problem;
  } finally {
    delete form.dataset.busy;
  }
});

addEventListener("change", (event) => {
  const { form } = event.target;
  if (isOpen() && form && ["practice", "attempt", "observed"].includes(form.dataset.act)) keepDraft(form);
});

addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) return void buttons[button.dataset.do](button);
  if (event.target.closest("#exit")) return void exit();
  const link = event.target.closest("a[href]");
  if (!link || link.origin !== location.origin || link.hasAttribute("download") || "site" in link.dataset) return;
  if (link.hash && link.pathname === location.pathname && link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  if (isOpen()) go(link.pathname + link.search + link.hash);
  else if (link.id === "other") location.assign(link.href);
  else leaveForSite(link.href);
});

addEventListener("popstate", () => {
  if (location.pathname + location.search === shown) return;
  if (isOpen() || offers) draw();
  else showLock();
});
addEventListener("pagehide", () => {
  lockVault();
  document.documentElement.hidden = true;
  main.replaceChildren();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
addEventListener("visibilitychange", () => {
  hiddenAt = document.hidden ? Date.now() : hiddenAt;
  // Also for the small pictures of open pages that a phone shows.
  if (document.hidden) {
    document.documentElement.hidden = isOpen();
    setTimeout(lockIfLeft, HIDDEN_AT_MOST);
    return;
  }
  lockIfLeft();
  hiddenAt = 0;
  document.documentElement.hidden = false;
  contact();
});
addEventListener("online", () => contact());
for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, () => {
  lockIfLeft();
  touch();
}, { passive: true });

let lastEscape = 0;
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (event.timeStamp - lastEscape < 1000) exit();
  lastEscape = event.timeStamp;
});

elsewhere.addEventListener("message", ({ data }) => {
  if (data === "lock" || (data === "gone" && isOpen())) lock({ tellOthers: false });
  if (data === "sent") repaintActs();
});

// ---------------------------------------------------------------------------------------------------------
// The beginning

// The worker comes with the first thing that is kept: it costs as much as the shell.
async function keepShells(state) {
  const known = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration());
  if (!state && !known) return;
  // Out of reach is no reason: what is kept is here.
  navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" }).catch(() => {});
  const languages = new Set([language, ...((state && state.parts.me && state.parts.me.languages) || [])]);
  navigator.serviceWorker.ready.then(({ active }) => {
    for (const each of languages) active.postMessage({ shell: each });
  });
}

function cannot(why) {
  const page = drawn("cannot");
  say(page, "why", word(why));
  put(page);
}

async function begin() {
  if (location.search.includes("site")) history.replaceState(null, "", location.pathname + location.hash);
  if (!isSecureContext || !crypto.subtle) return cannot("needs-https");
  if (!navigator.serviceWorker || typeof DecompressionStream === "undefined") return cannot("too-old");
  try {
    await thisPhone();
    await dropOver();
  } catch (_problem) {
    return cannot("too-old");
  }
  keepShells();
  const locked = (await read(["phone"], ({ phone }) => done(phone.get("locked")))) || 0;
  const isLocked = Math.abs(Date.now() - locked) < LOCK_AFTER;
  if (!navigator.onLine) {
    showLock();
    return contact();
  }
  const soon = setTimeout(showLock, isLocked ? 0 : SOON);
  const session = await openBySession(isLocked).catch((problem) => problem);
  clearTimeout(soon);
  if (session instanceof Error) {
    if (session.why === "signin") askWhatEnded(true);
    if (!isOpen() && !main.querySelector("#form")) showLock();
    return isOpen() ? undefined : contact();
  }
  if (session.pinDiffers) {
    offers = session;
    const page = drawn("new-pin");
    if (session.answer.letters) {
      takesLetters(page);
      page.querySelector("h1").textContent = word("password-once");
      page.querySelector("p").remove();
    }
    return put(page);
  }
  if (!session.isNew) return nowOpen(session.said);
  if (placeNow() !== "keep") return leaveForSite();
  const state = await ask("state?tag=").catch(() => undefined);
  offers = state && { ...session, state: { tag: state.tag, parts: state.parts, checked: Date.now() } };
  await draw();
  contact();
}

begin();
