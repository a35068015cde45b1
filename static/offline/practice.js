// The checklist of a practice: filled in, read together, signed. The page itself was drawn by the site
// (templates/assessments/practice_sign.html), for a learner's phone and for a supervisor's own alike.
"use strict";

const NUMBER_TO_CALL = /(?:\p{Nd}[\s./()-]{0,2}){7,}/u; // as assessments/forms.py has it
const SIGNING_PIN = /^\d{6}$/;

// The page of `html` with what was filled in before. `about` tells the drafts of several women apart;
// `who` is a line above the sheet.
async function checklistPage(html, { who = "", about = "" } = {}) {
  const page = fromHtml(html);
  const form = page.querySelector("#sheet");
  if (about) form.dataset.ticket = about;
  if (who) form.before(line("p", who, "big"));
  const draft = (await getCard(draftOf(form))) || [];
  for (const box of form.querySelectorAll("fieldset input")) box.checked = draft.includes(box.name + " " + box.value);
  for (const field of form.querySelectorAll("[maxlength]")) {
    const before = draft.find((each) => each.startsWith(field.name + " "));
    if (before) field.value = before.slice(field.name.length + 1);
  }
  // Seen as dots, and yet no password that a browser offers to remember. Browsers that cannot do that get a password.
  if (!CSS.supports("-webkit-text-security", "disc")) for (const field of page.querySelectorAll(".dots")) field.type = "password";
  return page;
}

// Shows of the sentences in `part` the one for `problem`; none when that is empty.
function showProblem(part, problem) {
  for (const each of part.querySelectorAll("[data-problem]")) each.hidden = each.dataset.problem !== problem;
  return problem;
}

// {text, setting, steps: {step: outcome}, went_well, next_step}; undefined, with words at each place, while one lacks something.
function checklistOf(form) {
  const given = {};
  const steps = {};
  const lacking = [];
  for (const part of form.querySelectorAll("fieldset, .field")) {
    const field = part.querySelector("[maxlength], :checked");
    const value = field && field.value.trim();
    const isNumber = part.localName === "div" && NUMBER_TO_CALL.test(value);
    if (showProblem(part, !value ? "empty" : isNumber ? "number" : "")) lacking.push(part);
    else if (field.name.startsWith("step-")) steps[field.name.slice(5)] = value;
    else given[field.name] = value;
  }
  if (!lacking.length) return { text: form.dataset.text, steps, ...given };
  lacking[0].querySelector("input").focus();
  return undefined;
}

// Whether the sheet stands still, to be read: then only what was chosen is left of it.
function holdChecklist(isHeld) {
  const sheet = main.querySelector("#sheet");
  for (const option of sheet.querySelectorAll(".option")) option.hidden = isHeld && !option.querySelector("input").checked;
  for (const field of sheet.querySelectorAll("[maxlength]")) field.readOnly = isHeld;
  slot(main, "go-on").hidden = isHeld;
  slot(main, "read").hidden = !isHeld;
  main.querySelector("#form").hidden = true;
}

// What stands under the address of a practice: what is looked for, what waits to be confirmed, what was seen last.
async function practicePage(pack, state, place, rest) {
  if (rest !== "p") return pack.pages[rest] && checklistPage(pack.pages[rest]);
  const page = pack.pages.p && fromHtml(pack.pages.p);
  if (!page) return undefined;
  const last = (await acts()).find((each) => each.kind === "signoff" && each.place === place);
  if (last && last.waits) say(reveal(page, "unconfirmed"), "signed", word("signed", { time: clock(last.at) }));
  else if (last && refused(last)) reveal(page, "not-accepted").append(" ", word(last.answer.reason));
  for (const each of state.parts.practices || []) if (each.place === place) reveal(page, "seen").append(fromHtml(each.html));
  return page;
}

// What became of a sign-off that was received, in words of the site; undefined until her state has come.
const verdictOf = (state, uuid) => (state.parts.practices || []).find((each) => each.client_uuid === uuid);

const practiceForms = {
  observed(form) {
    if (!checklistOf(form)) return;
    holdChecklist(true);
    scrollTo(0, 0);
    main.focus({ preventScroll: true });
  },

  // On the learner's phone: what the supervisor typed is sealed here, to the site alone, bound to this act and to
  // every word that she signs. The fields are empty before anything else happens.
  async signoff(form) {
    const { alias, pin, again } = Object.fromEntries(new FormData(form));
    form.reset();
    const isWhole = aliasKey(alias) && SIGNING_PIN.test(pin);
    if (showProblem(form, !isWhole ? "empty" : pin !== again ? "differs" : "")) return void form.elements.alias.focus();
    const sheet = main.querySelector("#sheet");
    const uuid = newUuid();
    const observed = JSON.stringify({ ...checklistOf(sheet), seen: true });
    const boundTo = utf8(`signoff ${uuid} ${openOwner()} ${observed}`);
    const signature = await sealedEnvelope(await getCard("server"), utf8(JSON.stringify({ alias, pin })), boundTo);
    const place = placeNow();
    const { title } = Object.values(await keptPlaces()).find((each) => each.place === place);
    await act("signoff", { observed, signature: toText(signature) }, { title, place }, uuid);
    await dropDraft(sheet);
    go(address(place, "p"));
    contact();
  },
};

const practiceButtons = {
  seen() {
    slot(main, "read").hidden = true;
    const form = main.querySelector("#form");
    form.hidden = false;
    (form.querySelector("input") || form.querySelector("button")).focus();
    form.scrollIntoView();
  },
  change() {
    holdChecklist(false);
  },
};
