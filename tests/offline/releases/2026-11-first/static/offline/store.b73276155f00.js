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
      resolve(request.result);
    };
    request.onerror = () => {
      opening = undefined;
      reject(request.error);
    };
  });
  return opening;
}

async function written(names, work, mode = "readwrite") {
  const connection = await database();
  return new Promise((resolve, reject) => {
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
