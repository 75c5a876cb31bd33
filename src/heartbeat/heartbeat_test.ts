import assert from "node:assert/strict";
import { type IncomingUpdate, type OutgoingMessage, turnOf } from "../channels/channel.ts";
import { openFiles } from "../platform/files.ts";
import { createHeartbeat, type Heartbeat } from "./heartbeat.ts";
import { openHeartbeatFile } from "./heartbeat_file.ts";
import type { BeatMessage, EndedTick, Hindrance } from "./ports.ts";
import { parseQuietHours } from "../text/quiet_hours.ts";
import { loadBeatState, saveBeatState } from "./state.ts";
import { formatVerdict } from "./verdict.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Setting {
  readonly start?: string;
  readonly minutes?: number;
  readonly quiet?: string;
  readonly zone?: string;
  readonly callsPerTick?: number;
}

/** A heartbeat over a file, with a clock that is moved; its tasks are answered by the test. */
class World implements AsyncDisposable {
  readonly posted: IncomingUpdate[] = [];
  readonly told: BeatMessage[] = [];
  readonly ticks: EndedTick[] = [];
  readonly events: string[] = [];
  hindrance: Hindrance | undefined;
  now: number;
  /** Refuses to write or post, as a full disk does. */
  isFull = false;
  #beat: Heartbeat;

  private constructor(readonly path: string, readonly setting: Setting) {
    this.now = Date.parse(setting.start ?? "2027-06-01T12:00Z");
    this.#beat = this.#open();
  }

  static async with(text: string, setting: Setting = {}): Promise<World> {
    const world = new World(await Deno.makeTempDir(), setting);
    await world.write(text);
    await world.#beat.look(world.now); // the first tick is one interval away
    return world;
  }

  #open(): Heartbeat {
    const state = openFiles(`${this.path}/state`);
    const { minutes = 30, quiet, zone = "UTC", callsPerTick = 10 } = this.setting;
    return createHeartbeat({
      file: openHeartbeatFile(openFiles(`${this.path}/memory`)),
      clock: { now: () => this.now },
      notes: {
        tickEnded: (tick) => Promise.resolve(void this.ticks.push(tick)),
        taskStarted: ({ name }) => Promise.resolve(void this.events.push(`started ${name}`)),
        taskEnded: ({ name }, error) =>
          Promise.resolve(void this.events.push(`${error ? "error" : "completed"} ${name}`)),
      },
      settings: {
        intervalMs: minutes * MINUTE_MS,
        quiet: quiet === undefined ? undefined : parseQuietHours(quiet),
        zone,
        callsPerTick,
      },
      dueAfter: ({ kind, text }, after) => {
        if (kind === "every") return after + parseInt(text) * HOUR_MS;
        if (kind === "at") return Date.parse(text);
        const [minute, hour] = text.split(" ").map(Number);
        if (Number.isNaN(minute) || Number.isNaN(hour)) return "unreadable";
        const today = new Date(after).setUTCHours(hour ?? 0, minute ?? 0, 0, 0);
        return today > after ? today : today + 24 * HOUR_MS;
      },
      load: () => loadBeatState(state),
      save: async (saved) => {
        if (this.isFull) throw new Error("full");
        await saveBeatState(state, saved);
      },
      findHindrance: () => Promise.resolve(this.hindrance),
      post: (update) => {
        if (this.isFull) throw new Error("full");
        this.posted.push(update);
        return Promise.resolve();
      },
      tell: (message) => {
        if (!this.told.some(({ key }) => key === message.key)) this.told.push(message);
        return Promise.resolve();
      },
    });
  }

  /** The next process over the same files. */
  restart(): void {
    this.#beat = this.#open();
  }

  /** Passes so many minutes, looking every half one as the ticker does at least. */
  async pass(minutes: number, onPost: (update: IncomingUpdate) => Promise<void> | void = () => {}) {
    for (const end = this.now + minutes * MINUTE_MS; this.now < end;) {
      this.now += MINUTE_MS / 2;
      const before = this.posted.length;
      await this.#beat.look(this.now);
      for (let at = before; at < this.posted.length; at++) {
        await onPost(this.posted[at] as IncomingUpdate);
      }
    }
  }

  async end(update: IncomingUpdate, message: Partial<BeatMessage>): Promise<void> {
    const turn = await turnOf(update);
    const known = { key: `answer:${turn}`, conversation: update.conversation, turn };
    await this.#beat.take({ ...known, text: "", ...message } as unknown as OutgoingMessage);
  }

  /** Answers what is said to the assistant at once. */
  answering(report: string | null = null, calls = 1) {
    return (update: IncomingUpdate) =>
      this.end(update, { status: "completed", text: formatVerdict({ report, calls }) });
  }

  failing(text = "The server is away.") {
    return (update: IncomingUpdate) => this.end(update, { status: "failed", text });
  }

  write(text: string): Promise<void> {
    return openFiles(`${this.path}/memory`).replace("HEARTBEAT.md", text);
  }

  read(): Promise<string | undefined> {
    return openFiles(`${this.path}/memory`).readText("HEARTBEAT.md");
  }

  get texts(): readonly string[] {
    return this.posted.map(({ text }) => text);
  }

  get times(): readonly string[] {
    return this.posted.map(({ at }) => new Date(at).toISOString().slice(11, 16));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

Deno.test("A231: tasks are done at the interval, one after the other, the first after one interval", async () => {
  await using world = await World.with("- [ ] Look at the disk\n- Read the mail");
  await world.pass(95, world.answering());
  assert.deepEqual(world.times, ["12:30", "12:30", "13:00", "13:00", "13:30", "13:30"]);
  assert.deepEqual(world.texts.slice(0, 2), ["Look at the disk", "Read the mail"]);
  assert.deepEqual(world.ticks.map(({ state }) => state), ["done", "done", "done"]);
});

Deno.test("A20: without a task nothing is said, and nothing is noted", async () => {
  await using world = await World.with("# Standing tasks\n\n> As seeded.\n\n- [ ]\n- [x] done\n");
  await world.pass(200, () => assert.fail());
  assert.deepEqual([world.ticks, world.told, world.events], [[], [], []]);
});

Deno.test("A232: what is to be reported reaches the owner, once; silence says nothing", async () => {
  await using world = await World.with("- [ ] Look at the disk");
  await world.pass(31, world.answering());
  assert.deepEqual(world.told, []);
  await world.pass(30, async (update) => {
    await world.answering("Disk 95 % full")(update);
    await world.answering("Disk 95 % full")(update); // the same message came again
  });
  assert.deepEqual(world.told.map(({ text }) => text), [
    "Disk 95 % full\n\n(Standing task: Look at the disk)",
  ]);
});

Deno.test("P138: an answer that is no verdict says nothing, whatever words it has", async () => {
  await using world = await World.with("- [ ] Look at the disk");
  const answers = [
    "Quiet hours, I will check and stay silent.",
    '{"report":null,"calls":1}',
    "null",
  ];
  await world.pass(95, async (update) => {
    await world.end(update, { status: "completed", text: answers.shift() ?? "" });
  });
  assert.deepEqual([world.told, answers], [[], []]);
});

Deno.test("P139: nothing is begun in quiet hours, over midnight and the change of the clocks", async () => {
  const setting = { minutes: 15, quiet: "22:00-07:00", zone: "Europe/Berlin" };
  await using world = await World.with("- [ ] Look at the disk", {
    ...setting,
    start: "2027-10-30T19:35:00Z", // 21:35 there
  });
  await world.pass(11 * 60, world.answering());
  // 21:50 there, and 07:00 after the clocks were set back
  assert.deepEqual(world.times.slice(0, 3), ["19:50", "06:00", "06:05"]);
});

Deno.test("a tick that is under way when quiet hours begin begins no further task", async () => {
  await using world = await World.with("- a\n- b", { quiet: "12:31-13:45" });
  await world.pass(31);
  const [first] = world.posted;
  assert(first);
  await world.answering()(first);
  assert.deepEqual(world.texts, ["a"]);
  await world.pass(90, world.answering());
  assert.deepEqual(world.texts.slice(1, 3), ["b", "a"]);
});

Deno.test("P141: while the owner is answered nothing is begun; it is done later, or skipped", async () => {
  await using world = await World.with("- [ ] Look at the disk");
  world.hindrance = { kind: "busy" };
  await world.pass(35, () => assert.fail());
  world.hindrance = undefined;
  await world.pass(1, world.answering());
  assert.deepEqual([world.times, world.ticks.map(({ state }) => state)], [["12:35"], ["done"]]);
  world.hindrance = { kind: "busy" };
  await world.pass(60, () => assert.fail());
  assert.deepEqual(world.ticks.slice(1), [{
    due: Date.parse("2027-06-01T13:00Z"),
    state: "skipped",
    reason: "You were being answered all the time.",
  }]);
});

Deno.test("A232: what stands against a tick skips it, and its timed tasks wait for the next one", async () => {
  await using world = await World.with("- a\n- b (cron 40 12 * * *)");
  world.hindrance = { kind: "skip", reason: "The budget of the day is used up." };
  await world.pass(50, () => assert.fail());
  assert.deepEqual(world.ticks.map(({ due, state }) => [new Date(due).toISOString(), state]), [
    ["2027-06-01T12:30:00.000Z", "skipped"],
  ]);
  world.hindrance = undefined;
  await world.pass(11, world.answering());
  assert.deepEqual(world.texts.toSorted(), ["a", "b"]);
});

Deno.test("A274: a tick that has used its requests leaves the rest to the next, each in its turn", async () => {
  await using world = await World.with("- a\n- b\n- c", { callsPerTick: 2 });
  await world.pass(61, world.answering(null, 1));
  assert.deepEqual(world.texts, ["a", "b", "c", "a"]);
});

Deno.test("a task with a time of its own is done then, and not at every tick", async () => {
  await using world = await World.with("- a (every 2h)\n- b (cron 10 13 * * *)");
  await world.pass(26 * 60, world.answering());
  const at = (text: string) => world.times.filter((_, index) => world.texts[index] === text);
  assert.deepEqual(at("b"), ["13:10", "13:10"]);
  assert.equal(at("a").length, 13);
});

Deno.test("a task that is done once is ticked off when it was done, and what the person wrote meanwhile stays", async () => {
  await using world = await World.with(
    "- [ ] water the plants (once)\n- [ ] pay (at 2027-06-01T13:10Z)",
  );
  await world.pass(31);
  await world.write(
    "# New\n- [ ] water the plants (once)\n- [ ] pay (at 2027-06-01T13:10Z)\n\nmore",
  );
  const [first] = world.posted;
  assert(first);
  await world.answering("Done.")(first);
  assert.equal(
    await world.read(),
    "# New\n- [x] water the plants (once)\n- [ ] pay (at 2027-06-01T13:10Z)\n\nmore",
  );
  await world.pass(60, world.answering());
  assert.match(await world.read() ?? "", /- \[x\] pay/);
  assert.deepEqual(world.texts.filter((text) => text === "water the plants").length, 1);
  assert.deepEqual(world.texts.filter((text) => text === "pay").length, 1);
});

Deno.test("what fails is told at the first time and at the tenth, and names its reason", async () => {
  await using world = await World.with("- [ ] Look at the disk");
  await world.pass(30 * 12 + 1, world.failing());
  assert.deepEqual(world.told.map(({ text }) => text.split("\n")[0]), [
    'The standing task "Look at the disk" failed: The server is away.',
    'The standing task "Look at the disk" failed 10 times in a row: The server is away.',
  ]);
  assert.deepEqual(new Set(world.ticks.map(({ state }) => state)), new Set(["failed"]));
  await world.pass(30, world.answering());
  await world.pass(30, world.failing());
  assert.equal(world.told.length, 3);
});

Deno.test("a task that is done once is tried three times, then given up and ticked off", async () => {
  await using world = await World.with("- [ ] pay (once)");
  await world.pass(200, world.failing());
  assert.equal(world.posted.length, 3);
  assert.equal(await world.read(), "- [x] pay (once)");
  assert.match(world.told.at(-1)?.text ?? "", /ticked off/);
});

Deno.test("a task that waits for an answer keeps no other waiting, and is not begun twice", async () => {
  await using world = await World.with("- a\n- b");
  await world.pass(31, async (update) => {
    if (update.text !== "a") return await world.answering()(update);
    await world.end(update, { status: "needs_person", question: "q1", text: "May I?" });
  });
  assert.deepEqual([world.texts, world.told.map(({ question }) => question)], [["a", "b"], ["q1"]]);
  await world.pass(30, world.answering());
  assert.deepEqual(world.texts, ["a", "b", "b"]);
  const [asked] = world.posted;
  assert(asked);
  await world.answering("It was sent.")(asked);
  assert.match(world.told.at(-1)?.text ?? "", /^It was sent\./);
  await world.pass(30, world.answering());
  assert.deepEqual(world.texts.slice(3).toSorted(), ["a", "b"]);
});

Deno.test("A236: a process that ends in the middle of a tick says nothing twice and forgets nothing", async () => {
  await using world = await World.with("- a\n- b");
  await world.pass(31);
  world.restart();
  await world.pass(1);
  const [first, again] = world.posted;
  assert(first && again);
  // the gateway knows an update by its number
  assert.deepEqual([first.update, first.text], [again.update, again.text]);
  await world.answering("x")(again);
  world.restart();
  await world.answering("x")(first);
  await world.pass(1, world.answering());
  assert.deepEqual([...new Set(world.texts)], ["a", "b"]);
  assert.equal(world.told.length, 1);
  assert.equal(world.ticks.length, 1);
});

Deno.test("what a full disk keeps from being begun is begun later, once", async () => {
  await using world = await World.with("- a");
  world.isFull = true;
  await assert.rejects(world.pass(31), /full/);
  world.isFull = false;
  await world.pass(2, world.answering());
  assert.deepEqual(world.texts, ["a"]);
});

Deno.test("P131: ticks keep their phase over restarts, and those that passed are one", async () => {
  await using world = await World.with("- a");
  await world.pass(31, world.answering());
  world.restart();
  world.now += 5 * HOUR_MS + 7 * MINUTE_MS;
  await world.pass(60, world.answering());
  assert.deepEqual(world.times, ["12:30", "17:38", "18:00", "18:30"]);
  world.now -= 12 * HOUR_MS; // the clock was set back
  await world.pass(31, world.answering());
  assert.equal(world.times.at(-1), "07:08");
});

Deno.test("a time that nobody can read is told once, and its task is not done", async () => {
  await using world = await World.with("- a (cron blue moon)");
  await world.pass(95, () => assert.fail());
  assert.equal(world.told.length, 1);
  assert.match(world.told[0]?.text ?? "", /"a" has a time that I cannot read/);
});
