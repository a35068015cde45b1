// Reads a page aloud, after a tap: its recordings, or the phone's own voice where there is one of that language.
// What can be heard carries data-say: the address of its recording, or nothing. A sheet of questions is answered
// by touch: the first touch on an answer reads it, the second one takes it. Used by the site and by the shell.
"use strict";

const SPEEDS = [0.75, 1, 1.25, 1.5];
const SIGNS = "●▲■★◆";
const sound = new Audio();
const sounds = new Map(); // by address, for as long as this page stands

let soundFrom = fromSite; // the shell looks among what is kept first
let begun = 0; // what began before is over
let sentence = 0;
let saying; // Chromium forgets an utterance that nobody holds

// Past every cache: what she listened to is not to be found there. Not a Blob: a browser may write those to the disk.
async function fromSite(src) {
  const response = await fetch(src, { cache: "no-store", credentials: "omit", redirect: "error" });
  if (!response.ok) throw new Error("no sound");
  return asData(await response.arrayBuffer());
}

const asData = (bytes) => "data:audio/ogg;base64," + base64(bytes);

function fetched(src) {
  if (!sounds.has(src)) {
    const asked = soundFrom(src);
    asked.catch(() => sounds.delete(src));
    sounds.set(src, asked);
  }
  return sounds.get(src);
}

// Never a voice that lives elsewhere: it would be told her words.
function voiceOf(place) {
  const language = place.closest("[lang]").lang.split("-")[0];
  const isHers = (voice) => voice.localService && voice.lang.toLowerCase().split(/[-_]/)[0] === language;
  return self.speechSynthesis && speechSynthesis.getVoices().find(isHers);
}

const canHear = (place) => place.dataset.say || voiceOf(place);

function hush() {
  begun += 1;
  sound.pause();
  if (self.speechSynthesis) speechSynthesis.cancel();
}

// Nothing of it stays in memory.
function forgetSounds() {
  hush();
  sounds.clear();
  sound.removeAttribute("src");
  sound.load();
}

const speed = () => Number(sessionStorage.speed) || 1;

const ended = (one, begin) => new Promise((resolve, reject) => {
  one.onended = one.onend = resolve;
  one.onerror = reject;
  begin(reject);
});

// True when it was read to its end, false when something else began meanwhile.
async function aloud(place, goesOn) {
  hush();
  const mine = begun;
  for (const each of document.querySelectorAll(".reading")) each.classList.remove("reading");
  const shown = place.closest("[data-part], label, legend, .option") || place;
  shown.classList.add("reading");
  shown.scrollIntoView({ block: "center" });
  if (!goesOn) sentence = 0;
  try {
    const src = place.dataset.say && (await fetched(place.dataset.say).catch((problem) => {
      if (!voiceOf(place)) throw problem;
    }));
    if (mine !== begun) return false;
    if (src) {
      if (sound.src !== src) sound.src = src;
      else if (!goesOn) sound.currentTime = 0;
      sound.defaultPlaybackRate = sound.playbackRate = speed();
      await ended(sound, (fail) => sound.play().catch(fail));
    } else {
      // Sentence by sentence: some phones stop in the middle of what is long.
      const sentences = place.textContent.match(/[^]+?(?:[.!?…](?=\s)|$)/g) || [];
      for (; sentence < sentences.length && mine === begun; sentence += 1) {
        saying = new SpeechSynthesisUtterance(sentences[sentence]);
        saying.voice = voiceOf(place);
        saying.lang = saying.voice.lang;
        saying.rate = speed();
        await ended(saying, () => speechSynthesis.speak(saying));
      }
    }
  } catch (problem) {
    if (mine === begun) throw problem;
  }
  // She is there, although she touches nothing.
  dispatchEvent(new Event("scroll"));
  return mine === begun;
}

let rest = hush; // stops what is read on this page, so that it can go on

function listening(page) {
  forgetSounds();
  rest = hush;
  const player = page.querySelector("[data-player]");
  if (!player) return;
  const form = page.querySelector("#sheet");
  const places = [...page.querySelectorAll("[data-say]")].filter((place) => !("aside" in place.dataset));
  let line = places.filter(canHear);
  if (self.speechSynthesis) speechSynthesis.onvoiceschanged = () => player.hidden && player.isConnected && listening(page);
  if (!line.length) return;

  const button = (name) => player.querySelector(`[data-hear="${name}"]`);
  const part = (name) => page.querySelector(`[data-${name}]`) || document.createElement("p");
  const [hint, away] = [part("hint"), part("away")];
  let queue = line;
  let at = 0;
  let isPaused = false;

  function show(isReading) {
    button("play").hidden = isReading;
    button("pause").hidden = !isReading;
    button("speed").textContent = speed() + "×";
  }

  // Reads what stands in the queue; `goesOn`: the first of it from where it was left.
  async function read(these, from = 0, goesOn = false) {
    queue = these;
    isPaused = false;
    sessionStorage.hinted = hint.hidden = away.hidden = true;
    show(true);
    try {
      for (at = from; at < these.length; at += 1) {
        const next = these[at + 1];
        const saves = navigator.connection && navigator.connection.saveData;
        if (next && next.dataset.say && !saves) fetched(next.dataset.say).catch(() => {});
        if (!(await aloud(these[at], goesOn))) return;
        goesOn = false;
      }
      at = 0;
      const action = page.querySelector(".main-action");
      if (these === line && !form && action) action.scrollIntoView();
    } catch (_problem) {
      isPaused = true;
      away.hidden = false;
    }
    show(false);
  }

  rest = () => {
    isPaused = isPaused || !button("pause").hidden;
    hush();
    show(false);
  };

  const step = (by) => read(line, Math.max(0, Math.min(line.length - 1, (queue === line ? at : 0) + by)));
  const does = {
    play: () => (isPaused ? read(queue, at, true) : read(line)),
    pause: rest,
    back: () => step(-1),
    next: () => step(1),
    speed() {
      sessionStorage.speed = SPEEDS[(SPEEDS.indexOf(speed()) + 1) % SPEEDS.length];
      sound.playbackRate = speed();
      button("speed").textContent = speed() + "×";
    },
    here({ parentElement: block }) {
      const first = block.querySelector("[data-say]");
      // An answer that she tries inside a lesson, with what is said of it.
      if ("answer" in block.dataset) read([...block.querySelectorAll("[data-say]")].filter(canHear));
      else if (line.includes(first)) read(line, line.indexOf(first));
    },
  };

  player.hidden = false;
  hint.hidden = Boolean(sessionStorage.hinted);
  show(false);
  for (const each of page.querySelectorAll(".alone")) each.remove();
  for (const each of page.querySelectorAll("[data-hear]")) {
    if (each.dataset.hear !== "choose") each.hidden = each.dataset.hear === "pause";
    each.onclick = () => does[each.dataset.hear](each);
  }
  for (const each of page.querySelectorAll("[data-mute]")) {
    const words = each.parentElement.querySelector("[data-say]");
    if (canHear(words)) each.hidden = !(words.closest("details").open = false);
  }
  if (form) point();

  // One question after the other. Its words are out of sight when it and each of its answers can be heard.
  function point() {
    const questions = [...form.querySelectorAll("fieldset")];
    const byEar = (question) => [...question.querySelectorAll("[data-say]:not([data-aside])")].every(canHear);
    const partsOf = (question) => [...question.querySelectorAll("select, [inputmode]")];
    const isAnswered = (question) => {
      const parts = partsOf(question);
      return parts.length ? parts.every((part) => part.value.trim()) : Boolean(question.querySelector(":checked"));
    };
    const done = page.querySelector(".main-action");
    let number = Math.max(0, questions.findIndex((question) => !isAnswered(question)));
    let touched;

    function look() {
      questions.forEach((question, place) => (question.parentElement.hidden = place !== number));
      button("choose").hidden = !touched;
      button("back").disabled = !number;
      button("next").disabled = number === questions.length - 1 || !isAnswered(questions[number]);
      done.hidden = !questions.every(isAnswered);
    }
    function ask(which) {
      number = which;
      touched = undefined;
      const question = questions[number];
      line = [...question.querySelectorAll("legend [data-say], [data-say][data-aside]")];
      line = line.filter((place) => !place.hidden && canHear(place));
      button("play").disabled = !line.length;
      look();
    }

    for (const question of questions.filter(byEar)) {
      question.classList.add("pointing");
      question.querySelectorAll(".option").forEach((option, place) => {
        const sign = document.createElement("b");
        sign.textContent = option.dataset.sign || SIGNS[place % SIGNS.length] + " " + (place + 1);
        option.prepend(sign);
      });
    }
    form.addEventListener("click", (event) => {
      const option = event.target.closest(".pointing .option");
      if (!option || option === touched) return;
      event.preventDefault();
      touched = option;
      look();
      read([option.querySelector("[data-say]")]);
    });
    form.addEventListener("change", look);
    form.addEventListener("input", look);
    does.choose = () => (touched.control || touched).click();
    does.back = () => {
      ask(number - 1);
      read(line);
    };
    does.next = () => {
      ask(number + 1);
      read(line);
    };
    ask(number);
  }
}

document.addEventListener("visibilitychange", () => document.hidden && rest());
addEventListener("submit", hush, true);
addEventListener("pagehide", forgetSounds);
addEventListener("keydown", ({ key }) => key === "Escape" && rest());

// The site's page is there already; the shell calls when it has drawn one.
if (!document.body.dataset.release) listening(document.getElementById("main"));
