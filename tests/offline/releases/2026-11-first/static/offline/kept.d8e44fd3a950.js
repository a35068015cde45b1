"use strict";

const DAY = 86400000;
const OLD_AFTER = 30 * DAY;
const SAVED_EVERY = 32768; // bytes of a pack that are fetched again at most
const NO_NONCE = new Uint8Array(12); // each key of a pack encrypts one content only

const documents = new Map(); // by the name of the pack; emptied by the lock
let turn = Promise.resolve();

function inTurn(work) {
  const mine = turn.then(work);
  turn = mine.catch(() => {});
  return mine;
}

function putMine(tag, name, value) {
  if (openTag() !== tag) throw new NotNow("locked");
  return putCard(name, value);
}

const keptPlaces = async () => (await getCard("kept")) || {};
const idOf = ({ place, language }) => place + " " + language;
const isOld = (checked) => Math.abs(Date.now() - checked) > OLD_AFTER;
const picturesOf = ({ files = [] }) => files.filter((file) => file.kind === "picture");
const sizeOf = (files) => files.reduce((sum, file) => sum + file.bytes, 0);
const rowOf = async (key, src) => "file " + toText(await digest(utf8(key), utf8(src)));

async function opened(body, name, key) {
  const fixed = { name: "AES-GCM", iv: NO_NONCE, additionalData: utf8(name) };
  const packed = new Uint8Array(await crypto.subtle.decrypt(fixed, await aesKey(fromText(key)), body));
  const named = Array.from(await digest(packed), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!named.startsWith(name)) throw new Error("another content than its name says");
  return JSON.parse(await new Response(new Response(packed).body.pipeThrough(new DecompressionStream("gzip"))).text());
}

const stored = (name) => read(["packs"], ({ packs }) => done(packs.get(name)));

async function packOf({ name, key }) {
  if (!documents.has(name)) {
    const row = await stored(name);
    const found = row && (await opened(row.body, name, key).catch(() => undefined));
    if (!isOpen() || !found) return undefined;
    documents.set(name, found);
  }
  return documents.get(name);
}

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

async function letGo(tag, names) {
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

const keepPlace = (offer, withPictures, onBytes = () => {}) => inTurn(async () => {
  const tag = openTag();
  const id = idOf(offer);
  const before = (await keptPlaces())[id];
  await fetchPack(tag, offer, onBytes);
  let got = offer.bytes;
  for (const file of withPictures ? picturesOf(offer) : []) {
    await fetchFile(tag, offer, file, before);
    onBytes((got += file.bytes));
  }
  const kept = await keptPlaces();
  const now = Date.now();
  kept[id] = { ...offer, pictures: withPictures, since: before ? before.since : now, checked: now };
  await putMine(tag, "kept", kept);
  await notePlaces(tag, kept);
  if (before && before.name !== offer.name) await letGo(tag, await rowsOf(before));
});

const dropPlace = (id) => inTurn(async () => {
  const tag = openTag();
  const kept = await keptPlaces();
  const gone = kept[id];
  delete kept[id];
  await putMine(tag, "kept", kept);
  await notePlaces(tag, kept);
  if (gone) await letGo(tag, await rowsOf(gone));
});

function notePlaces(tag, kept) {
  return written(["phone"], async ({ phone }) => {
    const places = (await done(phone.get("places"))) || {};
    places[tag] = [...new Set(Object.values(kept).map((each) => each.place))];
    phone.put(places, "places");
  });
}

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
        if (each.pictures) kept[id] = { ...offer, pictures: true, since: each.since, checked: each.checked };
      } else {
        each.checked = 0; // "may be out of date" until the new one is whole
        newer.push([offer, each.pictures]);
      }
    }
    await putMine(tag, "kept", kept);
    await notePlaces(tag, kept);
    for (const each of gone) await letGo(tag, await rowsOf(each));
    return newer;
  });
  await tidy(tag);
  for (const [offer, pictures] of changed) await keepPlace(offer, pictures);
  return true;
}

async function act(kind, payload, about) {
  const uuid = newUuid();
  const [tag, owner] = [openTag(), openOwner()];
  const hers = await sealCard("act " + uuid, { ...about, kind, at: Date.now() });
  await keepEntry({ owner, tag, serverKey: await getCard("server"), kind, payload, uuid, hers });
  const registration = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration());
  if (registration && registration.sync) registration.sync.register("out").catch(() => {});
  return uuid;
}

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
  return found.sort((one, other) => other.at - one.at);
}

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
