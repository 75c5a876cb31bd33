import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

// A286: the program is killed at random while it does things that a server counts. Whatever becomes
// of it, nothing is done twice, and each run goes on, or says which call is in doubt.

/** Kills; CLAMBOT_KILLS raises it, as CI does. */
const KILLS = Number(Deno.env.get("CLAMBOT_KILLS") ?? 3);
/** Effects of one run. */
const EFFECTS = 12;

interface Told {
  readonly status: string;
  readonly value?: number;
  readonly error?: { readonly code: string };
  readonly waits?: { readonly question: string };
}

interface Listed {
  readonly run: string;
  readonly state: string;
}

Deno.test(`A286: ${KILLS} kills of runs with effects: nothing twice, none lost`, async () => {
  await using clambot = await Clambot.inEmptyHome();
  const seen: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    seen.push(await request.text());
    return Response.json({ ok: true });
  });
  try {
    const url = `http://127.0.0.1:${server.addr.port}`;
    const file = await layOut(clambot, url);
    const grants = ["--grant", `http_request:path:${url}/`];
    let doubts = 0;
    let broken = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const args = ["run", file, "--tools", "http_request", ...grants];
      await killWithin(clambot, [...args, "--input", JSON.stringify({ kill })], seen);
      for (const { run, state } of await openRuns(clambot)) {
        if (state !== "interrupted") continue;
        broken++;
        const told = await json(clambot, "runs", "resume", run, ...grants);
        if (told.status === "completed") continue;
        assert.equal(told.error?.code, "call_in_doubt", JSON.stringify(told));
        doubts++;
        await clambot.here.run(["runs", "cancel", run]);
      }
      assert.equal(new Set(seen).size, seen.length, `twice: ${duplicate(seen)}`);
    }
    assert.deepEqual(await openRuns(clambot), []);
    const runs: Listed[] = JSON.parse((await clambot.here.run(["runs", "list", "--json"])).stdout);
    const completed = runs.filter(({ state }) => state === "completed").length;
    assert.equal(runs.length, completed + doubts, JSON.stringify(runs.map(({ state }) => state)));
    assert.ok(broken > 0, "no kill fell into a run");
    assert.ok(seen.length >= completed * EFFECTS, "a run that is complete did less than it says");
  } finally {
    await server.shutdown();
  }
});

async function layOut(clambot: Clambot, url: string): Promise<string> {
  const allowHosts = [{ url, addresses: "127.0.0.1", tools: ["http_request"] }];
  await clambot.write(".clambot/config.json", JSON.stringify({ network: { allowHosts } }));
  return await clambot.write(
    "effects.js",
    `async function run({ kill }) {
      for (let n = 0; n < ${EFFECTS}; n++) {
        await http_request({method: "POST", url: "${url}/", body: kill + "." + n});
      }
      return ${EFFECTS};
    }`,
  );
}

/** Starts the program and kills it a moment after one of its effects, before or behind its end. */
async function killWithin(
  clambot: Clambot,
  args: readonly string[],
  seen: readonly string[],
): Promise<void> {
  const before = seen.length;
  const child = clambot.start(args);
  const ended = child.output();
  let isOver = false;
  ended.finally(() => isOver = true);
  const wanted = before + Math.floor(Math.random() * EFFECTS);
  while (!isOver && seen.length < wanted) await pause(1);
  await pause(Math.random() * 30);
  if (!isOver) child.kill("SIGKILL");
  await child.stdin.close().catch(() => {});
  await ended;
}

async function openRuns(clambot: Clambot): Promise<readonly Listed[]> {
  return JSON.parse((await clambot.here.run(["runs", "list", "--open", "--json"])).stdout);
}

async function json(clambot: Clambot, ...args: string[]): Promise<Told> {
  const { stdout, stderr } = await clambot.here.run([...args, "--json"]);
  assert.ok(stdout.startsWith("{"), `${args.join(" ")}: ${stdout}${stderr}`);
  return JSON.parse(stdout);
}

function duplicate(seen: readonly string[]): string | undefined {
  return seen.find((one, index) => seen.indexOf(one) !== index);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
