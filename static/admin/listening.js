// Reading a lesson aloud, block by block. The page works without this: each block has a file to choose.
// Every block is sent as it is done, so that a lost network or a closed tab costs the one being read.

const room = document.getElementById("say");
const words = JSON.parse(document.getElementById("say-words").textContent);
const one = (name) => room.querySelector(`[data-${name}]`);
const button = (name) => room.querySelector(`[data-do="${name}"]`);
const say = (name, values = {}) => words[name].replace(/%\((\w+)\)s/g, (_all, key) => values[key]);

const bar = one("bar");
const stage = one("stage");
const lines = [...room.querySelectorAll(".say-line")];
const homes = new Map(lines.map((line) => [line, line.parentNode]));
const unsent = new Map(); // line -> what was read, until the server has it
const QUIET = 0.012;
const LOOK_MS = 150;
const RETRY_MS = 10_000;
const SHORTEST_MS = 500;
const BITS = 64_000; // more than what is kept: the server makes it small

let at = 0;
let stream = null;
let recorder = null;
let meter = null;
let begunAt = 0;
let sending = Promise.resolve();
let player = null;

function status(text) {
  one("status").textContent = text;
}

function isRead(line) {
  return line.dataset.state === "recorded" || unsent.has(line);
}

function count() {
  const total = lines.length;
  one("now").textContent = say("block", { now: at + 1, total });
  one("done").textContent = say("done", { done: lines.filter(isRead).length, total });
  button("send").hidden = unsent.size === 0;
}

function draw() {
  const line = lines[at];
  const isRecording = recorder !== null;
  bar.classList.toggle("is-recording", isRecording);
  const has = Boolean(line.dataset.url || unsent.has(line));
  button("record").textContent = say(isRecording ? "stop" : has ? "again" : "record");
  button("record").classList.toggle("button-secondary", has && !isRecording);
  button("listen").disabled = isRecording || !has;
  button("next").disabled = isRecording || at === lines.length - 1;
  button("next").classList.toggle("button-secondary", !has);
  button("previous").disabled = isRecording || at === 0;
  button("all").disabled = isRecording;
  count();
}

// Shows one block. It is moved to the stage and back, so that there is one of each in the page.
function show(index, text) {
  putBack();
  at = index;
  const line = lines[at];
  stage.append(line);
  status(text ?? say(isRead(line) ? "is_recorded" : "ready"));
  draw();
}

function putBack() {
  for (const line of [...stage.children]) {
    const before = lines[lines.indexOf(line) + 1];
    const home = homes.get(line);
    home.insertBefore(line, before && before.parentNode === home ? before : null);
  }
}

async function microphone() {
  if (stream && stream.active) return stream;
  stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: false, noiseSuppression: true, autoGainControl: true },
  });
  return stream;
}

function letGo() {
  for (const track of stream ? stream.getTracks() : []) track.stop();
  stream = null;
}

function kindOfFile() {
  const known = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
  return known.find((kind) => MediaRecorder.isTypeSupported(kind)) || "";
}

// Shows how loud it is, and says when nothing is heard: a silent recording is noticed before it is kept.
function listenTo(source) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(source).connect(analyser);
  analyser.fftSize = 8192; // longer than the time between two looks, so that no sound falls between them
  const samples = new Uint8Array(analyser.fftSize);
  let loudest = 0;
  let isQuiet = false;
  status(say("recording"));
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(samples);
    const level = Math.sqrt(samples.reduce((sum, sample) => sum + ((sample - 128) / 128) ** 2, 0) / samples.length);
    loudest = Math.max(loudest, level);
    one("meter").value = Math.min(1, level * 4);
    const seconds = (Date.now() - begunAt) / 1000;
    one("clock").textContent = say("clock", { seconds: Math.floor(seconds) });
    // Told once, not every moment: a screen reader would talk into the recording.
    if (isQuiet !== (seconds > 2 && loudest < QUIET)) status(say((isQuiet = !isQuiet) ? "silent" : "recording"));
    if (seconds >= Number(room.dataset.longest) - 2) finish();
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    one("meter").value = 0;
    one("clock").textContent = "";
    context.close();
  };
}

async function record() {
  if (player) player.pause();
  let source;
  try {
    source = await microphone();
  } catch {
    trouble("no_microphone");
    return;
  }
  const line = lines[at];
  const parts = [];
  const type = kindOfFile();
  recorder = new MediaRecorder(source, { audioBitsPerSecond: BITS, ...(type ? { mimeType: type } : {}) });
  recorder.ondataavailable = (event) => parts.push(event.data);
  recorder.onstop = () => {
    const read = new Blob(parts, { type: recorder.mimeType });
    const isShort = Date.now() - begunAt < SHORTEST_MS;
    recorder = null;
    meter();
    draw();
    if (isShort) status(say("short"));
    else keep(line, read);
  };
  begunAt = Date.now();
  recorder.start();
  meter = listenTo(source);
  draw();
}

function finish() {
  if (recorder && recorder.state === "recording") recorder.stop();
}

function keep(line, read) {
  unsent.set(line, read);
  if (lines[at] === line) status(say("keeping"));
  draw();
  sending = sending.then(() => send(line, read));
  // The space bar goes on from here; what is being sent does not wait for her, nor she for it.
  if (!button("next").disabled) button("next").focus();
}

async function send(line, read) {
  if (unsent.get(line) !== read) return;
  const body = new FormData();
  body.append("place", line.dataset.place);
  body.append("hash", line.dataset.hash);
  body.append("sound", read, "block");
  const token = line.querySelector("[name=csrfmiddlewaretoken]").value;
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  let answer = null;
  let isLocked = false;
  try {
    const response = await fetch(room.dataset.keep, { method: "POST", body, headers, redirect: "manual" });
    isLocked = response.type === "opaqueredirect" || response.status === 403;
    if (!isLocked) answer = await response.json();
  } catch {
    answer = null;
  }
  // A second reading of the same block may have come meanwhile: that one counts.
  if (unsent.get(line) !== read) return;
  if (answer === null) {
    status(say(isLocked ? "locked" : "waiting", { count: unsent.size }));
    count();
    return;
  }
  unsent.delete(line);
  if (answer.kept) isKept(line, answer);
  else if (lines[at] === line) status(answer.sentence);
  else status(`${say("block", { now: lines.indexOf(line) + 1, total: lines.length })}: ${answer.sentence}`);
  draw();
}

function isKept(line, answer) {
  line.dataset.state = "recorded";
  line.dataset.url = answer.url;
  line.querySelector("[data-label]").textContent = say("label_recorded");
  const heard = line.querySelector("[data-heard]");
  // What stood there was about the recording before this one.
  if (heard) heard.remove();
  if (lines[at] === line) status(say(answer.is_doubtful ? "kept_doubtful" : "kept", answer));
  if (lines.every((each) => each.dataset.state === "recorded")) status(say("all_done"));
}

function sendAll() {
  for (const [line, read] of unsent) sending = sending.then(() => send(line, read));
}

function listen() {
  const line = lines[at];
  const read = unsent.get(line);
  if (player) player.pause();
  const address = read ? URL.createObjectURL(read) : line.dataset.url;
  player = new Audio(address);
  player.onended = () => read && URL.revokeObjectURL(address);
  player.play().catch(() => status(say("not_played")));
}

function trouble(name) {
  one("trouble").textContent = say(name);
  one("trouble").hidden = false;
  all();
  one("return").hidden = true;
  for (const file of room.querySelectorAll("[data-file]")) file.open = true;
}

function all() {
  finish();
  letGo();
  putBack();
  room.classList.remove("is-one");
  bar.hidden = true;
  one("return").hidden = false;
}

function begin(index) {
  room.classList.add("is-one");
  bar.hidden = false;
  one("return").hidden = true;
  show(index);
  button("record").focus();
}

const doing = {
  record: () => (recorder ? finish() : record()),
  listen,
  next: () => {
    show(at + 1);
    button(isRead(lines[at]) ? "next" : "record").focus();
  },
  previous: () => {
    show(at - 1);
    button("record").focus();
  },
  send: sendAll,
  all,
  one: () => begin(at),
};
const KEYS = { r: "record", l: "listen", n: "next", p: "previous" };

room.addEventListener("click", (event) => {
  const name = event.target.closest("[data-do]")?.dataset.do;
  const line = event.target.closest("[data-read-this]")?.closest(".say-line");
  if (name) doing[name]();
  if (line) begin(lines.indexOf(line));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || bar.hidden || event.repeat) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const name = KEYS[event.key.toLowerCase()];
  if (!name || button(name).disabled) return;
  event.preventDefault();
  doing[name]();
});

addEventListener("online", sendAll);
setInterval(sendAll, RETRY_MS);
addEventListener("pagehide", letGo);
addEventListener("beforeunload", (event) => {
  if (recorder || unsent.size) event.preventDefault();
});

one("without-script").hidden = true;
if (!navigator.mediaDevices || !window.MediaRecorder) {
  trouble(window.isSecureContext ? "no_microphone" : "no_https");
} else {
  for (const line of lines) {
    const choose = document.createElement("button");
    choose.type = "button";
    choose.className = "button button-small";
    choose.dataset.readThis = "";
    choose.textContent = say("read_this");
    line.append(choose);
    line.querySelector("[data-file]").open = false;
  }
  const named = lines.findIndex((line) => `#${line.id}` === location.hash);
  const next = lines.findIndex((line) => line.dataset.state !== "recorded");
  // Where she stopped; when everything is recorded, all of it, to listen to.
  if (named >= 0) begin(named);
  else if (next >= 0) begin(next);
  else one("return").hidden = false;
}
