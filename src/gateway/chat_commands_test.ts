import assert from "node:assert/strict";
import fc from "fast-check";
import { CodedError } from "../domain/failure.ts";
import { answerCommand, type ChatCommandPorts } from "./answer_command.ts";
import { CHAT_COMMANDS, type ChatCommand, readChatCommand } from "./chat_commands.ts";
import { COMMAND_RIGHTS, type CommandRight, type Writer } from "./command_rights.ts";
import type { Standing } from "./person.ts";

const command = (text: string, bot = "clambot_bot") => {
  const read = readChatCommand(text, bot);
  return read.kind === "command" ? read.command : read.kind;
};

Deno.test("/stop is understood however it is written (P048)", () => {
  for (
    const text of [
      ...["/stop", " /STOP ", "/stop@clambot_bot", "/Stop@ClamBot_Bot now!", "\n/stop please"],
    ]
  ) {
    assert.deepEqual(command(text), { name: "stop" }, text);
  }
  assert.equal(command("/stop@another_bot"), "elsewhere");
  assert.deepEqual(readChatCommand("/stop@any_bot"), {
    kind: "command",
    command: { name: "stop" },
  });
});

Deno.test("commands are read with what they are told, or with what to write instead", () => {
  for (
    const [text, read] of [
      ["/start", { name: "start" }],
      ["/start K7QM2XNP", { name: "start", code: "K7QM2XNP" }],
      ["/undo", { name: "undo" }],
      ["/undo ab12", { name: "undo", change: "ab12" }],
      ["/approve q1 once", { name: "approve", question: "q1", reply: { kind: "once" } }],
      ["/approve q1 REJECT", { name: "approve", question: "q1", reply: { kind: "reject" } }],
      ["/approve q1 all", { name: "approve", question: "q1", reply: { kind: "all" } }],
      ["/approve q1 turn", { name: "approve", question: "q1", reply: { kind: "turn" } }],
      [
        "/approve q1  Always  host:a b.org ",
        { name: "approve", question: "q1", reply: { kind: "always", scope: "host:a b.org" } },
      ],
      ["/secret TOKEN", { name: "secret", secret: "TOKEN" }],
      ["/secret TOKEN  a b ", { name: "secret", secret: "TOKEN", value: "a b" }],
    ] as const
  ) assert.deepEqual(command(text), read, text);
  for (
    const text of [
      ...["/approve", "/approve q1", "/approve q1 yes", "/approve q1 once more", "/status now"],
      ...["/secret", "/secret 1x y", "/start a b", "/undo ../x", "/nothing", "/stopp", "/new x"],
      ...["/constructor", "/help me"],
    ]
  ) assert.equal(command(text), "malformed", text);
  for (
    const text of [
      "",
      "hello",
      "/",
      "//stop",
      "/__proto__",
      "/etc/hosts",
      "/ stop",
      "say /stop",
      "/stop!",
    ]
  ) {
    assert.equal(command(text), "text", text);
  }
});

Deno.test("whatever is written is one of four things, and commands only at the beginning", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const { kind } = readChatCommand(text, "bot");
    assert.ok(["command", "malformed", "elsewhere", "text"].includes(kind));
    if (!text.trim().startsWith("/")) assert.equal(kind, "text");
  }));
});

/** Every command, as somebody would give it. */
const GIVEN: Readonly<Record<ChatCommand["name"], ChatCommand>> = {
  start: { name: "start", code: "RIGHT" },
  help: { name: "help" },
  yes: { name: "yes" },
  new: { name: "new" },
  status: { name: "status" },
  cancel: { name: "cancel" },
  stop: { name: "stop" },
  resume: { name: "resume" },
  approve: { name: "approve", question: "q", reply: { kind: "once" } },
  secret: { name: "secret", secret: "TOKEN", value: "hush-hush" },
  clams: { name: "clams" },
  memory: { name: "memory" },
  undo: { name: "undo" },
  runs: { name: "runs" },
  cron: { name: "cron" },
};

const WRITERS: Readonly<Record<Writer, readonly [Standing, "private" | "group"]>> = {
  owner_private: ["owner", "private"],
  owner_group: ["owner", "group"],
  guest_private: ["guest", "private"],
  guest_group: ["guest", "group"],
  unknown: ["unknown", "private"],
};

/** The whole table once more, written by hand: owner here, owner in a group, guest, guest there. */
const EXPECTED: Readonly<Record<ChatCommand["name"], string>> = {
  start: "done done done done done",
  help: "done done done done not_heard",
  yes: "done done for_owners for_owners not_heard",
  new: "done done done done not_heard",
  status: "done in_private for_owners for_owners not_heard",
  cancel: "done done done for_owners not_heard",
  stop: "done done for_owners for_owners not_heard",
  resume: "done done for_owners for_owners not_heard",
  approve: "done in_private for_owners for_owners not_heard",
  secret: "done in_private for_owners for_owners not_heard",
  clams: "done in_private for_owners for_owners not_heard",
  memory: "done in_private for_owners for_owners not_heard",
  undo: "done in_private for_owners for_owners not_heard",
  runs: "done in_private for_owners for_owners not_heard",
  cron: "done in_private for_owners for_owners not_heard",
};

/** Ports that note what was done. */
function noting() {
  const done: string[] = [];
  const note = (name: string) => () => {
    done.push(name);
    return Promise.resolve("secret things");
  };
  const ports: ChatCommandPorts = {
    redeem: (_, code) => (done.push("start"), Promise.resolve(code === "RIGHT")),
    startAnew: note("new"),
    status: note("status"),
    cancel: () => done.push("cancel") > 0,
    stop: note("stop"),
    resume: note("resume"),
    approve: note("approve"),
    keepSecret: note("secret"),
    clams: note("clams"),
    memory: note("memory"),
    undo: note("undo"),
    runs: note("runs"),
    jobs: note("cron"),
  };
  return { done, ports };
}

async function give(given: ChatCommand, writer: Writer) {
  const { done, ports } = noting();
  const [standing, place] = WRITERS[writer];
  const person = { channel: "telegram", id: "1" };
  const from = { person, standing, place, conversation: "telegram:1" };
  return { done, told: await answerCommand(given, from, ports) };
}

Deno.test("every command for everybody: what is not theirs is not done, and tells nothing (A279)", async () => {
  assert.deepEqual(Object.keys(EXPECTED).toSorted(), Object.keys(CHAT_COMMANDS).toSorted());
  for (const [name, row] of Object.entries(EXPECTED)) {
    for (const [at, writer] of (Object.keys(WRITERS) as Writer[]).entries()) {
      const expected = row.split(" ")[at] as CommandRight;
      const told = `${name} by ${writer}`;
      assert.equal(COMMAND_RIGHTS[name as ChatCommand["name"]][writer], expected, told);
      const ended = await give(GIVEN[name as ChatCommand["name"]], writer);
      const isDone = expected === "done" && !["help", "yes"].includes(name);
      const redeems = name !== "start" || !writer.startsWith("owner");
      assert.deepEqual(ended.done, isDone && redeems ? [name] : [], told);
      if (expected !== "done") assert.doesNotMatch(ended.told ?? "", /secret things/, told);
      if (expected === "not_heard") assert.equal(ended.told, undefined, told);
      if (expected === "for_owners") assert.match(ended.told ?? "", /is for owners/, told);
      if (expected === "in_private") assert.match(ended.told ?? "", /private chat only/, told);
      assert.doesNotMatch(ended.told ?? "", /hush-hush/, told);
    }
  }
});

Deno.test("a secret in a group is not kept, and whoever wrote it is told to delete it", async () => {
  const { told, done } = await give(GIVEN.secret, "owner_group");
  assert.match(told ?? "", /delete the message/);
  assert.deepEqual(done, []);
});

Deno.test("/start of somebody unknown is heard with a code that counts only (P070)", async () => {
  assert.equal((await give({ name: "start" }, "unknown")).told, undefined);
  assert.equal((await give({ name: "start", code: "x" }, "unknown")).told, undefined);
  assert.match((await give(GIVEN.start, "unknown")).told ?? "", /You are an owner now/);
});

Deno.test("/help tells what whoever asks can do, and nothing else", async () => {
  const { told: owner = "" } = await give(GIVEN.help, "owner_private");
  const { told: guest = "" } = await give(GIVEN.help, "guest_group");
  for (const { usage } of Object.values(CHAT_COMMANDS)) assert.ok(owner.includes(usage), usage);
  assert.deepEqual(guest.match(/^\/\w+/gm), ["/start", "/help", "/new"]);
});

Deno.test("what cannot be done is an answer; what is broken is not hidden", async () => {
  const { ports } = noting();
  const from = {
    ...{ person: { channel: "telegram", id: "1" }, standing: "owner" as const },
    ...{ place: "private" as const, conversation: "telegram:1" },
  };
  const failing = (error: Error) => ({ ...ports, runs: () => Promise.reject(error) });
  const closed = new CodedError("run_not_found", "There is no run.", "See /runs.");
  const told = await answerCommand({ name: "runs" }, from, failing(closed));
  assert.equal(told, "There is no run.\nSee /runs.");
  await assert.rejects(answerCommand({ name: "runs" }, from, failing(new TypeError("oh"))), /oh/);
});
