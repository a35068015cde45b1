// What is written on this phone. Everything that a person could read is ciphertext before it comes here.
//
//   phone    "phone": {device, salt, counter}: which phone this is, and its count of acts
//            "places": by tag, the addresses that are kept; "locked": when, if the server has not heard of it
//            "seen": the latest that this clock has said while a list was here; "asked": when the site was asked
//   vaults   by tag: {tag, round, alias, salt, rounds, byPin, online, tries, since, pinTag, letters}
//   cards    by [tag, name]: ciphertext of hers; "list": {since, until, body}, of which only `body` is
//   outbox   by uuid: {uuid, tag, counter, since, envelope}   sealed to the installation
//   heard    by uuid: {uuid, tag, result, reason, at}         what the server answered, without her words
//   packs    by name: {body, by: [tags]}, ciphertext, the same for every woman; "part ...": not yet whole
//
// A tag is a digest of her random account id and a salt of this phone: it names nobody.
"use strict";

const STORES = { phone: null, vaults: "tag", cards: null, outbox: "uuid", heard: "uuid", packs: null };

let opening;

function database() {
  opening = opening || new Promise((resolve, reject) => {
    const request = indexedDB.open("t", 1);
    request.onupgradeneeded = () => {
      for (const [name, keyPath] of Object.entries(STORES)) {
        request.result.createObjectStore(name, keyPath ? { keyPath } : undefined);
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close();
        opening = undefined;
      };
      // The browser has closed it: what was kept was cleared.
      request.result.onclose = () => (opening = undefined);
      resolve(request.result);
    };
    request.onerror = () => {
      opening = undefined;
      reject(request.error);
    };
  });
  return opening;
}

// Runs `work(stores)` in one transaction and resolves once it is on the disk, with what `work` returned.
// `work` must not wait for anything but requests of this transaction.
async function written(names, work, mode = "readwrite") {
  const connection = await database();
  return new Promise((resolve, reject) => {
    // "strict": the disk has it before she reads "saved". Browsers have become lazy about that.
    const transaction = connection.transaction(names, mode, { durability: "strict" });
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error || new Error("not written"));
    Promise.resolve(work(stores)).then((value) => (result = value)).catch((problem) => {
      try {
        transaction.abort();
      } catch (_ended) {}
      reject(problem);
    });
  });
}

const read = (names, work) => written(names, work, "readonly");

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

// This phone: made once, kept as long as anything is.
function thisPhone() {
  return written(["phone"], async ({ phone }) => {
    const known = await done(phone.get("phone"));
    if (known) return known;
    const fresh = { device: toText(random(12)), salt: random(16), counter: 0 };
    await done(phone.put(fresh, "phone"));
    return fresh;
  });
}

const tagOf = async (owner) => toText(await digest((await thisPhone()).salt, utf8(owner)));

// What any release has kept.
async function keptAddresses() {
  const found = [];
  for (const name of await caches.keys()) for (const { url } of await (await caches.open(name)).keys()) found.push(url);
  return found;
}

const keptLanguages = async () =>
  new Set((await keptAddresses()).map((url) => (url.match(/\/([a-z]{2,3})\/keep\/$/) || [])[1]).filter(Boolean));
