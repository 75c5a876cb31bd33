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

Deno.test("what helps to mend a broken configuration works without one", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/config.json", '{"agents": {"defaults": {"maxTokens": "x"}}}');
  for (
    const args of [["--help"], ["help", "agent"], ["agent", "--help"], ["completions", "bash"]]
  ) {
    const { code, stdout } = await clambot.here.run(args);
    assert.deepEqual([code, stdout.length > 100], [0, true], args.join(" "));
  }
  assert.match((await clambot.here.run(["config", "path"])).stdout, /config\.json/);
  const { code, object } = await clambot.json(["doctor"]);
  const [first] = object.findings as { name: string; wrong: string[] }[];
  assert.deepEqual([code, first?.name], [1, "configuration"]);
  assert.match(String(first?.wrong), /config\.json:1:\d+: agents\.defaults\.maxTokens/);
  assert.equal((await clambot.run(["agent", "-m", "what is 2+2"])).code, 1);
});

Deno.test("notes that are a pipe or a giant are told, and nothing waits for them", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.here.run(["status"]);
  const path = `${clambot.home}/workspace/memory/MEMORY.md`;
  await Deno.remove(path);
  await new Deno.Command("mkfifo", { args: [path] }).output();
  assert.match(
    (await clambot.here.run(["memory", "show"])).stderr,
    /MEMORY\.md" is no ordinary file/,
  );
  await Deno.remove(path);
  await Deno.writeTextFile(path, "x".repeat(5_000_000));
  const { code, stdout } = await clambot.run(["doctor"]);
  assert.match(stdout, /^memory: .*is larger than/m);
  assert.equal(code, 1);
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
  const { stdout } = await clambot.here.run(["agent", "-m", "what is 2+2"]); // the others work
  assert.match(stdout, /4/);
});
