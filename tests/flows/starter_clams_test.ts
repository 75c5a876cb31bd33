import assert from "node:assert/strict";
import { STARTERS } from "../../src/clams/starter/catalog.ts";
import { createTimeTool } from "../../src/tools/time/time.ts";
import { openStarterHome, STARTER_CLOCK, type StarterHome } from "../fakes/starter_home.ts";
import { STARTER_CASES, type StarterCase } from "../fixtures/starters.ts";

// Every starter through the real matcher, sandbox, dispatch, capabilities and gate (A250).

async function check(home: StarterHome, one: StarterCase): Promise<void> {
  const id = `starter-${one.clam}`;
  const answer = one.say === undefined
    ? await home.run(id, one.inputs ?? {})
    : await home.say(one.say);
  const what = one.say ?? `${id} ${JSON.stringify(one.inputs)}`;
  assert.equal(answer?.clam, id, `${what}: no clam or another one answers`);
  if (one.refuses !== undefined) {
    assert.equal(answer?.ok, false, `${what}: ${answer?.text}`);
    assert.ok(answer?.text.includes(one.refuses), `${what}: ${answer?.text}`);
    assert.match(answer?.text ?? "", /[.!?)]$|such as: |2026-11-24T18:05\.$/, "a whole sentence");
  } else {
    assert.equal(answer?.ok, true, `${what}: ${answer?.text}`);
    if (typeof one.answers === "string") assert.equal(answer?.text, one.answers, what);
    else assert.match(answer?.text ?? "", one.answers ?? /./, what);
  }
}

Deno.test("every starter answers what it promises and refuses what makes no sense", async (t) => {
  await using home = await openStarterHome([createTimeTool(STARTER_CLOCK)]);
  for (const one of STARTER_CASES) {
    const name = one.say ?? `${one.clam} ${JSON.stringify(one.inputs)}`;
    await t.step(name, () => check(home, one));
  }
});

Deno.test("every starter is tested with a right and a wrong or special case", () => {
  for (const { id } of STARTERS) {
    const cases = STARTER_CASES.filter((one) => `starter-${one.clam}` === id);
    assert.ok(cases.length >= 2, id);
    assert.ok(cases.some((one) => one.refuses === undefined), id);
  }
});
