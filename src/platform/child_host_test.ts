import assert from "node:assert/strict";
import { CHILD_BOUNDS, type ChildCommand, createChildHost } from "./child_host.ts";
import { type Child, childOver, type FromChild } from "./children.ts";

/** A program in the runtime of this test; it has every right. */
function program(code: string, env: Record<string, string> = {}): ChildCommand {
  const args = ["eval", "--no-config", "--quiet", code];
  return { program: Deno.execPath(), args, env, cwd: Deno.cwd() };
}

function start(command: ChildCommand, graceMs = 60_000): Child {
  return childOver(createChildHost({ ...CHILD_BOUNDS, graceMs }).start(command));
}

const text = async (stream: ReadableStream<Uint8Array>) => await new Response(stream).text();

Deno.test("a child gets what is written to it, tells what it writes, and how it ended", async () => {
  const child = start(program(`
    for await (const bytes of Deno.stdin.readable) await Deno.stdout.write(bytes);
    console.error("over");
    Deno.exit(3);
  `));
  const said = text(child.output);
  const errors = text(child.errors);
  await child.write(new TextEncoder().encode("one "));
  await child.write(new TextEncoder().encode("two"));
  await child.end();
  assert.equal(await child.ended, "it ended with exit code 3");
  assert.equal(await errors, "over\n");
  assert.equal(await said, ""); // what is written after the end was asked for is dropped
  await assert.rejects(child.write(new Uint8Array(1)), /has ended/);
});

Deno.test("a child has the environment that it is given and no other", async () => {
  Deno.env.set("CLAMBOT_TEST_CANARY", "seen");
  const child = start(program("console.log(JSON.stringify(Deno.env.toObject()))", { ONE: "1" }));
  const errors = text(child.errors);
  const seen = JSON.parse(await text(child.output));
  Deno.env.delete("CLAMBOT_TEST_CANARY");
  assert.equal(seen.ONE, "1");
  for (const name of ["CLAMBOT_TEST_CANARY", "HOME", "USER"]) assert.equal(seen[name], undefined);
  await errors;
  await child.ended;
});

Deno.test("a child that nobody reads is not read beyond a mebibyte", async () => {
  const port = createChildHost().start(program(`
    for (let count = 0; count < 64; count++) Deno.stdout.writeSync(new Uint8Array(131072));
  `));
  let held = 0;
  let total = 0;
  let isFull = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  port.onmessage = ({ data }: MessageEvent<FromChild>) => {
    if (data.kind === "ended") return over.resolve();
    if (data.kind !== "out") return;
    held += data.bytes.length;
    total += data.bytes.length;
    if (held >= 1_048_576) isFull.resolve();
  };
  await isFull.promise;
  await new Promise((resolve) => setTimeout(resolve, 200)); // nothing more comes
  assert.ok(held < 1_048_576 + 131_072, `${held} bytes`);
  let isOver = false;
  over.promise.then(() => isOver = true);
  while (!isOver) {
    isFull = Promise.withResolvers<void>();
    port.postMessage({ kind: "taken", of: "out", bytes: held });
    held = 0;
    await Promise.race([isFull.promise, over.promise]);
  }
  assert.equal(total, 64 * 131_072);
});

/** A place that a child and what it starts hold open as long as they live. */
async function withLine(test: (port: number, line: Promise<Deno.Conn>) => Promise<void>) {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    await test(listener.addr.port, listener.accept());
  } finally {
    listener.close();
  }
}

/** Starts another one that holds a line, and neither ends when told so. */
const stubborn = (port: number) => `
  Deno.addSignalListener("SIGTERM", () => {});
  const held = 'Deno.addSignalListener("SIGTERM", () => {});' +
    'await Deno.connect({ hostname: "127.0.0.1", port: ${port} }); setInterval(() => {}, 1000);';
  new Deno.Command(Deno.execPath(), { args: ["eval", "--no-config", held] }).spawn();
  for (;;) await Deno.stdout.write(new Uint8Array(65536));
`;

Deno.test("what a child started goes with it, though neither ends when asked to", async () => {
  await withLine(async (port, line) => {
    const child = start(program(stubborn(port)), 100);
    const conn = await line;
    await child.end();
    assert.equal(await child.ended, "it was ended by SIGKILL");
    assert.equal(await conn.read(new Uint8Array(1)), null);
    conn.close();
  });
});

Deno.test("all children are killed at once, in the middle of a flood", async () => {
  await withLine(async (port, line) => {
    const host = createChildHost();
    const child = childOver(host.start(program(stubborn(port))));
    const conn = await line;
    host.killAll();
    await conn.read(new Uint8Array(1)).catch(() => null);
    conn.close();
    await child.ended;
    assert.equal(host.living(), 0);
  });
});

Deno.test("a program that is not there, and too many of them, are told by name", () => {
  const missing = { program: "/nowhere/server", args: [], env: {}, cwd: "/" };
  assert.throws(() => createChildHost().start(missing), /"\/nowhere\/server" cannot be started/);
  const full = createChildHost({ ...CHILD_BOUNDS, living: 0 });
  assert.throws(() => full.start(program("")), /0 servers run already/);
});
