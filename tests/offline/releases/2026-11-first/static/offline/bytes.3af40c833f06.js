"use strict";

const utf8 = (text) => new TextEncoder().encode(text);
const fromUtf8 = (bytes) => new TextDecoder().decode(bytes);

function base64(bytes) {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

const toText = (bytes) => base64(bytes).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

const fromText = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(new Uint8Array(part.buffer || part, part.byteOffset || 0, part.byteLength), at);
    at += part.byteLength;
  }
  return whole;
}

const random = (length) => crypto.getRandomValues(new Uint8Array(length));

const uuidBytes = (uuid) => Uint8Array.from(uuid.replace(/-/g, "").match(/../g), (pair) => parseInt(pair, 16));

function newUuid() {
  const bytes = random(16);
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, "$1-$2-$3-$4-$5");
}

const digest = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));

const aesKey = (bytes) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);

async function encrypted(key, bytes, boundTo = new Uint8Array()) {
  const iv = random(12);
  return joined(iv, await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: boundTo }, key, bytes));
}

async function decrypted(key, bytes, boundTo = new Uint8Array()) {
  const iv = bytes.subarray(0, 12);
  const content = bytes.subarray(12);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: boundTo }, key, content));
}
