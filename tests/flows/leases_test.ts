import assert from "node:assert/strict";
import { sha256Hex } from "../../src/text/canonical_json.ts";
import { AtTerminal, KEYS, testAtTerminal } from "./at_terminal.ts";
import { Clambot } from "./clambot.ts";

const SCRIPT = `async function run({name}) {
  const {path} = await fs({operation: "write", path: name, content: "kept"});
  return "wrote " + path;
}`;

const BOUND = `capabilities:
  - method: fs
    constraints:
      - param: operation
        is_in: [write]
      - param: path
        starts_with: out`;

async function keepClam(clambot: Clambot, { script = SCRIPT, bound = BOUND } = {}) {
  const directory = ".clambot/workspace/clams/writer";
  await clambot.write(`${directory}/run.js`, script);
  await clambot.write(
    `${directory}/CLAM.md`,
    `---
name: writer
description: Writes a file.
language: javascript
version: 1
sha256: ${await sha256Hex(script)}
declared_tools: [fs]
inputs: {name: out/a.txt}
${bound}
requests: [begin one writing]
reusable: true
origin: person
created_at: 2026-11-01T00:00:00Z
---
`,
  );
}

async function inHome(test: (clambot: Clambot) => Promise<void>) {
  await using home = await Clambot.inEmptyHome();
  await keepClam(home);
  await test(home.here);
}

const writeTo = (clambot: Clambot, name: string) =>
  clambot.json(["clams", "run", "writer", "--input", JSON.stringify({ name })]);

Deno.test("A258: a clam that was allowed as a whole runs with nobody there, inside of its rules alone", () =>
  inHome(async (clambot) => {
    assert.equal((await writeTo(clambot, "out/a.txt")).code, 3);
    const leased = await clambot.json(["approvals", "lease", "writer", "--expires", "2w", "--yes"]);
    assert.equal(leased.code, 0, leased.stdout);
    const { id, expiresAt, createdAt } = leased.object as Record<string, number>;
    assert.equal(Number(expiresAt) - Number(createdAt), 14 * 86_400_000);
    const ran = await writeTo(clambot, "out/a.txt");
    assert.equal(ran.code, 0, ran.stdout);
    const [call] = ran.object.calls as { decision: string; scope: string }[];
    assert.deepEqual([call?.decision, call?.scope], ["lease", id]);
    const spoken = await clambot.json(["agent", "-m", "begin one writing"]);
    const [said] = spoken.object.calls as { decision: string; scope: string }[];
    assert.deepEqual([said?.decision, said?.scope], ["lease", id], spoken.stdout);
    assert.notEqual((await writeTo(clambot, "elsewhere.txt")).code, 0);
    await keepClam(clambot, { script: `${SCRIPT} // changed` });
    assert.equal((await writeTo(clambot, "out/b.txt")).code, 3);
    await keepClam(clambot, { bound: BOUND.replace("starts_with: out", 'starts_with: "."') });
    assert.equal((await writeTo(clambot, "out/b.txt")).code, 3);
    await keepClam(clambot);
    assert.equal((await writeTo(clambot, "out/b.txt")).code, 0);
  }));

Deno.test("A270: a lease is listed, shown, explained and taken back", () =>
  inHome(async (clambot) => {
    const leased = await clambot.json(["approvals", "lease", "writer", "--yes"]);
    const id = String(leased.object.id);
    const listed = await clambot.run(["approvals", "list", "--json"]);
    assert.deepEqual(
      JSON.parse(listed.stdout).map(({ kind, clam }: Record<string, string>) => [kind, clam]),
      [["lease", "writer"]],
    );
    assert.match((await clambot.run(["approvals", "list"])).stdout, /LEASE[^]*writer +fs +until/);
    assert.match((await clambot.run(["approvals", "show", id])).stdout, /path starts_with "out"/);
    const explain = async (path: string) => {
      const args = JSON.stringify({ operation: "write", path, content: "x" });
      const call = ["approvals", "explain", "fs", args, "--clam", "writer"];
      return (await clambot.json(call)).object;
    };
    const inside = await explain("out/a.txt");
    assert.deepEqual([inside.decision, inside.lease], ["lease", id]);
    assert.equal((await explain("a.txt")).decision, "refused");
    await clambot.write(
      ".clambot/config.json",
      JSON.stringify({ agents: { approvals: { alwaysGrants: ["fs:workspace"] } } }),
    );
    const granted = await explain("out/a.txt");
    const [passedOver] = granted.passedOver as { rule: { scope: string }; why: string }[];
    assert.deepEqual(
      [granted.decision, granted.rule, passedOver?.rule.scope, passedOver?.why],
      ["lease", undefined, "workspace", "the lease comes first"],
    );
    await clambot.write(".clambot/config.json", "{}");
    await keepClam(clambot, { script: `${SCRIPT} ` });
    const changed = await explain("out/a.txt");
    assert.equal(changed.decision, "asks");
    assert.match(String(changed.unleased), /script has changed/);
    assert.equal((await clambot.run(["approvals", "revoke", id])).code, 0);
    assert.equal((await clambot.run(["approvals", "list", "--json"])).stdout, "[]\n");
    const audit = await auditText(clambot);
    assert.match(audit, /"lease_given".*"clam":"writer".*"by":"cli"/);
    assert.match(audit, /"lease_revoked".*"by":"person"/);
  }));

Deno.test("A258: what has no bound cannot be leased, and without a person a lease needs --yes", () =>
  inHome(async (clambot) => {
    const unasked = await clambot.json(["approvals", "lease", "writer", "--yes", "--expires", "x"]);
    assert.equal((unasked.object.error as { code: string }).code, "usage");
    const nobody = await clambot.run(["approvals", "lease", "writer"]);
    assert.match(nobody.stderr, /needs your yes.*\n.*--yes/);
    for (
      const [bound, problem] of [
        ["capabilities: []", /no rule bounds operation and path of fs/],
        [BOUND.replace("starts_with: out", "starts_with: /"), /does not bound path/],
      ] as const
    ) {
      await keepClam(clambot, { bound });
      const { code, object } = await clambot.json(["approvals", "lease", "writer", "--yes"]);
      const error = object.error as { code: string; message: string };
      assert.deepEqual([code, error.code], [1, "lease_unbounded"]);
      assert.match(error.message, problem);
    }
  }));

testAtTerminal(
  "A258: a question offers the clam as a whole, and the next run asks nothing",
  async () => {
    await using clambot = await Clambot.inEmptyHome();
    await keepClam(clambot);
    const terminal = new AtTerminal(clambot, ["clams", "run", "writer"]);
    await terminal.see("Allowed as a whole, the program may:");
    await terminal.see('path starts_with "out"');
    await terminal.see("Reject");
    await terminal.answer(`${KEYS.up}${KEYS.enter}`);
    await terminal.see("wrote ");
    assert.equal((await terminal.ended()).code, 0);
    const again = await writeTo(clambot.here, "out/other.txt");
    assert.equal(again.code, 0, again.stdout);
  },
);

async function auditText(clambot: Clambot): Promise<string> {
  const texts: string[] = [];
  for await (const { name } of Deno.readDir(`${clambot.home}/audit`)) {
    if (name.endsWith(".jsonl")) {
      texts.push(await Deno.readTextFile(`${clambot.home}/audit/${name}`));
    }
  }
  return texts.join("");
}
