"use strict";

const ROUNDS = 600000; // PBKDF2-SHA-256; OWASP Password Storage Cheat Sheet, 2023
const ALIAS_ROUNDS = 100000;
const TRIES = 10;

let open; // {tag, owner, key}: nothing else in this file remembers anything of hers

const isOpen = () => Boolean(open);
const openTag = () => (open ? open.tag : "");
const openOwner = () => (open ? open.owner : "");

function lockVault() {
  open = undefined;
}

async function slowBytes(secret, salt, iterations) {
  const base = await crypto.subtle.importKey("raw", utf8(secret), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, base, 256));
}

const aliasKey = (alias) => alias.toUpperCase().replace(/[^A-Z0-9]/g, "");

async function aliasTag(alias) {
  return toText(await slowBytes(aliasKey(alias), (await thisPhone()).salt, ALIAS_ROUNDS));
}

const wrappingKey = async (secret) => aesKey(await digest(utf8("wrap "), secret));

async function openOnline(said, { alias = "", pin = "" } = {}) {
  const tag = await tagOf(said.owner);
  const byServer = await wrappingKey(fromText(said.secret));
  let row = await read(["vaults"], ({ vaults }) => done(vaults.get(tag)));
  let raw;
  if (row && row.online) raw = await decrypted(byServer, row.online, utf8(tag)).catch(() => undefined);
  if (!raw && row && row.byPin && pin) {
    const bytes = await openedByPin(row, pin).catch(() => undefined);
    if (bytes) {
      raw = bytes.subarray(0, 32);
      row.online = await encrypted(byServer, raw, utf8(tag));
    }
  }
  if (!raw) {
    if (!pin) return false;
    await forget(tag); // what another key closed, nobody opens again
    raw = random(32);
    row = { tag, online: await encrypted(byServer, raw, utf8(tag)), tries: 0, since: 0 };
  }
  if (pin) {
    row.salt = random(16);
    row.rounds = ROUNDS;
    row.alias = await aliasTag(alias);
    row.byPin = await encrypted(await aesKey(await slowBytes(pin, row.salt, row.rounds)), joined(raw, utf8(said.owner)), utf8(tag));
    row.pinTag = said.pin_tag;
  }
  row.tries = 0;
  await written(["vaults"], ({ vaults }) => void vaults.put(row));
  open = { tag, owner: said.owner, key: await aesKey(raw) };
  return row.pinTag === said.pin_tag;
}

async function openedByPin(row, pin) {
  return decrypted(await aesKey(await slowBytes(pin, row.salt, row.rounds)), row.byPin, utf8(row.tag));
}

async function openWithPin(alias, pin) {
  const wanted = await aliasTag(alias);
  const rows = await read(["vaults"], ({ vaults }) => done(vaults.getAll()));
  const row = rows.find((each) => each.alias === wanted && each.byPin);
  const nobody = (await read(["phone"], ({ phone }) => done(phone.get("tries")))) || { tries: 0, since: 0 };
  const counted = row || nobody;
  const wait = counted.since + pause(counted.tries) - Date.now();
  if (wait > 0 && wait <= pause(TRIES)) return { wait };
  counted.tries += 1;
  counted.since = Date.now();
  await written(["vaults", "phone"], ({ vaults, phone }) => void (row ? vaults.put(row) : phone.put(nobody, "tries")));
  const slow = await slowBytes(pin, row ? row.salt : new Uint8Array(16), row ? row.rounds : ROUNDS);
  try {
    if (!row) throw new Error("nobody");
    const bytes = await decrypted(await aesKey(slow), row.byPin, utf8(row.tag));
    row.tries = 0;
    await written(["vaults"], ({ vaults }) => void vaults.put(row));
    open = { tag: row.tag, owner: fromUtf8(bytes.subarray(32)), key: await aesKey(bytes.subarray(0, 32)) };
    return "open";
  } catch (_problem) {
    if (row && row.tries >= TRIES) await forget(row.tag);
    return "wrong";
  }
}

const pause = (tries) => (tries < 3 ? 0 : Math.min(15 * 60000, 5000 * 2 ** (tries - 3)));

function forget(tag) {
  return written(["vaults", "cards", "heard", "phone", "packs"], async ({ vaults, cards, heard, phone, packs }) => {
    vaults.delete(tag);
    cards.delete(IDBKeyRange.bound([tag], [tag, []]));
    for (const row of await done(heard.getAll())) if (row.tag === tag) heard.delete(row.uuid);
    const places = (await done(phone.get("places"))) || {};
    delete places[tag];
    phone.put(places, "places");
    const [names, rows] = await Promise.all([done(packs.getAllKeys()), done(packs.getAll())]);
    rows.forEach((row, at) => {
      if (!row.by || !row.by.includes(tag)) return;
      row.by = row.by.filter((each) => each !== tag);
      if (row.by.length) packs.put(row, names[at]);
      else packs.delete(names[at]);
    });
  });
}

const sealCard = (name, value) => encrypted(open.key, utf8(JSON.stringify(value)), utf8(open.tag + " " + name));

async function putCard(name, value) {
  const { tag } = open;
  const card = await sealCard(name, value);
  await written(["cards"], ({ cards }) => void cards.put(card, [tag, name]));
}

async function getCard(name) {
  if (!open) throw new Error("locked");
  const { tag, key } = open;
  const card = await read(["cards"], ({ cards }) => done(cards.get([tag, name])));
  return card && JSON.parse(fromUtf8(await decrypted(key, card, utf8(tag + " " + name))));
}

async function dropCard(name) {
  const { tag } = open;
  await written(["cards"], ({ cards }) => void cards.delete([tag, name]));
}
