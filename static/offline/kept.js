// What she keeps on this phone: her state and her packs. Everything here needs her open vault.
//
//   card "server"   the key to seal to
//   card "state"    {tag, parts, checked}: what the server last said
//   card "kept"     by "place language": what she keeps, with the keys of its packs
//   card "act …"    what she did, as she may read it; card "draft …": a sheet that is half filled in
//
// Ciphertexts lie in `packs`, the same for every woman who keeps them: {body, by: [tags]}.
"use strict";

const DAY = 86400000;
const OLD_AFTER = 30 * DAY;
const SAVED_EVERY = 32768; // bytes of a pack that are fetched again at most
const NO_NONCE = new Uint8Array(12); // each key of a pack encrypts one content only

const documents = new Map(); // by the name of the pack; emptied by the lock
let turn = Promise.resolve();

// One after the other: two that change the same card would undo each other.
function inTurn(work) {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
}

// Puts a card of the woman who began this, unless she has locked meanwhile or another has opened hers.
function putMine(tag, name, value) {
  if (openTag() !== tag) throw new NotNow("locked");
  return putCard(name, value);
}

const keptPlaces = async () => (await getCard("kept")) || {};
const idOf = ({ place, language }) => place + " " + language;
const isOld = (checked) => Math.abs(Date.now() - checked) > OLD_AFTER;
const ofKind = ({ files = [] }, kind) => files.filter((file) => file.kind === kind);
const sizeOf = (files) => files.reduce((sum, file) => sum + file.bytes, 0);
// Pictures and sound are chosen apart; what is kept says itself what was chosen.
const chosenOf = (offer, { pictures, sound }) => [...(pictures ? ofKind(offer, "picture") : []), ...(sound ? ofKind(offer, "audio") : [])];
const costOf = (offer, choice = offer) => offer.bytes + sizeOf(chosenOf(offer, choice));
const rowOf = async (key, src) => "file " + toText(await digest(utf8(key), utf8(src)));

async function opened(body, name, key) {
  const fixed = { name: "AES-GCM", iv: NO_NONCE, additionalData: utf8(name) };
  const packed = new Uint8Array(await crypto.subtle.decrypt(fixed, await aesKey(fromText(key)), body));
  const named = Array.from(await digest(packed), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!named.startsWith(name)) throw new Error("another content than its name says");
  return JSON.parse(await new Response(new Response(packed).body.pipeThrough(new DecompressionStream("gzip"))).text());
}

const stored = (name) => read(["packs"], ({ packs }) => done(packs.get(name)));

// The document of a pack that she keeps; undefined when it is not whole here.
async function packOf({ name, key }) {
  if (!documents.has(name)) {
    const row = await stored(name);
    const found = row && (await opened(row.body, name, key).catch(() => undefined));
    if (!isOpen() || !found) return undefined;
    documents.set(name, found);
  }
  return documents.get(name);
}

// Goes on where it stopped: what has come lies under "part …" until the whole has been opened once.
async function downloaded({ name, bytes }, onBytes) {
  const part = "part " + name;
  const keep = (body) => written(["packs"], ({ packs }) => void packs.put(body, part));
  let body = (await stored(part)) || new Uint8Array();
  let response;
  if (body.length >= bytes) body = new Uint8Array();
  try {
    const headers = body.length ? { Range: `bytes=${body.length}-` } : {};
    response = await fetch("/sync/v1/pack/" + name, { headers, redirect: "error", cache: "no-store", credentials: "omit" });
  } catch (_problem) {
    throw new NotNow("network");
  }
  if (response.status === 404) throw new NotNow("gone");
  if (response.status === 200) body = new Uint8Array();
  else if (response.status !== 206) throw new NotNow("busy");
  const reader = response.body.getReader();
  let safe = body.length;
  for (;;) {
    let step;
    try {
      step = await reader.read();
    } catch (_problem) {
      break;
    }
    if (step.done || body.length > bytes) break;
    body = joined(body, step.value);
    onBytes(body.length);
    if (body.length - safe >= SAVED_EVERY) {
      await keep(body);
      safe = body.length;
    }
  }
  if (body.length >= bytes) return body;
  await keep(body);
  throw new NotNow("network");
}

const dropPart = (name) => written(["packs"], ({ packs }) => void packs.delete("part " + name));

// One transaction: it is there whole, and hers, or not at all.
function hold(tag, name, fresh) {
  return written(["packs"], async ({ packs }) => {
    const row = fresh || (await done(packs.get(name)));
    if (!row) return;
    const known = await done(packs.get(name));
    row.by = [...new Set([...((known && known.by) || []), tag])];
    packs.put(row, name);
    packs.delete("part " + name);
  });
}

async function dropRows(tag, names) {
  await written(["packs"], async ({ packs }) => {
    for (const name of names) {
      const row = await done(packs.get(name));
      if (!row) continue;
      row.by = row.by.filter((each) => each !== tag);
      if (row.by.length) packs.put(row, name);
      else packs.delete(name);
    }
  });
}

async function fetchPack(tag, offer, onBytes) {
  const known = await stored(offer.name);
  if (known && (await opened(known.body, offer.name, offer.key).then(() => true, () => false))) return hold(tag, offer.name);
  const body = await downloaded(offer, onBytes);
  try {
    await opened(body, offer.name, offer.key);
  } catch (_problem) {
    await dropPart(offer.name); // broken on its way: from the beginning, next time
    throw new NotNow("network");
  }
  return hold(tag, offer.name, { body });
}

// A picture or a recording is the same under any pack: what the older one has is not fetched again.
async function fetchFile(tag, { key }, file, older) {
  const name = await rowOf(key, file.src);
  if (await stored(name)) return hold(tag, name);
  const before = older && (await openFile(older, file.src));
  let type, bytes;
  if (before) ({ type, bytes } = before);
  else {
    const response = await fetch(file.src, { redirect: "error", credentials: "omit" }).catch(() => undefined);
    if (!response || !response.ok) throw new NotNow("network");
    type = response.headers.get("Content-Type") || "";
    bytes = new Uint8Array(await response.arrayBuffer().catch(() => { throw new NotNow("network"); }));
  }
  return hold(tag, name, { type, body: await encrypted(await aesKey(fromText(key)), bytes, utf8(file.src)) });
}

async function openFile({ key }, src) {
  const row = await stored(await rowOf(key, src));
  if (!row) return undefined;
  return { type: row.type, bytes: await decrypted(await aesKey(fromText(key)), row.body, utf8(src)) };
}

const rowsOf = async (kept) => [kept.name, ...(await Promise.all((kept.files || []).map((file) => rowOf(kept.key, file.src))))];

// Keeps what is offered; the older pack of the same place is used until this one is whole.
const keepPlace = (offer, { pictures, sound }, onBytes = () => {}) => inTurn(async () => {
  const tag = openTag();
  const id = idOf(offer);
  const before = (await keptPlaces())[id];
  await fetchPack(tag, offer, onBytes);
  let got = offer.bytes;
  for (const file of chosenOf(offer, { pictures, sound })) {
    await fetchFile(tag, offer, file, before);
    onBytes((got += file.bytes));
  }
  const kept = await keptPlaces();
  const now = Date.now();
  kept[id] = { ...offer, pictures, sound, since: before ? before.since : now, checked: now };
  await putMine(tag, "kept", kept);
  await notePlaces(tag, kept);
  const rows = await rowsOf(offer);
  if (before) await dropRows(tag, (await rowsOf(before)).filter((row) => !rows.includes(row)));
});

const dropPlace = (id) => inTurn(async () => {
  const tag = openTag();
  const kept = await keptPlaces();
  const gone = kept[id];
  delete kept[id];
  await putMine(tag, "kept", kept);
  await notePlaces(tag, kept);
  if (gone) await dropRows(tag, await rowsOf(gone));
});

// For the worker, which opens nothing: the addresses that the shell answers.
function notePlaces(tag, kept) {
  return written(["phone", "cards"], async ({ phone, cards }) => {
    const places = (await done(phone.get("places"))) || {};
    places[tag] = [...new Set(Object.values(kept).map((each) => each.place))];
    // With network the roster is the site's; without it the shell must answer.
    if (await done(cards.getKey([tag, "list"]))) places[tag].push("keep");
    phone.put(places, "places");
  });
}

// First contact: her newest state comes down, what has changed is fetched, what is no longer offered goes.
// `said` is the answer to hello. Resolves false when it is somebody else's session.
async function refresh(said) {
  const tag = openTag();
  if (!tag || said.owner !== openOwner()) return false;
  await putMine(tag, "server", said.key);
  const held = await getCard("state");
  const fresh = await ask("state?tag=" + encodeURIComponent(held ? held.tag : ""));
  if (fresh ? fresh.owner !== said.owner : !held) throw new NotNow("network");
  const state = { ...(fresh ? { tag: fresh.tag, parts: fresh.parts } : held), checked: Date.now() };
  await putMine(tag, "state", state);
  const changed = await inTurn(async () => {
    const kept = await keptPlaces();
    const gone = [];
    const newer = [];
    for (const [id, each] of Object.entries(kept)) {
      const offer = (state.parts.packs || []).find((one) => idOf(one) === id);
      if (!offer) {
        gone.push(each);
        delete kept[id];
      } else if (offer.name === each.name && (await stored(each.name))) {
        each.checked = state.checked;
        // Recordings come and go while the text stays as it is.
        if (JSON.stringify(offer.files) !== JSON.stringify(each.files)) newer.push([offer, each]);
      } else {
        each.checked = 0; // "may be out of date" until the new one is whole
        newer.push([offer, each]);
      }
    }
    await putMine(tag, "kept", kept);
    await notePlaces(tag, kept);
    for (const each of gone) await dropRows(tag, await rowsOf(each));
    return newer;
  });
  await tidy(tag);
  for (const [offer, choice] of changed) await keepPlace(offer, choice);
  return true;
}

// Writes down what she did. `about` is what she reads of it again.
async function act(kind, payload, about, uuid = newUuid()) {
  const [tag, owner] = [openTag(), openOwner()];
  const hers = await sealCard("act " + uuid, { ...about, kind, at: Date.now() });
  await keepEntry({ owner, tag, serverKey: await getCard("server"), kind, payload, uuid, hers });
  const registration = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration());
  if (registration && registration.sync) registration.sync.register("out").catch(() => {});
  return uuid;
}

// What she did here, newest first, each with what became of it.
async function acts() {
  const tag = openTag();
  const range = IDBKeyRange.bound([tag, "act "], [tag, "act ~"]);
  const [names, waiting, heard] = await read(["cards", "outbox", "heard"], (stores) =>
    Promise.all([done(stores.cards.getAllKeys(range)), done(stores.outbox.getAll()), done(stores.heard.getAll())]));
  const waits = new Set(waiting.map((entry) => entry.uuid));
  const answers = new Map(heard.map((answer) => [answer.uuid, answer]));
  const found = [];
  for (const [, name] of names) {
    const card = await getCard(name);
    const uuid = name.slice(4);
    if (card) found.push({ ...card, uuid, waits: waits.has(uuid), answer: answers.get(uuid) });
  }
  await withList("nameThem", found);
  return found.sort((one, other) => other.at - one.at);
}

// What was received a month ago is in her state; it need not stand here as well.
async function tidy(tag) {
  const old = (await acts()).filter((each) => !each.waits && Date.now() - each.at > OLD_AFTER);
  if (!old.length) return;
  await written(["cards", "heard"], ({ cards, heard }) => {
    for (const { uuid } of old) {
      cards.delete([tag, "act " + uuid]);
      heard.delete(uuid);
    }
  });
}
