import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

const FRONT = `---
name: Greeter
description: Greets somebody
declared_tools: [fs]
capabilities:
  - method: fs
    constraints: [{param: operation, is_in: [read]}]
secrets: [GREETING_KEY]
requests: [greet the whole crew]
reusable: true
version: 7
origin: generated
conversation: "cli:somewhere"
---
`;
const SCRIPT = `async function run() { return "Ahoy, crew" }\n`;

/** A clam of somebody else beside the home. */
async function withTheirs(): Promise<Clambot> {
  const clambot = await Clambot.inEmptyHome();
  await clambot.write("theirs/CLAM.md", FRONT);
  await clambot.write("theirs/run.js", SCRIPT);
  return clambot;
}

async function importFrom(clambot: Clambot, source: string) {
  const { code, stdout, stderr } = await clambot.here.run(["clams", "import", source]);
  const [, id = ""] = /in quarantine as (\w+):/.exec(stdout) ?? [];
  return { code, stdout, stderr, id };
}

Deno.test("A282: a clam of others is shown whole, and nothing runs it before it is adopted", async () => {
  await using clambot = await withTheirs();
  const { here, directory } = clambot;
  const { code, stdout, id } = await importFrom(clambot, `${directory}/theirs`);
  assert.equal(code, 0);
  for (const shown of ["Greeter", "fs", '"is_in":["read"]', "GREETING_KEY", "Ahoy, crew"]) {
    assert.ok(stdout.includes(shown), `${shown} is not in ${stdout}`);
  }
  assert.match(stdout, /SHA-256 +[0-9a-f]{64}/);

  const ran = await here.json(["clams", "run", id]);
  assert.deepEqual([ran.code, (ran.object.error as { code: string }).code], [
    1,
    "clam_quarantined",
  ]);
  const using = await clambot.write("use.js", `return (await clam({id: "${id}"})).value`);
  const used = await here.json(["run", using, "--tools", "clam"]);
  assert.equal((used.object.error as { code: string }).code, "clam_quarantined");
  assert.match((await here.run(["clams", "list"])).stdout, /\(in quarantine\) Greets somebody/);
  const asked = await here.run(["agent", "-m", "greet the whole crew"]);
  assert.doesNotMatch(asked.stdout, /Ahoy/);
  const lease = await here.run(["approvals", "lease", id]);
  assert.notEqual(lease.code, 0);

  assert.equal((await here.run(["clams", "adopt", id])).code, 0);
  assert.equal((await here.run(["clams", "run", id])).stdout, "Ahoy, crew\n");
  assert.match((await here.run(["agent", "-m", "greet the whole crew"])).stdout, /Ahoy, crew/);
});

Deno.test("A282: what was changed after it was imported is not adopted", async () => {
  await using clambot = await withTheirs();
  const { id } = await importFrom(clambot, `${clambot.directory}/theirs`);
  const script = `.clambot/workspace/clams/${id}/v1/run.js`;
  await clambot.write(script, SCRIPT.replace("Ahoy", "Avast"));
  const adopted = await clambot.here.run(["clams", "adopt", id]);
  assert.equal(adopted.code, 1);
  assert.match(adopted.stderr, /not the one that was kept/);
});

Deno.test("a clam comes from one file too, and from an address with run.js beside it", async () => {
  await using clambot = await withTheirs();
  const whole = `${FRONT}\nIt greets.\n\n\`\`\`js\n${SCRIPT}\`\`\`\n`;
  const file = await clambot.write("greeter.md", whole);
  assert.match((await importFrom(clambot, file)).stdout, /Ahoy, crew/);

  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using server = Deno.serve(options, ({ url }) => {
    if (url.endsWith("/CLAM.md")) return new Response(FRONT);
    if (url.endsWith("/run.js")) return new Response(SCRIPT);
    return new Response("no", { status: 404 });
  });
  const origin = `http://127.0.0.1:${server.addr.port}`;
  assert.match((await importFrom(clambot, `${origin}/x/CLAM.md`)).stderr, /of this machine/);
  const allowHosts = [{ url: origin, addresses: "127.0.0.1", tools: ["clams"] }];
  await clambot.write(".clambot/config.json", JSON.stringify({ network: { allowHosts } }));
  assert.match((await importFrom(clambot, `${origin}/x/CLAM.md`)).stdout, /Ahoy, crew/);
  assert.match((await importFrom(clambot, `${origin}/none`)).stderr, /it answers 404/);
});

Deno.test("what is no clam is refused in one sentence, and nothing is kept", async () => {
  await using clambot = await withTheirs();
  const at = (name: string) => `${clambot.directory}/${name}`;
  await clambot.write("hash/CLAM.md", FRONT.replace("version: 7", `sha256: ${"a".repeat(64)}`));
  await clambot.write("hash/run.js", SCRIPT);
  await clambot.write("alone/CLAM.md", FRONT);
  await clambot.write("text.md", "Hello.");
  await clambot.write("clam.zip", "PK\x03\x04 and more");
  await Deno.mkdir(at("linked"));
  await clambot.write("linked/CLAM.md", FRONT);
  await Deno.symlink(at("theirs/run.js"), at("linked/run.js"));
  const cases: readonly (readonly [string, RegExp])[] = [
    ["nowhere", /There is no ".*nowhere"/],
    ["hash", /not the one whose SHA-256/],
    ["alone", /there is no script/],
    ["text.md", /does not begin with front matter/],
    ["clam.zip", /this is an archive/],
    ["linked", /no ordinary file/],
  ];
  for (const [name, why] of cases) {
    const { code, stderr } = await importFrom(clambot, at(name));
    assert.equal(code, 1, name);
    assert.match(stderr, why);
    assert.ok(stderr.trim().split("\n").length <= 2, stderr);
  }
  assert.doesNotMatch((await clambot.here.run(["clams", "list"])).stdout, /Greets/);
});
