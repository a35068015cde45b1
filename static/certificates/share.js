// Hands on the address at which a paper is checked: never the paper, never a name. Without script the address stands
// there as a link.
"use strict";

for (const button of document.querySelectorAll("[data-share]")) {
  if (navigator.share) {
    button.hidden = false;
    // She changed her mind, or the phone could not: the address still stands below.
    button.addEventListener("click", () => navigator.share({ url: button.dataset.share }).catch(() => {}));
  }
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (navigator.clipboard && !navigator.share) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.done;
      } catch {
        button.hidden = true;
      }
    });
  }
}
