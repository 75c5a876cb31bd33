import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { createClock, createRandom } from "../platform/deno.ts";
import { connectLocally, listenLocally } from "../platform/unix_socket.ts";
import { createRedactor } from "../secrets/redactor.ts";
import { type ControlOp, createControlServer } from "./control.ts";
import { findGateway } from "./control_client.ts";

const IGNORED = Deno.build.os === "windows";
const PORTS = { clock: createClock(), random: createRandom() };
const ALWAYS = new AbortController().signal;

/** A server with these operations, at a socket of its own. */
class House implements AsyncDisposable {
  private constructor(
    readonly path: string,
    private readonly directory: string,
    private readonly server: ReturnType<typeof createControlServer>,
    private readonly served: Promise<void>,
    readonly warned: readonly string[],
  ) {}

  static async open(ops: Readonly<Record<string, ControlOp>>, secret = ""): Promise<House> {
    const directory = await Deno.makeTempDir({ prefix: "control-" });
    const path = `${directory}/gateway.sock`;
    const warned: string[] = [];
    const server = createControlServer({
      listener: await listenLocally(path),
      ops,
      about: { pid: 77, version: "1" },
      redactor: createRedactor([secret]),
      log: { debug() {}, warn: (event) => warned.push(event) },
      clock: PORTS.clock,
    });
    return new House(path, directory, server, server.serve(), warned);
  }

  async client() {
    const found = await findGateway(this.path, PORTS, ALWAYS);
    assert(found.kind === "there", found.kind);
    return found.gateway;
  }

  close(): void {
    this.server.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.close();
    await this.served;
    await Deno.remove(this.directory, { recursive: true });
  }
}

/** A client that writes any bytes, and reads lines. */
async function rawClient(path: string) {
  const connected = await connectLocally(path);
  assert(connected.kind === "connected");
  const { connection } = connected;
  const decoder = new TextDecoder();
  let rest = "";
  return {
    write: (text: string) => connection.write(new TextEncoder().encode(text)),
    send: (value: Json) => connection.write(new TextEncoder().encode(`${JSON.stringify(value)}\n`)),
    /** The next line, `undefined` at the end. */
    async line(): Promise<JsonObject | undefined> {
      for (;;) {
        const end = rest.indexOf("\n");
        if (end >= 0) {
          const line = rest.slice(0, end);
          rest = rest.slice(end + 1);
          return JSON.parse(line);
        }
        const piece = await connection.read();
        if (piece === undefined) return undefined;
        rest += decoder.decode(piece, { stream: true });
      }
    },
    close: () => connection.close(),
  };
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `control socket: ${name}`, ignore: IGNORED, fn });
}

test("an operation gets its arguments, tells what happens, and answers", async () => {
  await using house = await House.open({
    count: (args, _signal, emit) => {
      for (let n = 0; n < Number(args.to); n++) emit({ n });
      return Promise.resolve({ last: args.to ?? null });
    },
  });
  const gateway = await house.client();
  assert.equal(gateway.pid, 77);
  const heard: JsonObject[] = [];
  const value = await gateway.ask("count", { to: 3 }, ALWAYS, (event) => heard.push(event));
  assert.deepEqual(value, { last: 3 });
  assert.deepEqual(heard, [{ n: 0 }, { n: 1 }, { n: 2 }]);
  gateway.close();
});

test("a failure has its code, sentence and hint; what is unknown is one too", async () => {
  await using house = await House.open({
    refuse: () => Promise.reject(new CodedError("question_closed", "It is closed.", "Look.")),
    fall: () => Promise.reject(new RangeError("7 is no length")),
  });
  const gateway = await house.client();
  const failing = (op: string) =>
    gateway.ask(op, {}, ALWAYS).then(
      () => assert.fail(op),
      (error: CodedError) => [error.code, error.message, error.failure.hint],
    );
  assert.deepEqual(await failing("refuse"), ["question_closed", "It is closed.", "Look."]);
  assert.deepEqual(await failing("toString"), [
    ...["usage", 'The gateway knows no "toString".', undefined],
  ]);
  assert.deepEqual(await failing("fall"), [
    ...["internal", 'The gateway could not do "fall": 7 is no length', undefined],
  ]);
  assert.deepEqual(house.warned, ["control_failed"]);
  gateway.close();
});

test("the same request again is answered as before, and is not done again", async () => {
  let done = 0;
  await using house = await House.open({ add: () => Promise.resolve(++done) });
  const [one, other] = [await rawClient(house.path), await rawClient(house.path)];
  const request = { id: "r1", op: "add", args: {} };
  await one.send(request);
  const first = await one.line();
  assert.deepEqual(first, { id: "r1", ok: true, value: 1 });
  await one.send(request);
  assert.deepEqual(await one.line(), first);
  await other.send(request);
  assert.deepEqual(await other.line(), first);
  await other.send({ ...request, args: { more: 1 } });
  assert.match(JSON.stringify(await other.line()), /another request already/);
  assert.equal(done, 1);
  one.close();
  other.close();
});

test("a retry while the first is under way waits for the same end", async () => {
  let done = 0;
  const gate = Promise.withResolvers<void>();
  await using house = await House.open({
    slow: async () => {
      done++;
      await gate.promise;
      return done;
    },
  });
  const [one, other] = [await rawClient(house.path), await rawClient(house.path)];
  const request = { id: "r1", op: "slow", args: {} };
  await one.send(request);
  await other.send(request);
  await other.send({ id: "r2", op: "hello" });
  assert.equal((await other.line())?.id, "r2"); // r1 was heard before
  gate.resolve();
  assert.deepEqual(await one.line(), { id: "r1", ok: true, value: 1 });
  assert.deepEqual(await other.line(), { id: "r1", ok: true, value: 1 });
  one.close();
  other.close();
});

test("what nobody waits for any more is told so; what somebody else waits for is not", async () => {
  const left = Promise.withResolvers<unknown>();
  const heard = Promise.withResolvers<void>();
  await using house = await House.open({
    wait: (_args, signal) => {
      signal.addEventListener("abort", () => left.resolve(signal.reason));
      heard.resolve();
      return new Promise(() => {});
    },
  });
  const [one, other] = [await rawClient(house.path), await rawClient(house.path)];
  const request = { id: "r1", op: "wait", args: {} };
  await one.send(request);
  await heard.promise;
  await other.send(request);
  await other.send({ id: "r2", op: "hello" });
  await other.line();
  one.close();
  const third = await house.client(); // the server has seen a full round since
  assert.equal(await Promise.race([left.promise, Promise.resolve("not left")]), "not left");
  third.close();
  other.close();
  assert.match(String(await left.promise), /Nobody waits/);
});

test("an unreadable line is answered and the connection goes on; one over 1 MiB ends it", async () => {
  await using house = await House.open({});
  const client = await rawClient(house.path);
  for (const line of ["x", "[]", '{"id":7,"op":"hello"}', '{"id":"a","op":"hello","args":[]}']) {
    await client.write(`${line}\n`);
    const answer = await client.line();
    assert.deepEqual([answer?.id, answer?.ok], [null, false], line);
  }
  await client.send({ id: "ok", op: "hello" });
  assert.equal((await client.line())?.ok, true);
  // the server may close while the rest is still being written
  await client.write(`${"y".repeat(1_048_577)}\n`).catch(() => {});
  const last = await client.line();
  if (last) assert.match(JSON.stringify(last), /1048576 bytes/);
  if (last) assert.equal(await client.line(), undefined);
  client.close();
  (await house.client()).close(); // others are still served
});

test("an answer over 1 MiB becomes a failure that says so", async () => {
  await using house = await House.open({ much: () => Promise.resolve("z".repeat(1_100_000)) });
  const gateway = await house.client();
  await assert.rejects(
    gateway.ask("much", {}, ALWAYS),
    (error) => error instanceof CodedError && error.code === "result_too_large",
  );
  gateway.close();
});

test("no known secret leaves by it: not in values, events or failures", async () => {
  const secret = "hunter2-hunter2";
  await using house = await House.open({
    tell: (_args, _signal, emit) => (emit({ secret }), Promise.resolve({ [secret]: secret })),
    fail: () => Promise.reject(new Error(`no ${secret}`)),
  }, secret);
  const client = await rawClient(house.path);
  await client.send({ id: "a", op: "tell" });
  await client.send({ id: "b", op: "fail" });
  const all = [await client.line(), await client.line(), await client.line()];
  assert.equal(all.filter((one) => one !== undefined).length, 3);
  assert.ok(!JSON.stringify(all).includes("hunter2"), JSON.stringify(all));
  client.close();
});

test("a client asks again, once and with the same id, where the connection broke", async () => {
  const directory = await Deno.makeTempDir({ prefix: "control-" });
  const path = `${directory}/gateway.sock`;
  const listener = await listenLocally(path);
  const ids: unknown[] = [];
  // a server that hangs up on the first request after hello, and answers from then on
  const serving = (async () => {
    for (
      let connection = await listener.accept();
      connection;
      connection = await listener.accept()
    ) {
      let text = "";
      for (let piece = await connection.read(); piece; piece = await connection.read()) {
        text += new TextDecoder().decode(piece);
        if (!text.endsWith("\n")) continue;
        const { id, op } = JSON.parse(text);
        text = "";
        if (op !== "hello") ids.push(id);
        if (op !== "hello" && ids.length === 1) break;
        const value = op === "hello" ? { pid: 1 } : "done";
        await connection.write(
          new TextEncoder().encode(`${JSON.stringify({ id, ok: true, value })}\n`),
        );
      }
      connection.close();
    }
  })();
  const found = await findGateway(path, PORTS, ALWAYS);
  assert(found.kind === "there");
  assert.equal(await found.gateway.ask("x", {}, ALWAYS), "done");
  assert.equal(ids.length, 2);
  assert.equal(ids[0], ids[1]);
  found.gateway.close();
  listener.close();
  await serving;
  await Deno.remove(directory, { recursive: true });
});

test("without a socket there is no gateway; one that says nothing is silent", async () => {
  const directory = await Deno.makeTempDir({ prefix: "control-" });
  const path = `${directory}/gateway.sock`;
  assert.deepEqual(await findGateway(path, PORTS, ALWAYS), { kind: "absent" });
  const listener = await listenLocally(path); // takes nobody: the system answers for it
  assert.deepEqual(await findGateway(path, PORTS, ALWAYS), { kind: "silent" });
  const reason = new Error("left");
  await assert.rejects(findGateway(path, PORTS, AbortSignal.abort(reason)), reason);
  listener.close();
  await Deno.remove(directory, { recursive: true });
});

test("who waits when the server closes is told that the gateway went", async () => {
  const heard = Promise.withResolvers<void>();
  await using house = await House.open({
    wait: (_args, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
        heard.resolve();
      }),
  });
  const gateway = await house.client();
  const asking = gateway.ask("wait", {}, ALWAYS);
  asking.catch(() => {});
  await heard.promise;
  house.close();
  await assert.rejects(asking, (error) => error instanceof CodedError);
  gateway.close();
});
