import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

Deno.test("doctor finds everything in order in a new home", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { code, stdout } = await clambot.run(["doctor"]);
  assert.equal(code, 0, stdout);
  for (const name of ["configuration", "model", "walls", "sandbox", "clams"]) {
    assert.match(stdout, new RegExp(`^${name}: in order$`, "m"));
  }
});

Deno.test("doctor names malformed clams, a model that cannot be asked and doubtful keys (A80)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const agents = { defaults: { model: "openai/gpt-5", disabledTools: ["fss"] } };
  await clambot.write(".clambot/config.json", JSON.stringify({ agents }));
  await clambot.write(".clambot/workspace/clams/bad/v1/CLAM.md", "no front matter");
  const { code, object } = await clambot.json(["doctor"]);
  const findings = object.findings as { name: string; wrong: string[] }[];
  const wrong = Object.fromEntries(findings.map(({ name, wrong }) => [name, wrong.join(" ")]));
  assert.deepEqual([code, object.ok], [1, false]);
  assert.match(wrong.clams ?? "", /^clams\/bad: /);
  assert.match(wrong.model ?? "", /openai\/gpt-5 cannot be asked: no key/);
  assert.match(wrong.configuration ?? "", /disabledTools: There is no tool "fss"/);
  assert.equal(wrong.sandbox, "");
  const { stdout } = await clambot.run(["agent", "-m", "what is 2+2"]); // the others work
  assert.match(stdout, /4/);
});
