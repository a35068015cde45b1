"use strict";

const PROTOCOL = 1;
const ANSWERED = ["stored", "repeated", "refused"];
const SHORTEST_WAIT = 2000;
const LONGEST_WAIT = 5 * 60 * 1000;

class NotNow extends Error {
  constructor(why, wait = 0) {
    super(why);
    this.why = why;
    this.wait = wait;
  }
}

async function keepEntry({ owner, tag, serverKey, kind, payload, uuid = newUuid(), hers }) {
  const actedAt = Date.now();
  const { device, counter } = await nextCounter();
  const content = { owner, kind, payload, device, counter, acted_at: actedAt };
  const envelope = await sealedEnvelope(serverKey, utf8(JSON.stringify(content)), uuidBytes(uuid));
  await written(["outbox", "cards"], ({ outbox, cards }) => {
    outbox.put({ uuid, tag, counter, since: actedAt, envelope });
    if (hers) cards.put(hers, [tag, "act " + uuid]);
  });
  return uuid;
}

function nextCounter() {
  return written(["phone"], async ({ phone }) => {
    const row = await done(phone.get("phone"));
    row.counter += 1;
    phone.put(row, "phone");
    return row;
  });
}

async function waitingFor(tag) {
  const all = await read(["outbox"], ({ outbox }) => done(outbox.getAll()));
  return all.filter((entry) => entry.tag === tag).sort((one, other) => one.counter - other.counter);
}

async function ask(path, options = {}) {
  let response;
  try {
    response = await fetch("/sync/v1/" + path, {
      redirect: "error",
      cache: "no-store",
      credentials: "same-origin",
      ...options,
      headers: { Accept: "application/json", ...options.headers },
    });
  } catch (_problem) {
    throw new NotNow("network");
  }
  const why = { 401: "signin", 403: "consent", 423: "locked", 408: "smaller", 413: "smaller" }[response.status];
  if (why) throw new NotNow(why);
  if (response.status === 304) return null;
  if (response.status !== 200) throw new NotNow("busy", 1000 * (parseInt(response.headers.get("Retry-After"), 10) || 0));
  let said;
  try {
    said = await response.json();
  } catch (_problem) {
    throw new NotNow("network");
  }
  if (!said || said.protocol !== PROTOCOL || typeof said.owner !== "string") throw new NotNow("network");
  return said;
}

const hello = () => ask("hello");

async function packed(text) {
  const bytes = utf8(text);
  if (typeof CompressionStream === "undefined" || bytes.length < 600) return { body: bytes, headers: {} };
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).arrayBuffer(), headers: { "Content-Encoding": "gzip" } };
}

async function sendBatch({ owner, token }, entries) {
  const sent = { sent_at: Date.now(), entries: entries.map((entry) => ({ client_uuid: entry.uuid, envelope: toText(entry.envelope) })) };
  const { body, headers } = await packed(JSON.stringify(sent));
  const said = await ask("batch", {
    method: "POST",
    body,
    headers: { ...headers, "Content-Type": "application/json", "X-CSRFToken": token },
  });
  if (said.owner !== owner || !Array.isArray(said.receipts)) throw new NotNow("network");
  return said.receipts;
}

function hear(tag, receipts) {
  const answers = receipts.filter((receipt) => ANSWERED.includes(receipt.result));
  return written(["outbox", "heard"], async ({ outbox, heard }) => {
    for (const { client_uuid: uuid, result, reason, received_at: at } of answers) {
      const entry = await done(outbox.get(uuid));
      if (!entry || entry.tag !== tag) continue;
      heard.put({ uuid, tag, result, reason, at });
      outbox.delete(uuid);
    }
  }).then(() => answers.length);
}

async function handOver(onReceipts = () => {}) {
  const said = await hello();
  const tag = await tagOf(said.owner);
  let most = said.most_entries;
  let sent = 0;
  for (;;) {
    const waiting = await waitingFor(tag);
    if (!waiting.length) return { sent, left: 0, owner: said.owner };
    const entries = [];
    let bytes = 100;
    for (const entry of waiting.slice(0, most)) {
      bytes += entry.envelope.length * 1.34 + 80;
      if (entries.length && bytes > said.most_bytes) break;
      entries.push(entry);
    }
    let receipts;
    try {
      receipts = await sendBatch(said, entries);
    } catch (problem) {
      if (problem.why !== "smaller" || entries.length === 1) throw problem;
      most = Math.ceil(entries.length / 2);
      continue;
    }
    const heard = await hear(tag, receipts);
    onReceipts(receipts);
    sent += heard;
    if (!heard) throw new NotNow("later");
  }
}

const waitBefore = (tries, asked = 0) =>
  Math.max(asked, Math.random() * Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** tries));
