// A picture that costs something waits until its link is tapped (progress/on_tap.py). Without script the link leads
// to the same page with its pictures.
"use strict";

function showOnTap(link) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const picture = link.nextElementSibling;
    picture.src = picture.dataset.src;
    picture.hidden = false;
    link.remove();
  });
}

for (const link of document.querySelectorAll("[data-tap]")) showOnTap(link);
