// Shows how far the papers are while they are made, without loading the page again. Without script there is a link
// that looks again: a page that loads itself moves under the hand of whoever reads it slowly.
"use strict";

{
  const EVERY = 1500;
  // Each look is a request, and requests keep the lock away: after three minutes somebody has to ask.
  let looks = 120;
  const SELDOM = 20000; // milliseconds between two times that a screen reader is told how far it is
  let toldAt = Date.now();

  // The list is another one each time, and a part that is new is not read out.
  function tell(now) {
    const told = document.querySelector("[data-told]");
    const isOver = !now.hasAttribute("data-waiting");
    if (!told || (!isOver && Date.now() - toldAt < SELDOM)) return;
    const far = now.querySelector("[data-far]");
    told.textContent = far ? far.textContent : told.dataset.over;
    toldAt = Date.now();
  }

  async function look() {
    const list = document.querySelector("[data-papers]");
    if (!list || !list.hasAttribute("data-waiting") || (looks -= 1) < 0) return;
    // Nobody looks: nothing is asked.
    if (document.visibilityState === "visible") {
      try {
        const answer = await fetch(location.href, { credentials: "same-origin", redirect: "error" });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const now = page.querySelector("[data-papers]");
        if (!now) return;
        // What somebody is about to press stays where it is.
        if (!list.contains(document.activeElement) || !now.hasAttribute("data-waiting")) {
          list.replaceWith(now);
          tell(now);
        }
      } catch {
        // No network for a moment, or the page is locked: the next look will tell.
      }
    }
    setTimeout(look, EVERY);
  }

  setTimeout(look, EVERY);
}
