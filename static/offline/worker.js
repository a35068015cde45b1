// Answers from this phone what is kept on it. Reads no secret and holds no key: pages of hers are drawn by
// the shell. Signed-in pages are never kept. RELEASE, KEPT, LIST and HEARING stand before this text (offline/views.py).
"use strict";

const CACHE = "kept " + RELEASE;
const AWAY = "/pause/"; // where "Exit" leads
const ASKED_EVERY = 900000; // milliseconds
const IN_TIME = 4000; // milliseconds that the network has for a page before the shell takes its place
const A_MINUTE = 60000; // milliseconds that the site has to answer a form with a page

let lastForm = 0; // when a form went to the site

dropOver().catch(() => {}); // whatever it was started for

self.addEventListener("install", (event) => {
  // No skip-waiting: a page that is open goes on with the code it began with.
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(KEPT); // named after their content: what the browser has already is not fetched again
    const cards = await read(["cards"], (stores) => done(stores.cards.getAllKeys())).catch(() => []);
    if (cards.some(([, name]) => name === "list")) await cache.add(LIST);
    await cache.add(new Request(AWAY, { cache: "reload", credentials: "omit" }));
    if ((await keptAddresses()).some((url) => url.includes("/kept-hearing."))) await cache.add(HEARING);
    for (const language of await keptLanguages()) await keepShell(language);
    await noteWorkersUse();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("kept ") && name !== CACHE) await caches.delete(name);
  })());
});

self.addEventListener("message", (event) => {
  const { shell, send, list, hearing } = event.data || {};
  if (shell) event.waitUntil(keepShell(shell).catch(() => {}).then(noteWorkersUse));
  if (list) event.waitUntil(caches.open(CACHE).then((cache) => cache.add(LIST)).catch(() => {}));
  if (hearing) event.waitUntil(caches.open(CACHE).then((cache) => cache.add(HEARING)).catch(() => {}));
  if (send) event.waitUntil(sendWaiting().catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.mode === "navigate" && request.method !== "GET") {
    lastForm = Date.now();
    event.waitUntil(after(A_MINUTE)); // or it is stopped, and forgets
  }
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if ([...KEPT, LIST, HEARING].includes(url.pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate") {
    const [, language, place] = url.pathname.match(/^\/([a-z]{2,3})\/([^/]*)/) || [];
    if (url.pathname === AWAY) event.respondWith(away(request));
    else if (language) {
      event.respondWith(page(request, language, place, url.searchParams.has("site")));
      event.waitUntil(tidied().catch(() => {}));
      event.waitUntil(after(IN_TIME).then(noteWorkersUse));
    }
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "out") event.waitUntil(sendWaiting());
});

// Whose session it is decides what is sent; the pages that are open show what became of it.
async function sendWaiting() {
  if (!(await read(["outbox"], ({ outbox }) => done(outbox.count())))) return;
  await handOver();
  await noteWorkersUse();
  new BroadcastChannel("t").postMessage("sent");
}

// What is over goes, and what the site has ended: pages that are open then lock.
async function tidied() {
  await dropOver();
  const asked = (await read(["phone"], ({ phone }) => done(phone.get("asked")))) || 0;
  if (Math.abs(Date.now() - asked) < ASKED_EVERY) return;
  const gone = await letGoOfEnded();
  await written(["phone"], ({ phone }) => void phone.put(Date.now(), "asked"));
  if (gone.length) new BroadcastChannel("t").postMessage("gone");
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) || fetch(request);
}

// `fromSite`: the shell has sent her on, because it does not have the page. However slow the line is, she waits for it.
async function page(request, language, place, fromSite) {
  const shell = await keptShell(language);
  if (place === "keep" && !fromSite) return shell || shellFromSite(language);
  const places = Object.values((await read(["phone"], ({ phone }) => done(phone.get("places")))) || {}).flat();
  // What is kept opens at once: a Wi-Fi that answers nothing would make her wait for nothing.
  if (shell && !fromSite && places.includes(place)) return shell;
  const asked = fetch(request);
  if (!shell || !places.length) return asked;
  // A gateway that says that the site is away is no answer of the site.
  const answered = asked.then((response) => (response.status < 502 ? response : shell), () => shell);
  // "Your PIN is wrong" must not become "Locked", nor "Sign out"; and what she asked the site for, the shell has not.
  if (fromSite || Date.now() - lastForm < A_MINUTE) return answered;
  return Promise.race([answered, after(IN_TIME).then(() => shell)]);
}

const after = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function away(request) {
  const known = await (await caches.open(CACHE)).match(AWAY);
  if (!known) return fetch(request);
  return Promise.race([fetch(request).catch(() => known), after(1000).then(() => known)]);
}

const shellAddress = (language) => `/${language}/keep/`;

async function keptShell(language) {
  const cache = await caches.open(CACHE);
  const hers = await cache.match(shellAddress(language));
  if (hers) return hers;
  const any = (await cache.keys()).find((request) => /\/[a-z]{2,3}\/keep\/$/.test(request.url));
  return any && cache.match(any);
}

// Only the shell of this release: another one asks for files that are not kept here.
async function keepShell(language) {
  const cache = await caches.open(CACHE);
  if (await cache.match(shellAddress(language))) return;
  const response = await fetch(shellAddress(language), { cache: "reload", redirect: "error", credentials: "omit" });
  if (!response.ok || !(await response.clone().text()).includes(RELEASE)) throw new Error("no shell of this release");
  await cache.put(shellAddress(language), response);
}

async function shellFromSite(language) {
  await keepShell(language).catch(() => {});
  return (await keptShell(language)) || fetch(shellAddress(language));
}
