// What she taps in the shell: its forms, its buttons, its links.
"use strict";

const placeNow = () => location.pathname.split("/")[2];

const forms = {
  ...practiceForms,
  unlock,

  async "new-pin"(form) {
    if (await takePin(offers, form.elements.pin.value.trim())) {
      const { said } = offers;
      offers = undefined;
      return nowOpen(said);
    }
    form.elements.pin.value = "";
    say(form, "problem", word("pin-differs"));
  },

  async study(form) {
    const kept = Object.values(await keptPlaces()).filter((each) => each.place === placeNow());
    const pack = await packOf(kept.find((each) => each.language === location.pathname.split("/")[1]) || kept[0]);
    const { lesson, content_hash: hash, next, language: read } = pack.lessons[form.dataset.lesson];
    const title = main.querySelector("h1").textContent.trim();
    const payload = { lesson, language: read || pack.language, country: pack.country, content_hash: hash };
    await act("study", payload, { lesson, title, place: placeNow() });
    go(address(placeNow(), listens() ? [next, "listen"].filter(Boolean).join("/") : next));
    contact();
  },

  async practice(form) {
    const answers = answersOf(form);
    if (!answers) return;
    const kept = Object.values(await keptPlaces()).filter((each) => each.place === placeNow());
    const packs = await Promise.all(kept.map(packOf));
    const { practice, title } = packs.find((pack) => pack && pack.practice && pack.practice.text === form.dataset.text);
    await act("attempt", { ticket: null, text: practice.text, answers }, { title, place: placeNow() });
    await dropDraft(form);
    if (ear) ear.said(form, practice.sounds);
    put(practisedPage(form, practice, placeNow()));
    scrollTo(0, 0);
    contact();
  },

  async attempt(form) {
    const answers = answersOf(form);
    if (!answers) return;
    const { ticket, text } = form.dataset;
    const title = main.querySelector(".go").textContent.trim();
    await act("attempt", { ticket, text, answers }, { ticket, title, place: placeNow() });
    await dropDraft(form);
    const page = drawn("sat");
    slot(page, "on").href = address(placeNow());
    put(page);
    scrollTo(0, 0);
    contact();
  },

  async keep(form) {
    const state = isOpen() ? await getCard("state") : offers.state;
    const ids = JSON.parse(form.dataset.ids);
    const wanted = state.parts.packs.filter((offer) => ids.includes(idOf(offer)));
    const choice = { pictures: form.elements.pictures.checked, sound: form.elements.sound.checked };
    const bar = form.querySelector("progress");
    const total = wanted.reduce((sum, offer) => sum + costOf(offer, choice), 0);
    let said = await openedToKeep(form);
    if (!said) return;
    if (choice.sound) keepHearing();
    bar.hidden = false;
    let before = 0;
    for (const offer of wanted) {
      await keepPlace(offer, choice, (got) => {
        touch();
        bar.value = (before + got) / total;
        say(form, "progress", word("fetching", { got: kilobytes(before + got), total: kilobytes(total) }));
      });
      before += costOf(offer, choice);
    }
    // Her tries at these quizzes come with the next state.
    said = said.owner ? said : await hello();
    if (said.owner === openOwner()) {
      await ask("keep", posted(said, { ...openVault(), places: wanted.map((offer) => offer.place) })).catch(() => {});
      await refresh(said).catch(() => {});
    }
    await draw();
  },
};

const buttons = {
  ...practiceButtons,
  later: () => nowOpen(),
  async remove(button) {
    await dropPlace(button.closest("[data-id]").dataset.id);
    await draw({ toTop: false });
  },
  async "remove-all"() {
    const tag = openTag();
    await lock();
    await forget(tag);
  },
};

const trouble = { cleared: "cleared", network: "stopped", gone: "gone", signin: "sign-in", busy: "stopped", locked: "sign-in" };

// By the browser, under her hands: whatever she taps then finds less than it looks for.
const isCleared = async () => isOpen() && !(await read(["vaults"], ({ vaults }) => done(vaults.getKey(openTag()))).catch(() => true));

addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.dataset.busy || !forms[form.dataset.act]) return;
  form.dataset.busy = "yes";
  try {
    await forms[form.dataset.act](form);
  } catch (problem) {
    const known = problem.name === "QuotaExceededError" ? "full" : trouble[problem.why] || ((await isCleared()) && "cleared");
    const note = slot(form, "problem") || form.insertBefore(line("p", "", "error"), form.firstChild);
    note.textContent = word(known || "stopped");
    note.hidden = false;
    if (!problem.why && !known) throw problem;
  } finally {
    delete form.dataset.busy;
  }
});

addEventListener("change", (event) => {
  const { form } = event.target;
  if (isOpen() && form && ["practice", "attempt", "observed"].includes(form.dataset.act)) keepDraft(form);
});

addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) return void buttons[button.dataset.do](button);
  if (event.target.closest("#exit")) return void exit();
  const link = event.target.closest("a[href]");
  if (!link || link.origin !== location.origin || link.hasAttribute("download") || "site" in link.dataset) return;
  if (link.hash && link.pathname === location.pathname && link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  if (isOpen()) go(link.pathname + link.search + link.hash);
  else if (link.id === "other") location.assign(link.href);
  else leaveForSite(link.href);
});

addEventListener("popstate", () => {
  if (location.pathname + location.search === shown) return;
  if (isOpen() || offers) draw();
  else showLock();
});
addEventListener("online", () => contact());
