import assert from "node:assert/strict";
import { homeLayout } from "../config/home.ts";
import { CodedError } from "../domain/failure.ts";
import { createChildHost } from "../platform/child_host.ts";
import { createWorkerHost } from "../platform/worker_host.ts";
import { NO_OVERSEER } from "./overseer.ts";
import { Supervisor, SUPERVISOR_TIMES, type SupervisorMeans } from "./supervisor.ts";

// The core is a worker of the test's own script, so that it can do what a real one must not.

const MODULE = `
  const post = (message) => postMessage(message);
  const hear = {};
  onmessage = ({ data }) => hear[data.kind]?.(data);
  const start = new Promise((resolve) => hear.start = resolve);
  hear.ping = ({ id }) => post({ kind: "pong", id });
  post({ kind: "ready" });
  const begun = () => post({ kind: "request", id: 99, service: "start_worker", order: { kind: "mark" } });
`;

const script = (text: string) =>
  new URL(`data:text/javascript,${encodeURIComponent(`${MODULE}\n${text}`)}`);

/** So long that no busy machine takes a core for one that is stuck. */
const PATIENT = { graceMs: 60_000, forceMs: 60_000, pingMs: 20, missedPings: 3000 };
const TIMES = { ...SUPERVISOR_TIMES, ...PATIENT };
/** For what is to be ended from outside. */
const SHORT = { ...TIMES, graceMs: 100, forceMs: 100 };
const SHORT_BOUNDS = { shutdownSeconds: 0.1, maxFiles: 1024 };

/** A supervisor over a core of this script, with everything that it says and how it ends. */
class Stage {
  readonly said: string[] = [];
  readonly supervisor: Supervisor;
  readonly #exit = Promise.withResolvers<string>();
  readonly #reloads: (string | Error)[] = [];
  #begun = 0;

  constructor(core: string, means: Partial<SupervisorMeans> = {}) {
    const end = (how: string) => {
      if (!how.startsWith("failed")) this.supervisor.stop();
      this.#exit.resolve(how);
    };
    this.supervisor = new Supervisor({
      core: script(core),
      workers: {
        ...createWorkerHost({}),
        start: () => (this.#begun++, assert.fail("only a sign that the core has begun")),
      },
      children: createChildHost(),
      ahead: undefined,
      args: [],
      places: { home: "/h", config: "/h/config.json", envFile: "/h/.env" },
      isService: true,
      bounds: { shutdownSeconds: 60, maxFiles: 1024 },
      times: TIMES,
      reload: () => {
        const next = this.#reloads.shift() ?? "";
        return next instanceof Error ? Promise.reject(next) : Promise.resolve(orderOf(next));
      },
      overseer: NO_OVERSEER,
      say: (sentence) => this.said.push(sentence),
      fail: ({ message }) => end(`failed: ${message}`),
      exit: (code) => end(`exit ${code}`),
      ...means,
    });
    this.supervisor.start(orderOf("first"));
  }

  /** Until cores have called `begun()` so many times. */
  async begins(times: number): Promise<void> {
    while (this.#begun < times) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  reloadWith(next: string | Error): void {
    this.#reloads.push(next);
    this.supervisor.signal("SIGHUP");
  }

  /** Resolves to how the process would have ended. */
  get end(): Promise<string> {
    return this.#exit.promise;
  }

  /** Until something was said that matches. */
  async saying(pattern: RegExp): Promise<void> {
    while (!this.said.some((one) => pattern.test(one))) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

/** `text` stands in the place of the configuration. */
function orderOf(text: string) {
  const start = {
    kind: "start",
    args: [],
    isService: true,
    layout: homeLayout("/h"),
    configPath: "/h/config.json",
    configText: text,
    configIsNamed: false,
    repairs: [],
    environment: {},
    envFile: {},
    credential: undefined,
    variables: {},
    walls: [],
  } as const;
  return { start, permissions: { read: false } };
}

const SERVES = `await start; post({ kind: "serving" });
  hear.drain = () => post({ kind: "exit", code: 0 });
  begun();`;

Deno.test("a service that drains ends with 0", async () => {
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    const stage = new Stage(SERVES);
    await stage.begins(1);
    stage.supervisor.signal(name);
    assert.equal(await stage.end, "exit 0");
  }
});

Deno.test("a drain tells the core how long it has; what goes on beyond it is ended from outside", async () => {
  const stage = new Stage(
    `await start;
    hear.drain = ({ graceMs }) => post({ kind: "request", id: graceMs, service: "grace", order: 0 });
    hear.refusal = ({ id }) => { if (id !== 100 && id !== 99) post({ kind: "exit", code: 9 }); };
    begun();`,
    { times: SHORT, bounds: SHORT_BOUNDS },
  );
  await stage.begins(1);
  stage.supervisor.signal("SIGTERM");
  assert.equal(await stage.end, "exit 143");
});

Deno.test("a second signal forces the end", async () => {
  const stage = new Stage("await start;", { bounds: { shutdownSeconds: 900, maxFiles: 1024 } });
  stage.supervisor.signal("SIGTERM");
  stage.supervisor.signal("SIGTERM");
  assert.equal(await stage.end, "exit 143");
});

Deno.test("a command that answers once is told by 130 and 143 what stopped it", async () => {
  const leaves = `await start;
    hear.interrupt = hear.drain = () => post({ kind: "exit", code: 130 });
    begun();`;
  for (const [name, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    const stage = new Stage(leaves, { isService: false });
    await stage.begins(1);
    stage.supervisor.signal(name);
    assert.equal(await stage.end, `exit ${code}`);
    const deaf = new Stage("await start;", { isService: false, times: SHORT });
    deaf.supervisor.signal(name);
    deaf.supervisor.signal(name);
    assert.equal(await deaf.end, `exit ${code}`, "nobody listens");
  }
});

Deno.test("what an interrupt was to stop may stop in time, and the next one is a first one again", async () => {
  const stage = new Stage(
    `await start; let heard = 0;
     hear.interrupt = () => {
       if (++heard === 3) return setTimeout(() => post({ kind: "exit", code: 0 }), 300);
       post({ kind: "settled" });
       begun();
     };
     begun();`,
    { isService: false, times: { ...TIMES, forceMs: 0 } },
  );
  for (let n = 1; n <= 3; n++) {
    await stage.begins(n); // what it says behind "settled" has been heard
    stage.supervisor.signal("SIGINT");
  }
  assert.equal(await stage.end, "exit 0");
});

Deno.test("a crashed core of a service is started again, later each time; another one ends the program", async () => {
  const crashes = `await start; setTimeout(() => { throw new Error("down"); }, 0);`;
  const times = { ...TIMES, firstRestartMs: 10, longestRestartMs: 40 };
  const stage = new Stage(crashes, { times });
  await stage.saying(/0\.04 s/);
  assert.deepEqual(stage.said.slice(0, 3).map((one) => /in ([\d.]+) s/.exec(one)?.[1]), [
    "0.01",
    "0.02",
    "0.04",
  ]);
  assert.match(stage.said[0] ?? "", /down/);
  stage.supervisor.signal("SIGTERM");
  assert.match(await stage.end, /exit [01]/);
  const once = new Stage(crashes, { isService: false });
  assert.match(await once.end, /^failed: ClamBot stopped unexpectedly: .*down/);
});

Deno.test("a core that computes for ever is not replaced: the program ends with 75", async () => {
  const stage = new Stage(
    `await start; post({ kind: "serving" }); setTimeout(() => { for (;;); }, 50);`,
    { times: { ...TIMES, missedPings: 10 } },
  );
  assert.equal(await stage.end, "exit 75");
  assert.match(stage.said.join(), /does not answer/);
});

Deno.test("SIGHUP: the old core ends before the new one starts", async () => {
  const stage = new Stage(`const { configText } = await start;
    post({ kind: "serving" });
    hear.drain = () => {
      post({ kind: "request", id: 1, service: "log", order: 0 });
      hear.refusal = () => post({ kind: "exit", code: configText === "second" ? 7 : 0 });
    };
    begun();`);
  await stage.begins(1);
  stage.reloadWith("second");
  await stage.begins(2);
  stage.supervisor.signal("SIGTERM");
  assert.equal(await stage.end, "exit 7", "the core of the second configuration ended");
  assert.deepEqual(stage.said, []);
});

Deno.test("SIGHUP with a configuration that cannot be read changes nothing", async () => {
  const stage = new Stage(SERVES);
  await stage.begins(1);
  stage.reloadWith(new CodedError("config_invalid", "line 3: this is not JSON."));
  await stage.saying(/not taken over: line 3: this is not JSON\./);
  stage.supervisor.signal("SIGTERM");
  assert.equal(await stage.end, "exit 0");
});

Deno.test("SIGHUP with a configuration that does not work starts the former one again", async () => {
  for (const failing of [`post({ kind: "exit", code: 1 })`, `throw new Error("down")`]) {
    const stage = new Stage(`const { configText } = await start;
      if (configText === "second") ${failing};
      else {
        post({ kind: "serving" });
        hear.drain = () => post({ kind: "exit", code: 0 });
        begun();
      }`);
    await stage.begins(1);
    stage.reloadWith("second");
    await stage.saying(/former one counts again/);
    await stage.begins(2);
    stage.supervisor.signal("SIGTERM");
    assert.equal(await stage.end, "exit 0", failing);
  }
});

Deno.test("messages that cannot be read, or name no service, are answered by a refusal", async () => {
  const stage = new Stage(
    `await start; const refused = [];
     hear.refusal = ({ id }) => {
       refused.push(id);
       if (refused.length === 4) post({ kind: "exit", code: refused.join() === "0,7,8,9" ? 0 : 1 });
     };
     post("hello");
     post({ kind: "command", id: 7 });
     post({ kind: "request", id: 8, service: "__proto__", order: {} });
     post({ kind: "request", id: 9, service: "start_worker", order: { kind: "core" } });`,
    { isService: false },
  );
  assert.equal(await stage.end, "exit 0");
});

Deno.test("workers get their port from the core, and end with it", async () => {
  const workers = createWorkerHost({
    clam: new URL(
      `data:text/javascript,${
        encodeURIComponent(`onmessage = ({ data: port }) => {
          port.onmessage = ({ data }) => data === "crash" ? down() : port.postMessage("hello");
        };`)
      }`,
    ),
  });
  const stage = new Stage(
    `await start;
     const answers = (id) => new Promise((resolve) => hear.answer = resolve);
     const ask = (id, service, order) => (post({ kind: "request", id, service, order }), answers(id));
     const first = await ask(1, "start_worker", { kind: "clam" });
     const hello = new Promise((resolve) => first.port.onmessage = resolve);
     first.port.postMessage("hello?");
     await hello;
     const ended = new Promise((resolve) => hear.worker_ended = resolve);
     first.port.postMessage("crash");
     const { worker, why } = await ended;
     await ask(2, "start_worker", { kind: "clam" });
     post({ kind: "exit", code: worker === first.value && /down/.test(why) ? 5 : 1 });`,
    { workers },
  );
  assert.equal(await stage.end, "exit 5");
  assert.equal(workers.living(), 0);
});

Deno.test("the worker that a core will ask for is started once the core was told what to do", async () => {
  const host = createWorkerHost({ clam: new URL("data:text/javascript,onmessage = () => {};") });
  const began: string[] = [];
  const workers = { ...host, start: (kind: string) => (began.push(kind), host.start(kind)) };
  const stage = new Stage(
    `await start;
     const asked = await new Promise((resolve) => {
       hear.answer = resolve;
       post({ kind: "request", id: 1, service: "start_worker", order: { kind: "clam" } });
     });
     post({ kind: "exit", code: asked.value });`,
    { workers, ahead: "clam", isService: false },
  );
  assert.deepEqual(began, []);
  assert.equal(await stage.end, "exit 1");
  assert.deepEqual(began, ["clam"]);
});
