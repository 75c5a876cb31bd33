import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

interface Trial {
  readonly wall: string;
  readonly tried: string;
  readonly outcome: string;
}

async function tryWalls(clambot: Clambot): Promise<Trial[]> {
  const { object, code } = await clambot.json(["status", "--permissions", "--try"]);
  assert.equal(code, 0);
  return object.trials as Trial[];
}

Deno.test("a clam's wall lets nothing through, whatever is tried (A95, A96, A265)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const trials = (await tryWalls(clambot)).filter(({ wall }) => wall === "clam");
  assert.ok(trials.length >= 15);
  assert.deepEqual(trials.filter(({ outcome }) => outcome === "possible"), []);
});

Deno.test("the core can neither leave the home, nor change the configuration, nor start programs (A245, A264, A265)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/config.json", "{}");
  const possible = (await tryWalls(clambot))
    .filter(({ wall, outcome }) => wall === "core" && outcome === "possible");
  assert.deepEqual(possible.map(({ tried }) => tried), [
    "connect to an address",
    "listen on a port",
  ]);
  assert.equal(await Deno.readTextFile(`${clambot.home}/config.json`), "{}");
});

Deno.test("the launcher has given up network, environment and programs, though it was started with them (A243)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const trials = (await tryWalls(clambot)).filter(({ wall }) => wall === "launcher");
  assert.deepEqual(trials.map(({ tried, outcome }) => [tried, outcome]), [
    ["start a program", "denied"],
    ["connect to an address", "denied"],
    ["read the environment", "denied"],
  ]);
});

Deno.test("without tools that go out, the core cannot connect to anything either", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const config = { agents: { defaults: { availableTools: ["fs", "time"] } } };
  await clambot.write(".clambot/config.json", JSON.stringify(config));
  const possible = (await tryWalls(clambot)).filter(({ outcome }) => outcome === "possible");
  assert.deepEqual(possible, []);
});

Deno.test("status --permissions prints the grants that the core really has (A265)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { object } = await clambot.json(["status", "--permissions"]);
  const walls = object.walls as { wall: string; grants: Record<string, unknown> }[];
  assert.deepEqual(walls.map(({ wall }) => wall), ["launcher", "core", "clam", "html"]);
  const [, core, clam] = walls;
  assert.ok((core?.grants.write as string[]).every((path) => path.startsWith(`${clambot.home}/`)));
  assert.ok(!(core?.grants.write as string[]).includes(clambot.home));
  for (const name of ["run", "ffi", "sys", "import"]) assert.equal(core?.grants[name], false);
  assert.deepEqual(clam?.grants.read, []);
});
