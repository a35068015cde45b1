// The small signed statement that the code on a paper carries: from letters to facts, and whether its key made it.
// 31 bytes of facts and 64 of signature; certificates/statements.py writes them.
"use strict";

const LETTERS_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STATEMENT_LETTERS = 152;
const STATEMENT_FACTS = 31; // bytes before the signature
const SIGNED_AS = "thuto statement 1\0"; // nothing else that the key signs begins so
const FIRST_DAY = Date.UTC(2020, 0, 1) / 86400000; // days are counted from it

// What somebody scanned or typed: the bytes of a statement, a number, or nothing of ours. Any address may stand
// before them: it is never opened, and what counts is the signature.
function meantBy(scanned, numberLetters) {
  const address = scanned.trim().toUpperCase().split(/[?#]/)[0];
  const isAddress = address.includes("/");
  const last = address.split("/").filter((part) => part.trim()).pop() || "";
  const letters = last.replace(/[\s-]/g, "");
  if (letters.length === STATEMENT_LETTERS) return { raw: fromBase32(letters) };
  const isNumber = letters.length === 12 && [...letters].every((letter) => numberLetters.includes(letter));
  return isNumber && (!isAddress || address.includes("/VERIFY/")) ? { number: letters } : {};
}

function fromBase32(letters) {
  const bytes = [];
  let held = 0;
  let bits = 0;
  for (const letter of letters) {
    const value = LETTERS_32.indexOf(letter);
    if (value < 0) return null;
    held = (held << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push(held >> bits);
      held &= (1 << bits) - 1;
    }
  }
  return Uint8Array.from(bytes);
}

const hexOf = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// Null for a kind of statement that this page does not know yet.
function factsOf(raw, numberLetters) {
  if (raw[0] !== 1) return null;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return {
    key: hexOf(raw.subarray(1, 5)),
    number: numberOf(view.getBigUint64(5), numberLetters),
    award: raw[13],
    issued: FIRST_DAY + view.getUint16(14),
    expires: view.getUint16(16) && FIRST_DAY + view.getUint16(16),
    isDemonstration: Boolean(raw[18] & 1),
    salt: raw.subarray(19, 23),
    name: raw.subarray(23, 31),
  };
}

function numberOf(whole, numberLetters) {
  const base = BigInt(numberLetters.length);
  let letters = "";
  for (let rest = whole, place = 0; place < 12; place += 1, rest /= base) {
    letters = numberLetters[Number(rest % base)] + letters;
  }
  return letters;
}

async function isMadeBy(key, raw) {
  const jwk = { kty: "EC", crv: "P-256", x: key.x, y: key.y };
  const known = await crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const signed = joined(utf8(SIGNED_AS), raw.subarray(0, STATEMENT_FACTS));
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, known, raw.subarray(STATEMENT_FACTS), signed);
}
