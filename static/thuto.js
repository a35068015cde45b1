// Enhances pages that already work without script. Same-origin; nothing of hers is kept.
const body = document.body;

// Quick exit: hide at once, lock the session, and leave no page to come back to.
for (const form of document.querySelectorAll("[data-quick-exit]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    leave(form);
  });
}

function leave(form) {
  document.documentElement.hidden = true;
  const data = new FormData(form);
  data.set("how", "lock");
  if (typeof BroadcastChannel !== "undefined") new BroadcastChannel("t").postMessage("lock");
  fetch(form.action, { method: "POST", body: data, keepalive: true, redirect: "manual" }).finally(() => {
    body.replaceChildren();
    location.replace("/pause/");
  });
}

// Escape twice within a second leaves too, for a phone with a keyboard or a desk.
let lastEscape = 0;
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const form = document.querySelector("[data-quick-exit]");
  if (form && event.timeStamp - lastEscape < 1000) leave(form);
  lastEscape = event.timeStamp;
});

// A page brought back from memory must ask the server again: the session may be locked by now.
addEventListener("pageshow", (event) => {
  if (event.persisted && body.dataset.lockAfter) {
    document.documentElement.hidden = true;
    location.reload();
  }
});

// Lock after the set time without a touch; the server decides, the page only asks again.
if (body.dataset.lockAfter) {
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      document.documentElement.hidden = true;
      location.reload();
    }, body.dataset.lockAfter * 60000 + 2000);
  };
  for (const kind of ["pointerdown", "keydown", "scroll"]) addEventListener(kind, wait, { passive: true });
  wait();
}

// A second tap must not send a form twice.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post" && !("quickExit" in form.dataset)) form.dataset.sent = "yes";
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = !window.print;
  button.addEventListener("click", () => print());
}

// What she keeps on this phone. The worker comes with the first thing that is kept; then it sends what waits.
for (const link of document.querySelectorAll("[data-keep]")) link.hidden = false;
if (navigator.serviceWorker && navigator.serviceWorker.controller && body.dataset.lockAfter) {
  navigator.serviceWorker.controller.postMessage({ send: true });
}

// The phone's own voice, where there is no recording: only one that speaks here and tells nobody her words.
const { speechSynthesis: speech } = window;
function offerVoice() {
  for (const place of document.querySelectorAll("[data-voice]")) {
    const language = place.dataset.voice;
    place.hidden = !speech.getVoices().some(
      (voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === language,
    );
  }
}
if (speech && document.querySelector("[data-voice]")) {
  offerVoice();
  // Most browsers learn late what they can speak.
  if (speech.addEventListener) speech.addEventListener("voiceschanged", offerVoice);
}
