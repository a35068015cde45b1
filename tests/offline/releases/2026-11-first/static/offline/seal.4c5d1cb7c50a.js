"use strict";

const CURVE = { name: "ECDH", namedCurve: "P-256" };

async function sealedEnvelope(serverKey, bytes, boundTo) {
  const recipient = fromText(serverKey.public);
  const [once, theirs] = await Promise.all([
    crypto.subtle.generateKey(CURVE, true, ["deriveBits"]),
    crypto.subtle.importKey("raw", recipient, CURVE, true, []),
  ]);
  const ours = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256);
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: joined(ours, recipient), info: utf8("thuto sync 1") },
    base,
    { name: "AES-GCM", length: 256 },
    false,
    ["encrypt"],
  );
  return joined(Uint8Array.of(1), fromText(serverKey.name), ours, await encrypted(key, bytes, boundTo));
}
