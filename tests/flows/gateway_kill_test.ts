import assert from "node:assert/strict";
import { homeLayout } from "../../src/config/home.ts";
import { findGateway } from "../../src/gateway/control_client.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { openSessions } from "../../src/sessions/sessions.ts";
import { Clambot } from "./clambot.ts";
import { GatewayProcess } from "./gateway_process.ts";

// A236, A286: many people speak to a gateway that is killed again and again. Whatever was accepted is
// answered once, and what its programs do to the world happens once.

/** CLAMBOT_SOAK raises the messages, CLAMBOT_KILLS the kills (the full soak is 10000 and 100). */
const MESSAGES = Number(Deno.env.get("CLAMBOT_SOAK") ?? 30);
const KILLS = Number(Deno.env.get("CLAMBOT_KILLS") ?? 2);
const PEOPLE = Math.min(50, MESSAGES);

const CLOCK = createClock();

Deno.test({
  name: `A236: ${MESSAGES} messages of ${PEOPLE} people and ${KILLS} kills: each answered once`,
  ignore: Deno.build.os === "windows",
  async fn() {
    await using clambot = await Clambot.inEmptyHome();
    const seen: string[] = [];
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        seen.push(await request.text());
        return Response.json({ ok: true });
      },
    );
    try {
      await layOut(clambot, `http://127.0.0.1:${server.addr.port}`);
      const answers = await speak(clambot);
      assert.equal(answers.size, MESSAGES);
      const doubtful = [...answers.values()].filter((text) =>
        text.includes("nobody knows whether it was done")
      ).length;
      assert.equal(new Set(seen).size, seen.length, "something was done twice");
      const sent = [...answers.values()].filter((text) => text.startsWith("Sent ")).length;
      assert.equal(
        sent + doubtful,
        MESSAGES,
        JSON.stringify([...answers.values()].filter((text) => !text.startsWith("Sent "))),
      );
      assert.ok(seen.length >= sent);
      await checkConversations(clambot);
    } finally {
      await server.shutdown();
    }
  },
});

/** A kept clam that tells a server of each message. */
async function layOut(clambot: Clambot, url: string): Promise<void> {
  const allowHosts = [{ url, addresses: "127.0.0.1", tools: ["http_request"] }];
  const alwaysGrants = [`http_request:exact:POST:${url}/`];
  const config = {
    network: { allowHosts },
    agents: { approvals: { alwaysGrants } },
    gateway: { mostWaiting: 10_000 },
  };
  await clambot.write(".clambot/config.json", JSON.stringify(config));
  const clam = ".clambot/workspace/clams/sends";
  await clambot.write(
    `${clam}/CLAM.md`,
    "---\nname: sends\ndeclared_tools: [http_request]\ninput_schema:\n  type: object\n" +
      "  properties:\n    n: {type: integer}\ninputs: {n: 0}\n" +
      'templates: ["send number {n:number}"]\nreusable: true\norigin: person\n---\n',
  );
  await clambot.write(
    `${clam}/run.js`,
    `async function run({ n }) {
      await http_request({method: "POST", url: "${url}/", body: "number " + n});
      return "Sent number " + n + ".";
    }`,
  );
}

/** Says everything, again where a kill came between, and gives what was answered to each. */
async function speak(clambot: Clambot): Promise<ReadonlyMap<number, string>> {
  const answers = new Map<number, string>();
  let next = 0;
  let isOver = false;
  const keepAlive = async () => {
    for (let kill = 0; !isOver; kill++) {
      const gateway = await GatewayProcess.start(clambot);
      const goal = kill < KILLS ? MESSAGES * (kill + Math.random()) / KILLS : Infinity;
      while (!isOver && answers.size < goal) await pause(2);
      await gateway.stop(isOver ? "SIGTERM" : "SIGKILL");
    }
  };
  const person = async () => {
    while (next < MESSAGES) {
      const n = next++;
      while (!answers.has(n)) {
        const text = await say(clambot, n).catch(() => undefined);
        if (text !== undefined) answers.set(n, text);
        else await pause(50);
      }
    }
  };
  const alive = keepAlive();
  await Promise.race([Promise.all(Array.from({ length: PEOPLE }, person)), alive]);
  isOver = true;
  await alive;
  return answers;
}

/** Each saying has a connection of its own, as each `clambot say` has. */
async function say(clambot: Clambot, n: number): Promise<string | undefined> {
  const path = `${homeLayout(clambot.home).state}/gateway.sock`;
  const patience = AbortSignal.timeout(60_000);
  const found = await findGateway(path, { clock: CLOCK, random: createRandom() }, patience);
  if (found.kind !== "there") return undefined;
  try {
    let told: string | undefined;
    const as = `p${n % PEOPLE}`;
    const said = { id: `m${n}`, as, conversation: as, text: `send number ${n}` };
    await found.gateway.ask("say", said, patience, (event) => told = String(event.text));
    return told;
  } finally {
    found.gateway.close();
  }
}

/** In each conversation stands every message once, with one answer. */
async function checkConversations(clambot: Clambot): Promise<void> {
  const sessions = openSessions(openFiles(homeLayout(clambot.home).sessions), CLOCK);
  let messages = 0;
  for (const { conversation } of await sessions.list()) {
    const entries = await sessions.read(conversation);
    const said = entries.filter(({ role }) => role === "user");
    const answered = entries.filter(({ role }) => role === "assistant");
    assert.equal(new Set(said.map(({ content }) => content)).size, said.length, conversation);
    const turns = answered.map(({ metadata }) => metadata.turn);
    assert.equal(new Set(turns).size, turns.length, `${conversation}: answered twice`);
    assert.equal(answered.length, said.length, conversation);
    messages += said.length;
  }
  assert.equal(messages, MESSAGES);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
