// What goes from this phone without anybody's PIN: a list whose days are over, and what the site has ended.
// Run by the shell and by the worker, each time that one of them starts.
"use strict";

const BACK_AT_MOST = 600000; // a phone sets its clock by the network now and then

// Beside its ciphertext a list says in plain when it came and when it goes. A clock that was turned back since
// the phone was last used, or since the list came, takes it too: nobody knows then how old it is.
function dropOver(now = Date.now()) {
  return written(["cards", "phone"], async ({ cards, phone }) => {
    const lists = (await done(cards.getAllKeys())).filter(([, name]) => name === "list");
    if (!lists.length) return;
    const seen = (await done(phone.get("seen"))) || 0;
    for (const key of lists) {
      const { since, until } = await done(cards.get(key));
      if (now >= until || now < Math.max(since, seen) - BACK_AT_MOST) await dropListOf(key[0], cards);
    }
    phone.put(now < seen - BACK_AT_MOST ? now : Math.max(seen, now), "seen");
  });
}

// With what was half filled in for somebody on it.
async function dropListOf(tag, cards) {
  cards.delete([tag, "list"]);
  cards.delete(IDBKeyRange.bound([tag, "draft list"], [tag, "draft list~"]));
}

// Her readable copies go; what she has not yet sent stays, as only the server can read it.
// Packs go that only she kept.
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

// Asks the site, as nobody: a phone that was lost has no session any more. Resolves with the tags that went.
async function letGoOfEnded() {
  const rows = await read(["vaults"], ({ vaults }) => done(vaults.getAll()));
  if (!rows.length) return [];
  const body = JSON.stringify({ vaults: rows.map(({ tag, round = 0 }) => ({ tag, round })) });
  const said = await ask("ended", { method: "POST", body, credentials: "omit", headers: { "Content-Type": "application/json" } });
  for (const tag of said.ended) await forget(tag);
  return said.ended;
}
