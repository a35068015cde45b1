// The shell and the site: whose session it is, sending what waits, bringing what is new.
"use strict";

const HOUR = 3600000;

let talking = false; // with the site
let tries = 0;
let retry;
let askedAt = 0;

async function unlockSession(pin) {
  const said = await hello();
  if (said.owner !== openOwner()) return said;
  const locked = await ask("vault", posted(said, { tag: openTag() })).then(() => false, (problem) => problem.why === "locked");
  if (locked) await fetch(`/${language}/lock/`, { method: "POST", body: new URLSearchParams({ pin }), headers: { "X-CSRFToken": said.token }, redirect: "manual" });
  return said;
}

const posted = ({ token }, value) => ({
  method: "POST",
  body: JSON.stringify(value),
  headers: { "Content-Type": "application/json", "X-CSRFToken": token },
});

// Opens her vault without the PIN: {said, answer, isNew, pinDiffers}. `isLocked`: by somebody, and the server has not
// heard of it. Then no session opens what is kept; who keeps nothing here yet, on a phone that is shared, may begin.
async function openBySession(isLocked) {
  const said = await hello();
  const tag = await tagOf(said.owner);
  if (isLocked && (await read(["vaults"], ({ vaults }) => done(vaults.getKey(tag))))) throw new NotNow("locked");
  const answer = await ask("vault", posted(said, { tag }));
  if (answer.owner !== said.owner) throw new NotNow("network");
  const typing = [...main.querySelectorAll("#form input")].some((field) => field.value);
  if (typing || isOpen()) throw new NotNow("locked");
  const fits = await openOnline(answer);
  return { said, answer, isNew: !isOpen(), pinDiffers: isOpen() && !fits };
}

// Whether the site takes this PIN in her session; then it opens this phone from now on.
async function takePin({ said, answer }, pin) {
  const response = await fetch("/pin/", { ...posted(said, { pin }), redirect: "error" }).catch(() => {
    throw new NotNow("network");
  });
  if (response.status === 403) return false;
  if (response.status !== 204) throw new NotNow({ 401: "signin", 423: "signin" }[response.status] || "busy");
  await openOnline(answer, { alias: answer.alias, pin });
  return true;
}

// Opens her vault with what she typed, when she keeps something here for the first time. Resolves with the answer to
// "hello", {} when it was open before, undefined when that was not hers.
async function openedToKeep(form) {
  say(form, "problem", "");
  const said = {};
  if (!isOpen()) {
    const { state } = offers;
    if (!(await takePin(offers, form.elements.pin.value.trim()))) return say(form, "problem", word("pin-differs"));
    Object.assign(said, offers.said);
    offers = undefined;
    slot(form, "ask-pin").remove();
    touch();
    await putCard("server", said.key);
    await putCard("state", state);
  }
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  keepShells(await getCard("state"));
  return said;
}

// Sends what waits, of whoever's session this is, and brings her what is new.
async function contact(said) {
  clearTimeout(retry);
  if (talking) return;
  const waits = await read(["outbox"], ({ outbox }) => done(outbox.count()));
  if (talking) return;
  if (!waits && !isOpen()) return askWhatEnded(false);
  talking = true;
  outcome = { sending: Boolean(waits), why: "" };
  repaintActs();
  try {
    // Phones are shared: what is hers waits for a session of hers.
    if (waits && (await handOver(() => repaintActs())).owner !== openOwner()) outcome.why = "signin";
    outcome.sending = false;
    if (isOpen()) await refreshed(await said);
    tries = 0;
  } catch (problem) {
    outcome.why = problem.why || "later";
    tries += 1;
    // Without a session there is nothing to try again for: her next sign-in does it.
    if (!["signin", "locked", "consent", "smaller"].includes(outcome.why)) retry = setTimeout(contact, waitBefore(tries, problem.wait));
  }
  talking = outcome.sending = false;
  repaintActs();
  await askWhatEnded(outcome.why === "signin");
}

// What the site has ended goes. Without a session it is asked each time: a lost phone has none any more.
async function askWhatEnded(isUrgent) {
  if (!isUrgent && Date.now() - askedAt < HOUR) return;
  const gone = await letGoOfEnded().catch(() => undefined);
  if (!gone) return;
  askedAt = Date.now();
  if (gone.includes(openTag())) lock();
}

async function refreshed(said) {
  const before = await whatIsHere();
  said = said || (await hello());
  if (!(await refresh(said))) return void (outcome.why = "signin");
  await withList("refreshList", said);
  await withList("fitLinks");
  // A sheet that she fills in, or a form that she opened, stays as it is.
  const changed = before !== (await whatIsHere());
  if (changed && !main.querySelector("#sheet, #form, details[open], textarea:focus")) await draw({ toTop: false });
}

async function whatIsHere() {
  const [state, kept, list] = [await getCard("state"), await keptPlaces(), await withList("heldList")];
  return JSON.stringify([state && state.tag, list && list.held, Object.values(kept).map((each) => [each.name, isOld(each.checked)])]);
}
