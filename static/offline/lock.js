// The lock of the shell: when it closes, how it opens, and that nothing that can be read is left behind it.
"use strict";

const LOCK_AFTER = document.body.dataset.lockAfter * 60000;
const HIDDEN_AT_MOST = 30000;
const elsewhere = new BroadcastChannel("t"); // the other pages of this browser

let touched = Date.now();
let hiddenAt = 0;
let idle;

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
