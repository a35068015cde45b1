// Sheets of questions on this phone: what she answered so far, what is still missing, and what was right when she
// practises. Loaded by the shell with the first sheet that is opened; every phone that keeps something has this file.
"use strict";

const LONGEST_NUMBER = 24;
const DIGITS = /\p{Nd}/gu;
const SIGNS_OF_NUMBERS = { "٫": ".", "٬": "'", "’": "'", "−": "-", "–": "-" };
const GROUPED = /^\d{1,3}([.,' ])\d{3}(?:\1\d{3})*$/;

// Digits of every script stand in rows of ten; the first of a row is the one before which there is no digit of it.
function plainDigit(digit) {
  let value = 0;
  let code = digit.codePointAt(0);
  if (code < 128) return digit;
  // Rows begin at a multiple of ten from a known zero in every block but the mathematical ones, which nobody types.
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1))) {
    code -= 1;
    value += 1;
  }
  return String(value);
}

// As assessments/numbers.py has it: the number that she means, or undefined when that is not sure.
function numberIn(text, decimalSign, unit = "") {
  if ([...text].length > LONGEST_NUMBER + unit.length) return undefined;
  const plain = text.replace(DIGITS, plainDigit).replace(/[٫٬’−–]/g, (sign) => SIGNS_OF_NUMBERS[sign]);
  const [, before, number, after] = plain.split(/\s+/).join(" ").trim().match(/^([^\d-]*)(\d(?:[\d.,' ]*\d)?)(.*)$/) || [];
  const isUnit = (words) => unit.trim().toLowerCase().startsWith(words.replace(/^[ .]+|[ .]+$/g, "").toLowerCase());
  if (!number || !isUnit(before) || !isUnit(after)) return undefined;
  const [, sign] = number.match(GROUPED) || [];
  let [whole, part] = [number, ""];
  if (!sign || sign === decimalSign || (".,".includes(sign) && number.startsWith("0"))) {
    const last = Math.max(number.lastIndexOf("."), number.lastIndexOf(","));
    if (last >= 0 && number.split(number[last]).length > 2) return undefined;
    if (last >= 0) [whole, part] = [number.slice(0, last), number.slice(last + 1)];
  }
  if (!(/^\d+$/.test(whole) || GROUPED.test(whole)) || !/^\d*$/.test(part)) return undefined;
  return Number(whole.replace(/\D/g, "") + "." + (part || "0"));
}

const unitOf = (question) => (question.querySelector("[data-unit]") || { textContent: "" }).textContent;
const typedIn = (field) => numberIn(field.value, field.dataset.sign, unitOf(field.closest("fieldset")));
const fieldsOf = (question) => [...question.querySelectorAll("input, select")];
const idOfQuestion = (question) => question.id.slice(2);
const partOf = (field) => field.name.split(".")[1];

// A sheet that is half filled in is kept as well: the lock must not cost her an answer.
async function withDraft(page) {
  const form = page.querySelector("form");
  const draft = (form && (await getCard(draftOf(form)))) || [];
  for (const field of page.querySelectorAll("fieldset input, fieldset select")) {
    const before = draft.filter((each) => each.startsWith(field.name + " ")).map((each) => each.slice(field.name.length + 1));
    if (["radio", "checkbox"].includes(field.type)) field.checked = before.includes(field.value);
    else if (before.length) field.value = before[0];
  }
  inParts(page);
  return page;
}

// In the shape of its kind; undefined while something is missing.
function answerTo(question) {
  const fields = fieldsOf(question);
  const { kind } = question.dataset;
  if (kind === "number") {
    const isMissing = typedIn(fields[0]) === undefined;
    showProblem(question, isMissing && fields[0].value.trim() ? "number" : "");
    return isMissing ? undefined : fields[0].value.trim();
  }
  if (kind) {
    const values = fields.map((field) => field.value);
    if (!values.every(Boolean)) return undefined;
    if (kind === "matching") return Object.fromEntries(fields.map((field) => [partOf(field), field.value]));
    if (new Set(values).size < values.length) return undefined;
    return fields.sort((one, other) => one.value - other.value).map(partOf);
  }
  const chosen = fields.filter((box) => box.checked).map((box) => box.value);
  if (!chosen.length) return undefined;
  return fields[0].type === "checkbox" ? chosen.sort() : chosen[0];
}

// {question: answer}; undefined, with words beside them, while one lacks an answer.
function answersOf(form) {
  const answers = {};
  const lacking = [];
  for (const question of form.querySelectorAll("fieldset")) {
    answers[idOfQuestion(question)] = answerTo(question);
    if (answers[idOfQuestion(question)] === undefined) lacking.push(question);
  }
  for (const note of main.querySelectorAll("[data-lacking]")) note.remove();
  if (!lacking.length) return answers;
  const note = line("p", word("unanswered", { count: lacking.length }), "notice warn");
  note.dataset.lacking = "";
  note.setAttribute("role", "alert");
  form.prepend(note);
  lacking[0].querySelector("input, button, select:not([hidden])").focus();
  return undefined;
}

// ---------------------------------------------------------------------------------------------------------
// What was right. Of each kind: {isRight, given, ideas, right}; a line of these is [words], [left, right] or [words, why].

const optionOf = (field, value) => [...field.options].find((one) => one.value === value).textContent;

const judged = {
  ordering(fields, { right, choices }) {
    const given = [...fields].sort((one, other) => one.value - other.value);
    const early = given.find((field, at) => partOf(field) !== right[at]); // up to here all is right
    const words = new Map(fields.map((field) => [partOf(field), textOf(field)]));
    return {
      isRight: !early,
      given: given.map((field) => [textOf(field)]),
      ideas: early ? [[textOf(early), choices[partOf(early)]]] : [],
      right: right.map((step) => [words.get(step)]),
      list: "ol",
    };
  },

  matching(fields, { right, choices }) {
    const wrong = fields.filter((field) => field.value !== right[partOf(field)]);
    const pair = (field, value) => [textOf(field) + ": " + optionOf(field, value)];
    const ideas = wrong.map((field) => [...pair(field, field.value), choices[field.value] || choices[partOf(field)]]);
    return {
      isRight: !wrong.length,
      // What is explained pair by pair need not stand there twice.
      given: ideas.every(([, why]) => why) ? [] : fields.map((field) => pair(field, field.value)),
      ideas,
      right: fields.map((field) => pair(field, right[partOf(field)])),
    };
  },

  number([field], { right, slips }) {
    const number = typedIn(field);
    const isWithin = ([from, to]) => Number(from) <= number && number <= Number(to);
    const unit = unitOf(field.closest("fieldset"));
    const read = (numbers) => [[...new Set(numbers)].join("–").replace(/\./g, field.dataset.sign) + (unit && " " + unit)];
    const slip = slips.find(isWithin);
    return {
      isRight: right.some(isWithin),
      given: [read([String(number)])],
      ideas: slip ? [["", slip[2]]] : [],
      right: right.map(read),
    };
  },

  options(boxes, { right, choices }) {
    const wordsOf = (box) => box.nextElementSibling.textContent;
    return {
      isRight: boxes.every((box) => box.checked === right.includes(box.value)),
      given: [],
      ideas: boxes.filter((box) => box.checked && !right.includes(box.value)).map((box) => [wordsOf(box), choices[box.value]]),
      right: boxes.filter((box) => right.includes(box.value)).map((box) => [wordsOf(box)]),
    };
  },
};

function listOf(lines, list = "ul") {
  if (lines.length === 1) return line("p", lines[0][0]);
  const made = document.createElement(list);
  made.append(...lines.map(([words]) => line("li", words)));
  return made;
}

function practisedPage(form, { key }, place) {
  const page = drawn("practised");
  const [known, again] = [slot(page, "known"), slot(page, "again")];
  for (const question of form.querySelectorAll("fieldset")) {
    const its = key[idOfQuestion(question)];
    const { isRight, given, ideas, right, list } = judged[question.dataset.kind || "options"](fieldsOf(question), its);
    const stem = question.querySelector("legend > span:last-child");
    if (isRight) {
      known.hidden = false;
      known.querySelector("ul").append(line("li", stem.textContent));
      continue;
    }
    again.hidden = false;
    const item = drawn("again");
    item.firstElementChild.lang = stem.lang;
    const story = question.querySelector(".told");
    if (story) item.firstElementChild.prepend(line("p", story.textContent));
    say(item, "stem", stem.textContent);
    const said = slot(item, "ideas");
    if (given.length) said.append(listOf(given, list));
    const explained = question.dataset.kind ? ideas.filter(([, why]) => why) : ideas;
    if (!explained.length && its.otherwise) explained.push(["", its.otherwise]);
    for (const each of explained) said.append(...each.filter(Boolean).map((words) => line("p", words)));
    if (said.childElementCount === 1) said.remove();
    slot(item, "rights").append(listOf(right, list));
    slot(item, "because").append(line("p", its.why));
    again.append(item);
  }
  const count = again.querySelectorAll(".card").length;
  say(page, "heading", count ? word("look-again", { count }) : word("all-known"));
  for (const name of ["back", "on"]) slot(page, name).href = address(place, "q");
  return page;
}
