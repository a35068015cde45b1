// The document that opens what is kept on this phone: how it draws a page, and how it begins.
"use strict";

const SOON = 1500; // milliseconds that a session has to open her vault before the lock is shown

let drawing = 0;
let shown = ""; // the address of what is drawn

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
