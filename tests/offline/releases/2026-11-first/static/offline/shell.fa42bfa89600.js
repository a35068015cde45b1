"use strict";

const LOCK_AFTER = document.body.dataset.lockAfter * 60000;
const HIDDEN_AT_MOST = 30000;
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


function put(page) {
  main.lang = page.language || language; // of what the site drew
  main.replaceChildren(page);
  document.getElementById("pages").hidden = !isOpen();
  document.documentElement.hidden = document.hidden && isOpen();
}

async function draw({ toTop = true } = {}) {
  const mine = ++drawing;
  const tag = openTag();
  const page = await pageFor(location.pathname, location.search).catch((problem) => {
    if (isOpen()) throw problem;
  });
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


function showLock(problem = "") {
  drawing += 1;
  const page = drawn("lock");
  if (problem) say(page, "problem", problem);
  slot(page, "online").hidden = !navigator.onLine;
  put(page);
  document.documentElement.className = "";
}

async function lock({ tellOthers = true, away = false } = {}) {
  const wasOpen = isOpen();
  lockVault();
  documents.clear();
  offers = undefined;
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
  await draw();
  contact(said);
}

async function unlock(form) {
  const { alias, pin } = Object.fromEntries(new FormData(form));
  const button = main.querySelector("button.button");
  button.disabled = true;
  const result = await openWithPin(alias, pin.trim()).catch(() => "wrong");
  if (result === "open") {
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


async function openBySession() {
  const said = await hello();
  const tag = await tagOf(said.owner);
  const answer = await ask("vault", posted(said, { tag }));
  if (answer.owner !== said.owner) throw new NotNow("network");
  const typing = [...main.querySelectorAll("#form input")].some((field) => field.value);
  if (typing || isOpen()) throw new NotNow("locked");
  const fits = await openOnline(answer);
  return { said, answer, isNew: !isOpen(), pinDiffers: isOpen() && !fits };
}

async function takePin({ said, answer }, pin) {
  const response = await fetch("/pin/", { ...posted(said, { pin }), redirect: "error" }).catch(() => {
    throw new NotNow("network");
  });
  if (response.status === 403) return false;
  if (response.status !== 204) throw new NotNow({ 401: "signin", 423: "signin" }[response.status] || "busy");
  await openOnline(answer, { alias: answer.alias, pin });
  return true;
}

async function contact(said) {
  clearTimeout(retry);
  if (talking) return;
  const waits = await read(["outbox"], ({ outbox }) => done(outbox.count()));
  if (talking || (!waits && !isOpen())) return;
  talking = true;
  outcome = { sending: Boolean(waits), why: "" };
  repaintActs();
  try {
    if (waits && (await handOver(() => repaintActs())).owner !== openOwner()) outcome.why = "signin";
    outcome.sending = false;
    if (isOpen()) await refreshed(await said);
    tries = 0;
  } catch (problem) {
    outcome.why = problem.why || "later";
    tries += 1;
    if (!["signin", "locked", "consent", "smaller"].includes(outcome.why)) retry = setTimeout(contact, waitBefore(tries, problem.wait));
  }
  talking = outcome.sending = false;
  repaintActs();
}

async function refreshed(said) {
  const before = await whatIsHere();
  if (!(await refresh(said || (await hello())))) return;
  const changed = before !== (await whatIsHere());
  if (changed && !main.querySelector("#sheet, #form, details[open]")) await draw({ toTop: false });
}

async function whatIsHere() {
  const [state, kept] = [await getCard("state"), await keptPlaces()];
  return JSON.stringify([state && state.tag, Object.values(kept).map((each) => [each.name, isOld(each.checked)])]);
}


const placeNow = () => location.pathname.split("/")[2];

const forms = {
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
    go(address(placeNow(), next));
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
    const pictures = form.elements.pictures.checked;
    const bar = form.querySelector("progress");
    const total = sizeOf(wanted) + (pictures ? sizeOf(wanted.flatMap(picturesOf)) : 0);
    say(form, "problem", "");
    let said;
    if (!isOpen()) {
      if (!(await takePin(offers, form.elements.pin.value.trim()))) return say(form, "problem", word("pin-differs"));
      said = offers.said;
      offers = undefined;
      slot(form, "ask-pin").remove();
      touch();
      await putCard("server", said.key);
      await putCard("state", state);
    }
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    keepShells(state);
    bar.hidden = false;
    let before = 0;
    for (const offer of wanted) {
      await keepPlace(offer, pictures, (got) => {
        touch();
        bar.value = (before + got) / total;
        say(form, "progress", word("fetching", { got: kilobytes(before + got), total: kilobytes(total) }));
      });
      before += offer.bytes + (pictures ? sizeOf(picturesOf(offer)) : 0);
    }
    said = said || (await hello());
    if (said.owner === openOwner()) {
      await ask("keep", posted(said, { places: wanted.map((offer) => offer.place) })).catch(() => {});
      await refresh(said).catch(() => {});
    }
    await draw();
  },
};

const buttons = {
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

const trouble = { network: "stopped", gone: "gone", signin: "sign-in", busy: "stopped", locked: "sign-in" };

addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.busy || !forms[form.dataset.act]) return;
  form.dataset.busy = "yes";
  try {
    await forms[form.dataset.act](form);
  } catch (problem) {
    const full = problem && problem.name === "QuotaExceededError";
    const note = slot(form, "problem") || form.insertBefore(line("p", "", "error"), form.firstChild);
    note.textContent = word(full ? "full" : trouble[problem.why] || "stopped");
    note.hidden = false;
    if (!problem.why && !full) throw problem;
  } finally {
    delete form.dataset.busy;
  }
});

addEventListener("change", (event) => {
  const { form } = event.target;
  if (isOpen() && form && ["practice", "attempt"].includes(form.dataset.act)) keepDraft(form);
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
  if (data === "lock") lock({ tellOthers: false });
  if (data === "sent") repaintActs();
});


function keepShells(state) {
  const languages = new Set([language, ...((state && state.parts.me && state.parts.me.languages) || [])]);
  if (!navigator.serviceWorker) return;
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
  } catch (_problem) {
    return cannot("too-old");
  }
  navigator.serviceWorker.register("/worker.js", { updateViaCache: "none" }).catch(() => {});
  keepShells();
  const locked = (await read(["phone"], ({ phone }) => done(phone.get("locked")))) || 0;
  if (!navigator.onLine || Math.abs(Date.now() - locked) < LOCK_AFTER) {
    showLock();
    return contact();
  }
  const soon = setTimeout(showLock, SOON);
  const session = await openBySession().catch((problem) => problem);
  clearTimeout(soon);
  if (session instanceof Error) {
    if (!isOpen() && !main.querySelector("#form")) showLock();
    return isOpen() ? undefined : contact();
  }
  if (session.pinDiffers) {
    offers = session;
    return put(drawn("new-pin"));
  }
  if (!session.isNew) return nowOpen(session.said);
  if (placeNow() !== "keep") return leaveForSite();
  const state = await ask("state?tag=").catch(() => undefined);
  offers = state && { ...session, state: { tag: state.tag, parts: state.parts, checked: Date.now() } };
  await draw();
  contact();
}

begin();
