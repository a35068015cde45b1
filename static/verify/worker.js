// Opens the page that checks papers where there is no network. Keeps nothing itself: the page does (keeping.js).
"use strict";

const SHELF = "check";
const PAGE = "/verify/scan/";
const IN_TIME = 4000; // milliseconds that the network has for a page

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function file(request) {
  const shelf = await caches.open(SHELF);
  return (await shelf.match(request.url)) || fetch(request);
}

async function page(request) {
  const kept = await (await caches.open(SHELF)).match(PAGE);
  const asked = fetch(request);
  if (!kept) return asked;
  // A gateway that says that the site is away is no answer of the site.
  const answered = asked.then((response) => (response.status < 502 ? response : kept), () => kept);
  return Promise.race([answered, new Promise((resolve) => setTimeout(resolve, IN_TIME, kept))]);
}
