// Questions that are put in order or matched, by tapping. Each part has a list to choose from already, which works
// without script and is all that is sent; here it is taken out of sight and filled in by taps. Used by the site and
// by the shell. Listening (listen.js) reads what is tapped first: such a tap comes here as one that is done with.
"use strict";

const SHAPES = "●▲■★◆○△□";

const textOf = (field) => field.parentElement.querySelector("[lang]").textContent;
const named = (question, name) => question.querySelector(`[data-${name}]`);

function tapped(className, words, sign) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = className;
  button.dataset.sign = sign;
  button.append(words);
  return button;
}

// In the place of each list a button with its words; resolves to what is known of each part.
function buttonsOf(question, signs) {
  named(question, "plain").remove();
  return [...question.querySelectorAll("[data-row]")].map((row, at) => {
    const field = row.querySelector("select");
    const button = tapped("option", row.querySelector("[lang]"), signs(at));
    const mark = document.createElement("span");
    mark.className = "tag";
    button.append(mark);
    field.hidden = true;
    row.className = "";
    row.querySelector("label").replaceWith(button);
    return { row, field, button, mark };
  });
}

function fill(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

const wordsOn = ({ button }) => button.querySelector("[lang]").textContent;
const chosenIn = (field) => field.selectedOptions[0].textContent;

function tell(question, ...words) {
  named(question, "told").textContent = words.join(": ");
}

function order(question) {
  const steps = buttonsOf(question, (at) => SHAPES[at % SHAPES.length]);
  const placed = () => steps.filter(({ field }) => field.value);
  const again = named(question, "again");

  function show() {
    const isFull = placed().length === steps.length;
    for (const { field, button, mark } of steps) {
      mark.textContent = field.value && chosenIn(field);
      mark.hidden = !field.value;
      button.setAttribute("aria-pressed", Boolean(field.value));
    }
    named(question, "tap").hidden = isFull;
    named(question, "full").hidden = !isFull;
    again.hidden = !placed().length;
    if (!isFull) return;
    // All have a place: she reads them from the first to the last.
    const before = document.activeElement;
    const inOrder = [...steps].sort((one, other) => one.field.value - other.field.value);
    named(question, "full").before(...inOrder.map(({ row }) => row));
    if (before && question.contains(before)) before.focus();
  }

  for (const step of steps) {
    taps.set(step.button, () => {
      const { field } = step;
      const isOut = Boolean(field.value);
      const taken = new Set(steps.map((each) => each.field.value));
      fill(field, isOut ? "" : [...field.options].map((one) => one.value).find((value) => !taken.has(value)));
      show();
      const words = wordsOn(step);
      tell(question, words, isOut ? named(question, "told").dataset.told : chosenIn(field));
      if (placed().length === steps.length) tell(question, words, chosenIn(field), named(question, "full").textContent);
    });
  }
  taps.set(again, () => {
    for (const { field } of steps) fill(field, "");
    show();
    tell(question, named(question, "tap").textContent);
    steps[0].button.focus();
  });
  show();
}

function match(question) {
  const lefts = buttonsOf(question, (at) => at + 1);
  const sides = [...lefts[0].field.options].slice(1).map((option, at) => {
    const heard = question.querySelector(`[data-side="${option.value}"]`);
    const words = document.createElement("span");
    words.lang = option.lang;
    words.textContent = option.textContent;
    if (heard) {
      words.dataset.say = heard.dataset.say;
      heard.remove();
    }
    return { value: option.value, button: tapped("option side", words, SHAPES[at]) };
  });
  named(question, "tap").after(...lefts.map(({ row }) => row));
  const right = document.createElement("div");
  right.className = "sides";
  right.append(...sides.map(({ button }) => button));
  named(question, "full").after(right);
  const isByEar = () => question.closest(".pointing");
  const next = () => lefts.find(({ field }) => !field.value);
  let marked = next();

  function show() {
    for (const left of lefts) {
      const side = sides.find(({ value }) => value === left.field.value);
      left.mark.textContent = side ? (isByEar() ? side.button.dataset.sign : chosenIn(left.field)) : "…";
      left.button.setAttribute("aria-pressed", left === marked);
    }
    for (const side of sides) side.button.setAttribute("aria-pressed", Boolean(marked) && marked.field.value === side.value);
    named(question, "tap").hidden = !marked;
    named(question, "full").hidden = Boolean(marked);
  }

  for (const left of lefts) {
    taps.set(left.button, () => {
      marked = left;
      show();
      tell(question, wordsOn(left), named(question, "tap").textContent);
    });
  }
  for (const side of sides) {
    taps.set(side.button, () => {
      if (!marked) return;
      const left = marked;
      fill(left.field, side.value);
      marked = next();
      show();
      tell(question, wordsOn(left), chosenIn(left.field), marked ? wordsOn(marked) : named(question, "full").textContent);
    });
  }
  show();
}

const taps = new WeakMap(); // by the button that is tapped

// After everything else that hears of a tap: one that only reads aloud has been stopped by then.
addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button && taps.has(button) && !event.defaultPrevented) taps.get(button)();
});

function inParts(page) {
  for (const question of page.querySelectorAll('[data-kind="ordering"]')) order(question);
  for (const question of page.querySelectorAll('[data-kind="matching"]')) match(question);
}

// The site's page is there already; the shell calls when it has drawn one.
if (!document.body.dataset.release) inParts(document);
