import assert from "node:assert/strict";
import type { App } from "../../src/app/app.ts";
import type { Surroundings } from "../../src/app/surroundings.ts";
import type { Approver } from "../../src/approvals/approver.ts";
import type { Answer } from "../../src/domain/turn.ts";
import type { TurnEvent } from "../../src/domain/turn_event.ts";
import { chatting, clam, GENERATE, worded } from "./pipeline.ts";
import { FaultyWorld, type Flow } from "./faulty_house.ts";

// Many conversations in one process: each turn has its own questions, events, grants and end.

const SENDING: Flow = {
  name: "a program that asks",
  text: "",
  grants: [],
  script(model, server) {
    model.on("selection", GENERATE);
    model.on(
      "clam",
      clam(
        `async function run() {
          await http_request({method: "POST", url: "${server}/effect/asked"});
          return "It was sent.";
        }`,
        { declared_tools: ["http_request"], result_schema: worded("sent") },
      ),
    );
  },
};

/** Somebody who answers when they are told to. */
function thinking() {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const approver: Approver = {
    async ask() {
      asked.resolve();
      await answer.promise;
      return { kind: "once" };
    },
  };
  return { approver, asked: asked.promise, says: () => answer.resolve() };
}

const NEVER = new AbortController().signal;

function say(
  app: App,
  conversation: string,
  surroundings: Surroundings,
  signal = NEVER,
  text = `send it from ${conversation}`,
): Promise<Answer> {
  return app.openTurn({ origin: "cli", conversation, text, at: 0 }, surroundings, signal);
}

async function withHouse(flow: Flow, test: (app: App) => Promise<void>): Promise<void> {
  await using world = new FaultyWorld();
  const app = await world.house(flow);
  await test(app);
  await app.finish();
  app.close();
}

Deno.test("while one conversation's person thinks, another's question is asked and answered", () =>
  withHouse(SENDING, async (app) => {
    const [slow, quick] = [thinking(), thinking()];
    const first = say(app, "cli:slow", slow);
    await slow.asked;
    quick.says();
    const second = await say(app, "cli:quick", quick);
    assert.equal(second.reply, "It was sent.");
    slow.says();
    assert.equal((await first).reply, "It was sent.");
  }));

Deno.test("a turn that is stopped while another conversation's person thinks ends at once", () =>
  withHouse(SENDING, async (app) => {
    const [slow, stopped] = [thinking(), thinking()];
    const first = say(app, "cli:slow", slow);
    await slow.asked;
    const stop = new AbortController();
    const second = say(app, "cli:stopped", stopped, stop.signal);
    await stopped.asked;
    stop.abort();
    const answer = await second; // the first question is still open
    assert.equal(answer.failure?.code, "cancelled");
    stopped.says();
    slow.says();
    assert.equal((await first).reply, "It was sent.");
  }));

Deno.test("who is stopped while another turn of the same conversation runs is told what it waited for", () =>
  withHouse(SENDING, async (app) => {
    const person = thinking();
    const first = say(app, "cli:one", person);
    await person.asked;
    const stop = new AbortController();
    const phases: string[] = [];
    const listen = (event: TurnEvent) => {
      if (event.kind === "phase") phases.push(event.phase);
    };
    const second = say(app, "cli:one", { approver: person.approver, listen }, stop.signal);
    stop.abort();
    const answer = await second;
    assert.deepEqual(phases, ["waiting for the conversation"]);
    assert.match(
      answer.failure?.message ?? "",
      /waited for another answer of the same conversation/,
    );
    person.says();
    assert.equal((await first).reply, "It was sent.");
    const told = (await app.stores.sessions.read("cli:one")).map(({ role }) => role);
    assert.deepEqual(told, ["user", "assistant"], "the stopped one never began");
  }));

Deno.test("a grant for one turn is no grant for another turn of the same conversation (A118)", () =>
  withHouse(SENDING, async (app) => {
    let asked = 0;
    const approver: Approver = {
      ask({ offers: [narrowest] }) {
        asked++;
        return Promise.resolve({ kind: "turn", scope: narrowest?.scope ?? "" });
      },
    };
    for (let turn = 1; turn <= 2; turn++) {
      await say(app, "cli:one", { approver }, NEVER, "send it");
      assert.equal(asked, turn);
    }
  }));

Deno.test("the events of a turn tell its way in order, and nothing that a tool returned", () =>
  withHouse(SENDING, async (app) => {
    const events: TurnEvent[] = [];
    const listen = (event: TurnEvent) => void events.push(event);
    const approver: Approver = { ask: () => Promise.resolve({ kind: "once" }) };
    await say(app, "cli:one", { approver, listen });
    assert.deepEqual(events.map((event) => event.kind === "phase" ? event.phase : event.kind), [
      "waiting for the conversation",
      "turn_started",
      "choosing",
      "writing a program",
      "running",
      "call_started",
      "question_asked",
      "question_answered",
      "call_ended",
      "turn_ended",
    ]);
    assert.doesNotMatch(JSON.stringify(events), /ok.*true|127\.0\.0\.1/);
  }));

Deno.test("a turn that fails before its work tells its end too", async () => {
  await using world = new FaultyWorld();
  const kinds: string[] = [];
  const listen = (event: TurnEvent) => void kinds.push(event.kind);
  const { answer } = await world.run(SENDING, { kind: "full", at: 1 }, listen);
  assert.equal(answer?.failure?.code, "disk_full");
  assert.deepEqual(kinds, ["phase", "turn_started", "turn_ended"]);
});

Deno.test("a chat answer arrives in pieces where they are wanted, and whole where not", () => {
  const flow: Flow = {
    ...SENDING,
    script: (model) => {
      model.on("selection", chatting(null));
      model.on("chat", "Hello there.");
    },
  };
  return withHouse(flow, async (app) => {
    for (const streams of [true, false]) {
      let text = "";
      const listen = (event: TurnEvent) => {
        if (event.kind === "text") text += event.piece;
      };
      const { approver } = thinking();
      const { reply } = await say(app, "cli:chat", { approver, listen, streams });
      assert.equal(reply, "Hello there.");
      assert.equal(text, streams ? "Hello there." : "");
    }
  });
});

Deno.test("the mark that stops everything is looked at right before an effect", () =>
  withHouse(SENDING, async (app) => {
    const { state } = app.stores;
    // between two looks of the turn, after the person allowed it
    const approver: Approver = {
      async ask() {
        await state.replace("stop", "");
        return { kind: "once" };
      },
    };
    const answer = await say(app, "cli:one", { approver });
    assert.equal(answer.failure?.code, "stopped");
    assert.deepEqual(answer.calls.map(({ decision, outcome }) => [decision, outcome]), [
      ["once", "stopped"],
    ]);
  }));

Deno.test("a question that is open when everything is stopped is taken back (A275)", () =>
  withHouse(SENDING, async (app) => {
    const asked = Promise.withResolvers<void>();
    const approver: Approver = {
      ask(_request, signal) {
        asked.resolve();
        return new Promise((_, reject) =>
          signal.addEventListener("abort", () => reject(signal.reason))
        );
      },
    };
    const sent = say(app, "cli:one", { approver });
    await asked.promise;
    await app.stores.state.replace("stop", "");
    const answer = await sent; // nobody answers
    assert.equal(answer.failure?.code, "stopped");
    assert.match(answer.failure?.hint ?? "", /clambot resume/);
  }));

Deno.test("while everything is stopped nobody is asked about what would not be done (A275)", () =>
  withHouse(SENDING, async (app) => {
    await app.stores.state.replace("stop", "");
    const approver: Approver = { ask: () => assert.fail("somebody was asked") };
    const answer = await say(app, "cli:one", { approver });
    assert.equal(answer.failure?.code, "stopped");
    assert.deepEqual(answer.calls.map(({ decision }) => decision), ["refused"]);
  }));
