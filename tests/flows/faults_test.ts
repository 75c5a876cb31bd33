import assert from "node:assert/strict";
import type { Fault } from "../fakes/memory_disk.ts";
import { ask, FaultyWorld, type Flow, type Observed } from "./faulty_house.ts";
import { ACCEPT, clam, GENERATE } from "./pipeline.ts";

// S3: whatever write fails, and wherever the process is killed, the account names each effect that
// happened, the answer reaches the person, and nothing is done or charged twice. A flow runs once
// for every third of its writes, each flow from another one on, the ways to fail taking turns;
// CLAMBOT_FAULTS=full tries all ways at every write (about 440 runs, two minutes of computing time).

const POST = (server: string) => `await http_request({method: "POST", url: "${server}/effect"});`;
const posting = (server: string, rest: string) =>
  clam(`async function run() { ${POST(server)} ${rest} }`, { declared_tools: ["http_request"] });
const SAID = `return "It was sent to the office.";`;

const FLOWS: readonly Flow[] = [
  {
    name: "a new program with an effect, judged and kept",
    text: "Send the report to the office",
    grants: [],
    script(model, server) {
      model.on("selection", GENERATE);
      model.on("clam", posting(server, SAID));
      model.on("verdict", ACCEPT);
    },
  },
  {
    name: "a program that fails behind its effect, and is mended",
    text: "Send the report to the office",
    grants: [],
    script(model, server) {
      model.on("selection", GENERATE);
      model.on("clam", posting(server, "null.x;"), posting(server, SAID));
      model.on("verdict", ACCEPT);
    },
  },
  {
    name: "words that teach something beside the request",
    text: "My name is Anna and I live in Graz, please send the report to the office",
    grants: [],
    script(model, server) {
      model.on("selection", GENERATE);
      model.on("clam", posting(server, SAID));
      model.on("verdict", ACCEPT);
      model.on("facts", { add: ["Is called Anna"], forget: [] });
    },
  },
  {
    name: "an effect that the person allows for good, and a line in the memory",
    text: "Send the report to the office and remember it",
    allows: true,
    grants: [{ tool: "memory_update", scope: "*" }],
    script(model, server) {
      const script = `async function run() {
        await http_request({method: "POST", url: "${server}/effect/always"});
        await memory_update({operation: "remember", text: "The report was sent"});
        ${SAID}
      }`;
      model.on("selection", GENERATE);
      model.on("clam", clam(script, { declared_tools: ["http_request", "memory_update"] }));
      model.on("verdict", ACCEPT);
    },
  },
];

const KINDS: readonly Fault["kind"][] = ["error", "full", "killed", "killed_after"];

/** What a disk may be told to be wrong with. */
const CODES = ["disk_full", "file_failed", "audit_failed", "budget_exceeded"];

/** From one write that fails to the next; no multiple of the ways, so that they take turns. */
const STEP = 3;

const TRIES_ALL = Deno.env.get("CLAMBOT_FAULTS") === "full";

for (const [number, flow] of FLOWS.entries()) {
  Deno.test(`every write fails once: ${flow.name} (S3)`, async () => {
    await using world = new FaultyWorld();
    const sound = await world.run(flow);
    assert.equal(sound.answer?.reply, "It was sent to the office.", JSON.stringify(sound.answer));
    assert.equal(sound.effects, 1);
    const total = sound.disk.writes.length;
    // behind the line of the last call come only how the program and the run ended
    const ofRun = sound.disk.writes.flatMap((write, index) =>
      write.includes("/runs/") ? [index + 1] : []
    );
    const ofAudit = sound.disk.writes.findLastIndex((write) => write.includes("/audit/")) + 1;
    const last = Math.max(ofAudit, ofRun.at(-3) ?? 0);
    for (let at = TRIES_ALL ? 1 : 1 + number % STEP; at <= total; at += TRIES_ALL ? 1 : STEP) {
      const turn = KINDS[(at + number) % KINDS.length] ?? "error";
      for (const kind of TRIES_ALL ? KINDS : [turn]) {
        const seen = await world.run(flow, { kind, at });
        const where = `${kind} at write ${at} of ${total}: ${seen.disk.writes[at - 1]}`;
        assert.ok(seen.effects <= 1, `${where} did it ${seen.effects} times`);
        assertCharged(seen, where);
        if (seen.answer) assertTold(seen, sound, at > last, where);
        else await assertGoesOn(seen, flow, world, where);
      }
    }
  });
}

/** No request was sent that was not in the ledger before, and none stands there twice. */
function assertCharged({ disk, asked }: Observed, where: string): void {
  const lines = [...disk.texts()].filter(([path]) => path.includes("/usage/"))
    .flatMap(([, text]) => text.split("\n")).filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as { readonly kind: string; readonly call?: string });
  const idsOf = (kind: string) =>
    lines.filter((line) => line.kind === kind).map(({ call }) => call);
  const [reserved, ended] = [idsOf("reserved"), idsOf("call")];
  assert.ok(reserved.length >= asked, `${where}: ${asked} requests, ${reserved.length} on record`);
  assert.equal(new Set(ended).size, ended.length, `${where}: a request is charged twice`);
  assert.ok(ended.every((call) => reserved.includes(call)), `${where}: charged without a place`);
}

/** The person is told what was done, and gets the answer once there is one. */
function assertTold(seen: Observed, sound: Observed, isAfter: boolean, where: string): void {
  const { answer, effects } = seen;
  const told = JSON.stringify(answer);
  if (effects > 0) {
    const call = answer?.calls.find(({ tool }) => tool === "http_request");
    assert.ok(call && call.decision !== "refused", `${where}: nothing is told of it: ${told}`);
  }
  if (answer?.failure) assert.ok(CODES.includes(answer.failure.code), `${where}: ${told}`);
  if (isAfter) assert.ok(answer?.reply.startsWith(sound.answer?.reply ?? "-"), `${where}: ${told}`);
}

/** What was done before a kill is on record, and the house goes on behind it. */
async function assertGoesOn(
  seen: Observed & { readonly root: string },
  flow: Flow,
  world: FaultyWorld,
  where: string,
): Promise<void> {
  const disk = seen.disk.restarted();
  if (seen.effects > 0) {
    const log = [...disk.texts()].filter(([path]) => path.includes("/audit/"))
      .map(([, text]) => text).join("");
    assert.match(log, /"tool_call_begins"[^\n]*"http_request"/, `${where}: no line of it`);
  }
  const app = await world.open(seen.root, disk, flow);
  for (const late of await world.goOn(app, flow)) {
    const told = JSON.stringify(late);
    if (late.status === "completed") assert.equal(world.effects, 1, `${where}: ${told}`);
    else assert.equal(late.failure?.code, "call_in_doubt", `${where}: ${told}`);
  }
  assert.ok(world.effects <= 1, `${where}: done again when its run went on`);
  const open = (await app.stores.runs.list()).filter(({ record }) => !record?.ended);
  for (const { state } of open) assert.equal(state, "waiting", where);
  const answer = await ask(app, "what is 2+2");
  await app.finish();
  app.close();
  assert.match(answer.reply, /4/, `${where}: the next answer is ${JSON.stringify(answer)}`);
}
