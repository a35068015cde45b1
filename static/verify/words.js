// Whether a name typed from the paper is the one that the statement was made for: the rule of certificates/names.py.
"use strict";

const LONGEST_NAME = 120;

// Letter by letter, as Python folds them: the sharp s is two letters, the sigma at the end of a word is the other one.
const folded = (letter) => (letter === "ı" ? letter : letter.toLowerCase().toUpperCase().toLowerCase());

function wordsOf(name) {
  const letters = [...name.normalize("NFKD").replace(/\p{M}/gu, "")];
  return new Set(letters.map(folded).join("").match(/[\p{Lu}\p{Ll}\p{Lt}\p{Lo}]+/gu) || []);
}

async function isNameOf(facts, typed) {
  const words = [...wordsOf([...typed].slice(0, LONGEST_NAME).join(""))];
  if (!words.length) return false;
  // By code point, which is the order of the bytes; JavaScript's own order is another beyond the first 65 536.
  const sorted = words.map((word) => [hexOf(utf8(word)), word]).sort().map(([, word]) => word);
  const found = await digest(facts.salt, utf8(sorted.join(" ")));
  return facts.name.every((byte, place) => byte === found[place]);
}
