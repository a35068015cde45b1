// Listening to what is kept: the same player as on the site, its sounds from this phone. The shell fetches this
// script with the first page that is heard (pages.js).
"use strict";

let said = {}; // where the recordings of words are that the phone itself puts on a page

soundFrom = async (src) => {
  const kept = heardIn && (await openFile(heardIn, src).catch(() => undefined));
  return kept ? asData(kept.bytes) : fromSite(src);
};

ear = {
  quiet: forgetSounds,

  // Before a sheet makes way for what was right.
  said(form, others) {
    said = { ...others };
    for (const each of form.querySelectorAll("[data-say]")) said[each.textContent] = each.dataset.say;
  },

  // The page that stands: its player, and the way on by ear where the site drew it to be read.
  async hear(page) {
    const { player } = await packOf(heardIn);
    if (!listens() || page.querySelector("[data-player]")) return;
    const [, tongue, place, part] = location.pathname.split("/");
    for (const link of part === "q" ? page.querySelectorAll("a[href]:not([data-site])") : []) {
      if (link.pathname.startsWith(`/${tongue}/${place}/`)) link.pathname += "listen/";
    }
    if (!page.querySelector("[data-say]")) {
      for (const each of page.querySelectorAll("h1, h2, h3, p, li")) {
        if (!each.closest("[hidden]") && each.textContent.trim()) each.dataset.say = said[each.textContent] || "";
      }
    }
    for (const each of page.querySelectorAll("[data-costs]")) each.hidden = heardIn.sound;
    const action = page.querySelector(".main-action");
    page.insertBefore(fromHtml(player), action);
    listening(page);
  },
};
