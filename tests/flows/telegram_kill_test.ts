import assert from "node:assert/strict";
import { homeLayout } from "../../src/config/home.ts";
import { createClock } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { openSessions } from "../../src/sessions/sessions.ts";
import { FakeBotApi, type FakeMessage, type Fault } from "../fakes/bot_api/bot_api.ts";
import { Clambot } from "./clambot.ts";
import { GatewayProcess } from "./gateway_process.ts";

// A236 by Telegram: people write while the gateway is killed and calls go wrong. What counts is what
// stands in their chats at the end.

/** CLAMBOT_SOAK raises the messages, CLAMBOT_KILLS the kills. */
const MESSAGES = Number(Deno.env.get("CLAMBOT_SOAK") ?? 30);
const KILLS = Number(Deno.env.get("CLAMBOT_KILLS") ?? 3);
const PEOPLE = [11, 12, 13, 14, 15].slice(0, MESSAGES);

/** What goes wrong once for each five messages. */
const FAULTS: readonly (readonly [method: string, fault: Fault])[] = [
  ["sendMessage", { kind: "applied_unanswered" }],
  ["getUpdates", { kind: "page", status: 502 }],
  ["sendMessage", { kind: "refused", code: 429, retryAfter: 1 }],
  ["sendMessage", { kind: "cut" }],
  ["getUpdates", { kind: "applied_unanswered" }],
  ["sendMessage", { kind: "page", status: 502 }],
];

Deno.test({
  name:
    `A236: ${MESSAGES} messages by Telegram, ${KILLS} kills, and faults: each is answered once in its chat`,
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = FakeBotApi.start();
    await using clambot = await Clambot.inEmptyHome();
    const seen: string[] = [];
    const world = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        seen.push(await request.text());
        return Response.json({ ok: true });
      },
    );
    try {
      await layOut(clambot, server, `http://127.0.0.1:${world.addr.port}`);
      const doubted = await speak(clambot, server);
      assert.equal(new Set(seen).size, seen.length, "something was done twice");
      for (const [at, person] of PEOPLE.entries()) {
        const wanted = numbersOf(at).map((n) => doubted.has(n) ? "rejected" : n);
        assert.deepEqual(answersIn(server, person).map(numberIn), wanted, `chat ${person}`);
      }
      assert.deepEqual(PEOPLE.flatMap((person) => server.in(person)).filter(isSign), []);
      await checkConversations(clambot, doubted.size);
    } finally {
      await world.shutdown();
      server.expectRefusals(server.refusals.length);
    }
    // a send whose end nobody heard of is looked for by edits, which may find no message
    const looks = /^editMessageText: .*(?:message to edit not found|message is not modified)/;
    assert.deepEqual(server.refusals.filter((refusal) => !looks.test(refusal)), []);
  },
});

/** A kept clam that tells a server of each message, for people whom the configuration lets in. */
async function layOut(clambot: Clambot, { token, url: apiRoot }: FakeBotApi, url: string) {
  const config = {
    network: { allowHosts: [{ url, addresses: "127.0.0.1", tools: ["http_request"] }] },
    agents: { approvals: { alwaysGrants: [`http_request:exact:POST:${url}/`] } },
    channels: { telegram: { enabled: true, token, apiRoot, allowFrom: PEOPLE } },
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

/**
 * Everybody writes what they have, each after the answer to what they wrote before. @returns what a
 * kill came into the middle of, so that its person was asked, and rejected it
 */
async function speak(clambot: Clambot, server: FakeBotApi): Promise<ReadonlySet<number>> {
  const doubted = new Set<number>();
  let said = 0;
  let isOver = false;
  const answered = () => PEOPLE.reduce((sum, one) => sum + answersIn(server, one).length, 0);
  const person = async (id: number, at: number) => {
    for (const [index, n] of numbersOf(at).entries()) {
      const [method, fault] = FAULTS[(said / 5) % FAULTS.length] ?? [];
      if (method !== undefined && fault) server.fault(method, fault);
      said++;
      server.say(id, `send number ${n}`);
      const isAnswered = () => answersIn(server, id).length > index;
      await server.until(() => isAnswered() || questionIn(server, id));
      const question = questionIn(server, id);
      if (question) {
        assert.match(question.text, /nobody knows whether it was done/);
        server.press(id, question, "Reject");
        doubted.add(n);
      }
      await server.until(() => isAnswered() && !questionIn(server, id));
    }
  };
  const keepAlive = async () => {
    for (let kill = 0; kill < KILLS; kill++) {
      await using gateway = await GatewayProcess.start(clambot);
      const goal = Math.floor(MESSAGES * (kill + Math.random()) / KILLS);
      await server.until(() => isOver || answered() >= goal);
      await gateway.stop("SIGKILL");
    }
    await using last = await GatewayProcess.start(clambot);
    await server.until(() => isOver && server.isPolled && server.unconfirmed.length === 0);
    assert.equal(await last.stop(), 0);
  };
  const everybody = Promise.all(PEOPLE.map(person)).then(() => void (isOver = true));
  await Promise.all([everybody, keepAlive()]);
  return doubted;
}

function numbersOf(at: number): readonly number[] {
  return Array.from({ length: MESSAGES }, (_, n) => n).filter((n) => n % PEOPLE.length === at);
}

/** What a person reads as answers. */
function answersIn(server: FakeBotApi, person: number): readonly FakeMessage[] {
  return server.in(person).filter((message) => !isSign(message) && !isQuestion(message));
}

/** A question that waits for an answer. */
function questionIn(server: FakeBotApi, person: number): FakeMessage | undefined {
  return server.in(person).find((message) => isQuestion(message) && message.buttons.length > 0);
}

function isQuestion({ text }: FakeMessage): boolean {
  return text.startsWith("May I?");
}

/** The sign of a turn that is under way. */
function isSign({ text }: FakeMessage): boolean {
  return text.startsWith("⏳");
}

/** Which message an answer is to. */
function numberIn({ text }: FakeMessage): number | string {
  const [, number] = /^Sent number (\d+)\.$/.exec(text) ?? [];
  if (number !== undefined) return Number(number);
  return /reject/i.test(text) ? "rejected" : text;
}

/** In each conversation stands every message once, with one answer; a question is one more. */
async function checkConversations(clambot: Clambot, questions: number): Promise<void> {
  const sessions = openSessions(openFiles(homeLayout(clambot.home).sessions), createClock());
  let [messages, answers] = [0, 0];
  for (const { conversation } of await sessions.list()) {
    const entries = await sessions.read(conversation);
    const said = entries.filter(({ role }) => role === "user");
    assert.equal(new Set(said.map(({ content }) => content)).size, said.length, conversation);
    messages += said.length;
    answers += entries.filter(({ role }) => role === "assistant").length;
  }
  assert.deepEqual([messages, answers], [MESSAGES, MESSAGES + questions]);
}
