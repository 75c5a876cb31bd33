import assert from "node:assert/strict";
import { Clambot } from "../flows/clambot.ts";

// T11 (GHSA-xvhf-x56f-2hpp, GHSA-796m-2973-wc5q) and T12 (GHSA-hjvp-qhm6-wrh2, GHSA-2j8v-hwgc-x698):
// what was looked at is what runs. Programs try to hand over one thing and have another one done.

const PROGRAMS: Readonly<Record<string, string>> = {
  "a getter that changes its answer": `
    let reads = 0;
    const args = { operation: "write", get path() { return reads++ === 0 ? "ok.txt" : "other.txt"; },
      content: "x" };
    await fs(args); return reads;`,
  "an object changed after the call": `
    const args = { operation: "write", path: "ok.txt", content: "x" };
    const call = fs(args); args.path = "other.txt"; await call;`,
  "a proxy that lies": `
    let n = 0;
    const args = new Proxy({ operation: "write", path: "ok.txt", content: "x" }, {
      get: (target, key) => key === "path" && n++ > 0 ? "other.txt" : target[key] });
    await fs(args);`,
  "a toJSON that answers differently": `
    let n = 0;
    await fs({ operation: "write", content: "x",
      path: { toJSON: () => n++ === 0 ? "ok.txt" : "other.txt" } });`,
  "keys of both spellings": `
    await fs({ operation: "write", path: "ok.txt", content: "x", ["__proto__"]: { path: "other.txt" } })
      .catch(() => {});`,
};

for (const [name, script] of Object.entries(PROGRAMS)) {
  Deno.test(`T12: ${name} has no effect outside of the grant`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    const file = await clambot.write("evil.js", script);
    const { object } = await clambot.here.json([
      "run",
      file,
      "--tools",
      "fs",
      "--grant",
      "fs:file:ok.txt",
    ]);
    const files = `${clambot.home}/workspace/files`;
    const written = [...Deno.readDirSync(files)].map((entry) => entry.name);
    assert.deepEqual(written.filter((one) => one !== "ok.txt"), []);
    for (const call of object.calls as { args: { path?: string }; outcome: string }[]) {
      if (call.outcome === "ok") assert.ok(call.args.path?.endsWith("/ok.txt"));
    }
  });
}

Deno.test("T11: the path that is decided on is the one that is used, after it was resolved", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const script = `await fs({ operation: "write", path: "a/../ok.txt", content: "x" });`;
  const file = await clambot.write("evil.js", script);
  const granted = await clambot.json(["run", file, "--tools", "fs", "--grant", "fs:file:ok.txt"]);
  assert.equal(granted.code, 0);
  const other = await clambot.here.json(["run", file, "--tools", "fs", "--grant", "fs:dir:a"]);
  assert.equal(other.code, 3);
});
