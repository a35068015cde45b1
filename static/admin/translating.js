// Text by text: what was typed is sent when she leaves the field, and again until the server has it. The page works
// without this: each text has a button.

const words = JSON.parse(document.getElementById("translating-words").textContent);
const forms = [...document.querySelectorAll("form[data-line]")];
const RETRY_MS = 10_000;
const unsent = new Set(); // forms whose words the server does not have yet
const sending = new Set();

function field(form) {
  return form.querySelector("textarea");
}

function tell(form, sentences, kind) {
  const notes = form.querySelector("[data-notes]");
  notes.replaceChildren(
    ...sentences.map((sentence) => {
      const line = document.createElement("p");
      line.className = kind;
      line.textContent = sentence;
      return line;
    }),
  );
  field(form).toggleAttribute("aria-invalid", kind === "tr-refused");
}

async function send(form) {
  if (sending.has(form)) return;
  sending.add(form);
  const typed = field(form).value;
  tell(form, [words.keeping], "tr-said");
  let answer = null;
  let isLocked = false;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
    isLocked = response.type === "opaqueredirect" || response.status === 403;
    if (!isLocked) answer = await response.json();
  } catch {
    answer = null;
  }
  sending.delete(form);
  if (answer === null) {
    tell(form, [isLocked ? words.locked : words.not_sent], "tr-refused");
    return;
  }
  const isSame = field(form).value === typed;
  if (!answer.kept) {
    // What is wrong has to be changed by her: sent again when she does. Somebody else's words she has read now.
    unsent.delete(form);
    form.dataset.refused = typed;
    form.elements.seen.value = answer.seen;
    tell(form, answer.refusals, "tr-refused");
    return;
  }
  delete form.dataset.refused;
  form.elements.seen.value = answer.seen;
  const line = form.closest(".tr-line");
  line.dataset.state = answer.state;
  line.querySelector("[data-state-name]").textContent = answer.state_name;
  if (isSame) {
    unsent.delete(form);
    form.dataset.kept = typed;
    tell(form, [words.kept, ...answer.warnings], "tr-said");
  } else {
    send(form);
  }
}

function leave(form) {
  if (unsent.has(form)) send(form);
}

function next(form) {
  const following = forms[forms.indexOf(form) + 1];
  if (following) field(following).focus();
}

for (const form of forms) {
  form.dataset.kept = field(form).value;
  const box = field(form);
  const grow = () => {
    box.style.blockSize = "auto";
    if (box.scrollHeight > box.clientHeight) box.style.blockSize = `${box.scrollHeight + 4}px`;
  };
  box.addEventListener("input", () => {
    grow();
    if (box.value === form.dataset.kept) unsent.delete(form);
    else unsent.add(form);
    if (!sending.has(form)) tell(form, unsent.has(form) ? [words.typing] : [], "tr-said");
  });
  box.addEventListener("blur", () => leave(form));
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    send(form);
    next(form);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
  grow();
}

addEventListener("online", () => unsent.forEach(send));
setInterval(() => unsent.forEach((form) => document.activeElement !== field(form) && send(form)), RETRY_MS);
addEventListener("beforeunload", (event) => {
  const refused = forms.some((form) => form.dataset.refused !== undefined && form.dataset.refused === field(form).value);
  if (unsent.size || sending.size || refused) event.preventDefault();
});
