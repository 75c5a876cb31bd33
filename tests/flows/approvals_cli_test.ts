import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

const CONFIG = {
  agents: {
    approvals: {
      alwaysGrants: [
        { tool: "http_request", scope: "host:api.example.com", fingerprint: "0123456789abcdef" },
        "fs:workspace",
      ],
    },
  },
};

async function inHome(test: (clambot: Clambot) => Promise<void>) {
  await using home = await Clambot.inEmptyHome();
  await home.write(".clambot/config.json", JSON.stringify(CONFIG));
  await test(home.here);
}

async function explain(clambot: Clambot, tool: string, args: object, ...more: string[]) {
  const ended = await clambot.run([
    ...["approvals", "explain", tool, JSON.stringify(args), ...more, "--json"],
  ]);
  return { ...ended, told: JSON.parse(ended.stdout) };
}

Deno.test("A119, A121, A122: what grants of the configuration cover is told without doing anything", () =>
  inHome(async (clambot) => {
    const get = (url: string) =>
      explain(clambot, "http_request", { method: "GET", url }).then(({ told }) => told);
    const granted = await get("https://api.example.com/v1?x=1");
    assert.deepEqual([granted.decision, granted.rule.scope], ["granted", "host:api.example.com"]);
    for (const url of ["http://api.example.com/", "https://api.example.com:8443/"]) {
      const { decision, passedOver, grants } = await get(url);
      assert.equal(decision, "asks");
      assert.equal(passedOver[0].why, "it covers another place");
      assert.equal(grants[0], `http_request:exact:GET:${url}`);
    }
    const write = { operation: "write", path: "notes/../a.txt", content: "x" };
    const inside = await explain(clambot, "fs", write);
    assert.deepEqual(inside.told.decision, "granted");
    assert.match(inside.told.resources[0].path, /workspace\/files\/a\.txt$/);
    await assert.rejects(Deno.stat(`${clambot.home}/workspace/files/a.txt`), Deno.errors.NotFound);
  }));

Deno.test("approvals explain says what is wrong with the tool, its arguments or the clam", () =>
  inHome(async (clambot) => {
    for (
      const [args, code, message] of [
        [["fss", "{}"], "unknown_tool", /did you mean fs/],
        [["echo", "{}"], "unknown_tool", /switched off/],
        [["fs", "{"], "usage", /not JSON/],
        [["fs", "[]"], "usage", /JSON object/],
        [["fs", `{"operation": "fly"}`], "tool_arguments_invalid", /"operation"/],
        [["fs", `{"operation": "list"}`, "--clam", "xyzzy"], "clam_not_found", /xyzzy/],
      ] as const
    ) {
      const { stdout, stderr } = await clambot.run(["approvals", "explain", ...args, "--json"]);
      const { error } = JSON.parse(stdout);
      assert.equal(error.code, code, stderr);
      assert.match(error.message, message);
    }
  }));

Deno.test("approvals explain --clam goes by the clam's own rules first", () =>
  inHome(async (clambot) => {
    const { told } = await explain(
      clambot,
      "fs",
      { operation: "list" },
      ...["--clam", "starter-time-in"],
    );
    assert.equal(told.decision, "refused");
    assert.match(told.reason, /does not declare the tool fs/);
  }));

Deno.test("A132: approvals show tells all of a grant, and revoke takes back what is kept alone", () =>
  inHome(async (clambot) => {
    const kept = {
      ...{ tool: "fs", scope: "dir:/a", effect: "read", source: "approvals", id: "abc" },
      ...{ createdAt: 1_700_000_000_000, expiresAt: 4_000_000_000_000, conversation: "cli:x" },
    };
    await clambot.write(".clambot/approvals/grants.json", JSON.stringify({ grants: [kept] }));
    const shown = await clambot.run(["approvals", "show", "abc", "--json"]);
    assert.deepEqual(JSON.parse(shown.stdout), { kind: "grant", ...kept });
    const { stdout } = await clambot.run(["approvals", "show", "abc"]);
    assert.match(stdout, /dir:\/a[^]*reading only[^]*2023-11-14[^]*cli:x[^]*until 2096/);
    const written = await clambot.run(["approvals", "show", "fs:workspace", "--json"]);
    assert.equal(JSON.parse(written.stdout).source, "config");
    const refused = await clambot.run(["approvals", "revoke", "fs:workspace"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /stands in config\.json/);
    const revoked = await clambot.run(["approvals", "revoke", "abc", "--json"]);
    assert.equal(JSON.parse(revoked.stdout).revoked, true);
    assert.equal((await clambot.run(["approvals", "show", "abc"])).code, 1);
    assert.match(await auditText(clambot), /"grant_revoked".*"by":"person"/);
  }));

async function auditText(clambot: Clambot): Promise<string> {
  const texts: string[] = [];
  for await (const { name } of Deno.readDir(`${clambot.home}/audit`)) {
    if (name.endsWith(".jsonl")) {
      texts.push(await Deno.readTextFile(`${clambot.home}/audit/${name}`));
    }
  }
  return texts.join("");
}
