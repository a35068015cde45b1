// What this site cost on this phone this month: one number, of everybody who uses this browser. It is told to
// nobody: nothing here asks the network. Each page counts what it loaded itself; what the worker fetched, for itself
// or for a page, only the worker sees, and notes in a cache that pages can read as well.
"use strict";

const thisMonth = () => new Date().toISOString().slice(0, 7);

// Bytes of this month, of a note "2026-11 34000".
function ofThisMonth(note) {
  const [month, bytes] = (note || "").split(" ");
  return month === thisMonth() ? Number(bytes) || 0 : 0;
}

// What came over the line since the last call, by the browser's own count; what lay in a cache costs nothing.
function transferred(more = []) {
  const entries = [...more, ...performance.getEntriesByType("resource")];
  performance.clearResourceTimings();
  return entries.reduce((sum, { transferSize }) => sum + (transferSize || 0), 0);
}

const workersNote = async () => {
  if (typeof caches === "undefined") return ""; // without https
  const found = await caches.match("/used", { cacheName: "used" });
  return found ? found.text() : "";
};

let noting = Promise.resolve();

// One after the other: two that read the same note would lose a sum.
const noteWorkersUse = () => (noting = noting.then(async () => {
  const bytes = transferred();
  if (!bytes) return;
  const note = `${thisMonth()} ${ofThisMonth(await workersNote()) + bytes}`;
  await (await caches.open("used")).put("/used", new Response(note));
}).catch(() => {}));

if (self.document) {
  let pageItself = performance.getEntriesByType("navigation");
  const note = () => {
    const bytes = transferred(pageItself);
    pageItself = [];
    try {
      if (bytes) localStorage.used = `${thisMonth()} ${ofThisMonth(localStorage.used) + bytes}`;
    } catch (_closed) {}
  };
  if (document.readyState === "complete") note();
  else addEventListener("load", () => setTimeout(note));
  addEventListener("visibilitychange", note);
  addEventListener("pagehide", note);

  // Puts the month's kilobytes where a page has room for them.
  self.showUse = async (page) => {
    const place = page.querySelector("[data-used]");
    if (!place) return;
    note();
    let bytes = 0;
    try {
      bytes = ofThisMonth(localStorage.used) + ofThisMonth(await workersNote());
    } catch (_closed) {}
    place.textContent = place.textContent.replace("{size}", Math.round(bytes / 1000));
    place.hidden = !bytes;
  };
  showUse(document);
}
