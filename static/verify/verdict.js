// What this phone can say about a paper, from the statement, the list that it keeps, and its own date. The word that
// comes back is the name of a template: every sentence stands in the page.
"use strict";

const dayOf = (date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86400000;

const madeOn = (list) => dayOf(new Date(list.made_at));

// A day is forgiven: it is tomorrow somewhere already.
const isAhead = (day, today) => day > today + 1;

async function isStopped(number, list) {
  const short = hexOf((await digest(utf8(number))).subarray(0, 6));
  return list.not_current.includes(short);
}

async function verdict(raw, list, today, numberLetters) {
  if (!raw) return { say: "other" };
  const facts = factsOf(raw, numberLetters);
  if (!facts) return { say: "newer" };
  const known = list.keys.filter((key) => key.short === facts.key);
  if (!known.length) return { say: "stranger" };
  let maker;
  for (const key of known) if (await isMadeBy(key, raw).catch(() => false)) maker = key;
  if (!maker) return { say: "changed" };
  const said = (say, more) => ({ say, facts, maker, ...more });
  if (await isStopped(facts.number, list)) return said("stopped");
  if (maker.state === "lost") return said("lost");
  // A phone whose battery was out may believe in any day: then neither "current" nor "expired" is known.
  for (const day of [facts.issued, madeOn(list)]) if (isAhead(day, today)) return said("clock", { day });
  return said(facts.expires && facts.expires < today ? "expired" : "current");
}

// A number alone proves nothing; that it is stopped is known.
async function verdictOnNumber(number, list) {
  return { say: (await isStopped(number, list)) ? "stopped" : "number", number };
}
