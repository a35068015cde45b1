// One phone in the storm, in the page that holds the outbox: make acts, send now and then, until nothing is left.
async ({ acts, payload, clock, most }) => {
  const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const now = Date.now.bind(Date);
  const shift = clock - now();
  Date.now = () => now() + shift;
  const turn = async () => {
    try {
      await handOver();
    } catch (problem) {
      if (!problem.why) throw problem;
      window.reasons[problem.why] = (window.reasons[problem.why] || 0) + 1;
      await sleep(10);
    }
  };
  let said;
  while (!said) said = await hello().catch(() => sleep(50));
  const tag = await tagOf(said.owner);
  window.made = [];
  window.reasons = {};
  (async () => {
    while (window.made.length < acts) {
      for (let left = 1 + Math.floor(Math.random() * most); left; left -= 1) {
        window.made.push(await keepEntry({ owner: said.owner, tag, serverKey: said.key, kind: "study", payload }));
      }
      await turn();
    }
    while ((await waitingFor(tag)).length) await turn();
    window.finished = true;
  })().catch((problem) => {
    window.broken = String((problem && problem.stack) || problem);
  });
}
