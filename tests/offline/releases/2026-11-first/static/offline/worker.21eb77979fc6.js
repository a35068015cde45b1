"use strict";

const CACHE = "kept " + RELEASE;
const AWAY = "/pause/"; // where "Exit" leads
const IN_TIME = 4000; // milliseconds that the network has for a page before the shell takes its place

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(KEPT.map((url) => new Request(url, { cache: "reload" })));
    await cache.add(new Request(AWAY, { cache: "reload", credentials: "omit" }));
    for (const language of await keptLanguages()) await keepShell(language);
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("kept ") && name !== CACHE) await caches.delete(name);
  })());
});

self.addEventListener("message", (event) => {
  const { shell, send } = event.data || {};
  if (shell) event.waitUntil(keepShell(shell).catch(() => {}));
  if (send) event.waitUntil(sendWaiting().catch(() => {}));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (KEPT.includes(url.pathname)) event.respondWith(kept(request));
  else if (request.mode === "navigate") {
    const [, language, place] = url.pathname.match(/^\/([a-z]{2,3})\/([^/]*)/) || [];
    if (url.pathname === AWAY) event.respondWith(away(request));
    else if (language) event.respondWith(page(request, language, place, url.searchParams.has("site")));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "out") event.waitUntil(sendWaiting());
});

async function sendWaiting() {
  if (!(await read(["outbox"], ({ outbox }) => done(outbox.count())))) return;
  await handOver();
  new BroadcastChannel("t").postMessage("sent");
}

async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) || fetch(request);
}

async function page(request, language, place, fromSite) {
  const shell = await keptShell(language);
  if (place === "keep" && !fromSite) return shell || shellFromSite(language);
  const places = Object.values((await read(["phone"], ({ phone }) => done(phone.get("places")))) || {}).flat();
  if (shell && !fromSite && places.includes(place)) return shell;
  const asked = fetch(request);
  if (!shell || !places.length) return asked;
  const answered = asked.then((response) => (response.status < 502 ? response : shell), () => shell);
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

async function keptLanguages() {
  const found = new Set();
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) {
      const [, language] = url.match(/\/([a-z]{2,3})\/keep\/$/) || [];
      if (language) found.add(language);
    }
  }
  return found;
}

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
