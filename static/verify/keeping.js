// What this page keeps, so that it opens without a network: itself, as anybody sees it, the files that it is made of,
// and the list. Nothing of anybody, and nothing of what was checked.
"use strict";

const SHELF = "check";
const KEPT_PAGE = "/verify/scan/";
const KEPT_SCOPES = ["/verify/", "/V/", "/v/"]; // what is typed, and what the code on a paper opens

const canKeep = typeof caches !== "undefined"; // not without https
const shelf = () => caches.open(SHELF);

const isList = (list) => Boolean(list && list.keys && list.not_current && Date.parse(list.made_at));

// A store on the way, or whoever stands there, may hand out an old list once more: what was stopped stays stopped.
// A list from days to come was made by a wrong clock, there or here, and holds nothing up.
const isNewer = (kept, list) => Date.parse(kept.made_at) > Date.parse(list.made_at) && !isAhead(madeOn(kept), today());

// The newest list that can be had.
async function currentList(address) {
  const before = canKeep && (await (await shelf()).match(address));
  const kept = before ? await before.json().catch(() => null) : null;
  try {
    const response = await fetch(address, { cache: "no-cache", credentials: "omit", redirect: "error" });
    if (!response.ok) throw new Error("no list");
    const list = await response.clone().json(); // a captive portal does not speak it
    if (!isList(list)) throw new Error("no list");
    if (kept && isNewer(kept, list)) return kept;
    if (canKeep) await (await shelf()).put(address, response);
    return list;
  } catch (_away) {
    return kept;
  }
}

// As the site gives it today, in this language; all of it or none. What an earlier release was made of goes.
async function keepPage(more, list) {
  const asked = `${KEPT_PAGE}?language=${document.documentElement.lang}`;
  const response = await fetch(asked, { cache: "reload", credentials: "omit", redirect: "error" });
  if (!response.ok) throw new Error("no page");
  const page = new DOMParser().parseFromString(await response.clone().text(), "text/html");
  if (!page.querySelector("[data-scan]")) throw new Error("another page");
  const files = [...more];
  for (const each of page.querySelectorAll("link[href][rel~=icon], link[href][rel=stylesheet], script[src]")) {
    files.push(each.getAttribute("href") || each.getAttribute("src"));
  }
  const kept = await shelf();
  await kept.addAll(files); // named after their content: the browser has them already
  await kept.put(KEPT_PAGE, response);
  const wanted = [...files, KEPT_PAGE, list].map((path) => new URL(path, location.href).href);
  for (const { url } of await kept.keys()) if (!wanted.includes(url)) await kept.delete(url);
}

const keepWorker = () =>
  Promise.all(
    KEPT_SCOPES.map((scope) =>
      navigator.serviceWorker.register("/verify/scan/worker.js", { scope, updateViaCache: "none" })),
  );
