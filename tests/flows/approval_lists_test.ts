import assert from "node:assert/strict";
import { AtTerminal, KEYS, testAtTerminal } from "./at_terminal.ts";
import { Clambot } from "./clambot.ts";

const THREE = `await Promise.all(["a", "b", "c"].map((name) =>
  fs({operation: "write", path: name + ".txt", content: "text of " + name})));
return "wrote three";`;

testAtTerminal("A135: three writes at once are one list, allowed with one answer", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const file = await clambot.write("three.js", THREE);
  const terminal = new AtTerminal(clambot, ["run", file, "--tools", "fs", "--json"]);
  await terminal.see("ClamBot asks about 3 calls:");
  await terminal.see("Reject");
  // Enter alone is Reject, the last; the first is next when going down from it
  await terminal.answer(`${KEYS.down}${KEYS.enter}`);
  await terminal.see("wrote three");
  const { code, stdout } = await terminal.ended();
  assert.equal(code, 0, stdout);
  for (const name of ["a", "b", "c"]) {
    const path = `${clambot.home}/workspace/files/${name}.txt`;
    assert.equal(await Deno.readTextFile(path), `text of ${name}`);
    assert.ok(stdout.includes(`+text of ${name}`), "it was shown");
  }
  const audit = (await auditLines(clambot)).filter(({ kind }) => kind === "tool_call");
  assert.deepEqual(audit.map(({ decision, outcome }) => [decision, outcome]), [
    ["once", "ok"],
    ["once", "ok"],
    ["once", "ok"],
  ]);
});

testAtTerminal("A135: one by one, each of them is asked about", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const file = await clambot.write("three.js", THREE);
  const terminal = new AtTerminal(clambot, ["run", file, "--tools", "fs"]);
  await terminal.see("Ask one by one");
  await terminal.see("Reject");
  await terminal.answer(`${KEYS.down}${KEYS.down}${KEYS.enter}`);
  await terminal.see("Allow once");
  await terminal.see("Reject");
  await terminal.answer(KEYS.enter);
  const { code, stdout } = await terminal.ended();
  assert.equal(code, 1, stdout);
  for (const name of ["a", "b", "c"]) {
    await assert.rejects(Deno.stat(`${clambot.home}/workspace/files/${name}.txt`));
  }
});

async function auditLines(clambot: Clambot): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  for await (const { name } of Deno.readDir(`${clambot.home}/audit`)) {
    if (!name.endsWith(".jsonl")) continue;
    const text = await Deno.readTextFile(`${clambot.home}/audit/${name}`);
    lines.push(...text.trim().split("\n"));
  }
  return lines.map((line) => JSON.parse(line));
}
