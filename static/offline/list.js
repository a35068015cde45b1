// Loaded by the shell on the phone of somebody who keeps a list, or is about to; no other phone has this file.
// A supervisor's list: the women who need her and the checklists that are open, for seven days at most. It comes
// only to a phone on which she tapped for it. Its pages were drawn by the site.
//
//   card "list"   {since, until, body}: the two moments in plain, so that it goes without her (ends.js); in `body`,
//                 sealed, both again with {held, parts: {language, page, women: {term: {who, alias, page, open}}, sheets}}
"use strict";

const listKey = () => [openTag(), "list"];

// The list while it may be drawn; undefined when there is none.
async function heldList() {
  await dropOver();
  const row = isOpen() && (await read(["cards"], ({ cards }) => done(cards.get(listKey()))));
  if (!row) return undefined;
  const list = JSON.parse(fromUtf8(await decrypted(open.key, row.body, utf8(open.tag + " list"))));
  return Date.now() < list.until ? list : undefined;
}

// Brings the list of today, and seven days more; `isWanted` when she has tapped for it.
async function refreshList(said, isWanted = false) {
  const tag = openTag();
  const before = await heldList();
  if (!before && !isWanted) return;
  const wanted = { what: "roster", ...openVault(), held: before ? before.held : "", keep: isWanted };
  const answer = await ask("list", posted(said, wanted));
  if (answer.owner !== said.owner || openTag() !== tag) throw new NotNow("network");
  if (answer.none) return dropList();
  const since = Date.now();
  const until = since + answer.until - answer.now; // by this phone's clock
  const body = await sealCard("list", { since, until, held: answer.held, parts: answer.list || before.parts });
  await written(["cards", "phone"], ({ cards, phone }) => {
    cards.put({ since, until, body }, [tag, "list"]);
    phone.put(since, "seen");
  });
  await notePlaces(tag, await keptPlaces());
}

const dropList = () => written(["cards"], ({ cards }) => dropListOf(openTag(), cards));

// Where she goes from here: staff have no lessons of their own.
async function fitLinks() {
  const state = await getCard("state");
  document.getElementById("to-list").hidden = !(await heldList());
  for (const link of document.querySelectorAll("[data-hers]")) link.hidden = Boolean(state && !(state.parts.pages || {}).today);
}

// What stands under the addresses of the roster, of one woman, and of a practice of hers.
async function listPage(place, rest) {
  const list = await heldList();
  if (!list) return undefined;
  const { language: read, women, sheets, page: first } = list.parts;
  const [term, , module] = rest.split("/");
  const woman = women[term];
  let page;
  if (place === "roster") {
    page = fromHtml(first);
    say(page, "until", word("list-until", { date: day(list.until) }));
    const done = await actsSection();
    if (done) page.append(done);
  } else if (module) {
    const sheet = woman && sheets[woman.open[module]];
    page = sheet && (await checklistPage(sheet, { who: woman.who, about: `list ${term} ${module}` }));
  } else if (woman) {
    page = fromHtml(woman.page);
    const waiting = (await acts()).filter((each) => each.term === term && each.waits);
    for (const row of page.querySelectorAll("[data-practice]")) {
      if (!waiting.some((each) => each.module === row.dataset.practice)) continue;
      slot(row, "call").hidden = true;
      reveal(row, "signed");
    }
  }
  if (page) page.language = read;
  return page;
}

// On the page of what is kept: the list, or where she came to keep it.
async function addList(page) {
  const list = isOpen() && (await heldList());
  const card = drawn(list ? "kept" : "offered");
  say(card, "title", word("list"));
  if (list) {
    say(card, "facts", word("list-until", { date: day(list.until) }));
    slot(card, "open").href = address("roster");
    card.querySelector("button").dataset.do = "remove-list";
    reveal(page, "kept").append(card);
    reveal(page, "remove-all");
  } else if (location.hash === "#roster" && (isOpen() || offers)) {
    const form = askingPin(drawn("keep"));
    form.firstElementChild.dataset.act = "keep-list";
    say(form, "price", word("list-price"));
    card.firstElementChild.open = true;
    card.firstElementChild.append(form);
    reveal(page, "offered").append(card);
  }
}

// Who it was stands on the list and nowhere else: with the list, her work name goes.
async function nameThem(done) {
  const list = done.some((each) => each.term) && (await heldList());
  for (const each of done) if (list && list.parts.women[each.term]) each.title += " · " + list.parts.women[each.term].alias;
}

Object.assign(forms, {
  async "keep-list"(form) {
    let said = await openedToKeep(form);
    if (!said) return;
    said = said.owner ? said : await hello();
    if (said.owner !== openOwner()) throw new NotNow("signin");
    await refreshList(said, true);
    if (!(await heldList())) return say(form, "problem", word("no-list"));
    navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ list: true }));
    await fitLinks();
    await draw();
  },

  async observation() {
    const sheet = main.querySelector("#sheet");
    const seen = checklistOf(sheet);
    if (!seen) return;
    const [, , , term, , module] = location.pathname.split("/");
    await act("observation", { term, ...seen }, { title: module.toUpperCase(), term, module });
    await dropDraft(sheet);
    go(address("record", term));
    contact();
  },
});

Object.assign(buttons, {
  async "remove-list"() {
    await dropList();
    await fitLinks();
    await draw({ toTop: false });
  },
});

const listParts = { heldList, refreshList, fitLinks, listPage, addList, nameThem };
