import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

Deno.test("a grant that has expired, or narrows in words of its own, lets nothing through (S15)", async () => {
  for (
    const [narrow, code] of [
      [{ fingerprint: "0123456789abcdef", expiresAt: "2099-01-01T00:00:00Z" }, 0],
      [{ expires_at: "2020-01-01T00:00:00Z" }, 3],
      [{ effect: "read" }, 3],
      [{ methods: ["GET"] }, 3],
    ] as const
  ) {
    await using clambot = await Clambot.inEmptyHome();
    const alwaysGrants = [{ tool: "fs", scope: "workspace", ...narrow }];
    const config = { agents: { approvals: { alwaysGrants } } };
    await clambot.write(".clambot/config.json", JSON.stringify(config));
    const file = await clambot.write(
      "write.js",
      `return await fs({operation: "write", path: "a.txt", content: "x"});`,
    );
    const one = code === 0 ? clambot : clambot.here;
    const ended = await one.run(["run", file, "--tools", "fs"]);
    assert.equal(ended.code, code, JSON.stringify(narrow) + ended.stderr);
  }
});

Deno.test("--expires takes a span, with --grant only, and config check tells of kept grants (S15)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const file = await clambot.write("list.js", `return await fs({operation: "list", path: "."});`);
  const run = ["run", file, "--tools", "fs"];
  const granted = [...run, "--grant", "fs:workspace", "--expires"];
  assert.equal((await clambot.run([...granted, "7d"])).code, 0);
  for (const args of [[...granted, "soon"], [...granted, "0d"], [...run, "--expires", "7d"]]) {
    const { code, stderr } = await clambot.here.run(args);
    assert.match(stderr, /--expires/);
    assert.equal(code, 2);
  }
  const grants = [{ tool: "fs", scope: "workspace", until: "tomorrow" }];
  await clambot.write(".clambot/approvals/grants.json", JSON.stringify({ grants }));
  for (const args of [["config", "check"], ["approvals", "list"], run]) {
    assert.match(
      (await clambot.here.run(args)).stderr,
      /"until":"tomorrow"\} is not understood whole/,
    );
  }
  assert.equal((await clambot.here.run(["config", "check"])).code, 1);
  assert.match((await clambot.here.run(["doctor"])).stdout, /grants: .*until/);
});
