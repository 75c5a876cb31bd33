import assert from "node:assert/strict";
import { CodedError } from "../domain/failure.ts";
import { connectLocally, listenLocally } from "./unix_socket.ts";

const IGNORED = Deno.build.os === "windows";

async function inDirectory(action: (path: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "socket-" });
  try {
    await action(`${directory}/a.sock`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function test(name: string, action: (path: string) => Promise<void>): void {
  Deno.test({ name, ignore: IGNORED, fn: () => inDirectory(action) });
}

test("listenLocally() makes a socket that its owner alone can use, and takes it away", async (path) => {
  const listener = await listenLocally(path);
  assert.equal((await Deno.stat(path)).mode! & 0o777, 0o600);
  listener.close();
  listener.close();
  assert.equal(await listener.accept(), undefined);
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
  assert.equal((await connectLocally(path)).kind, "nobody");
});

test("what is written at one end is read at the other, both ways, until one closes", async (path) => {
  const listener = await listenLocally(path);
  const connected = await connectLocally(path);
  assert(connected.kind === "connected");
  const { connection: client } = connected;
  const server = await listener.accept();
  assert(server);
  await client.write(new TextEncoder().encode("to"));
  assert.equal(new TextDecoder().decode(await server.read()), "to");
  await server.write(new TextEncoder().encode("fro"));
  assert.equal(new TextDecoder().decode(await client.read()), "fro");
  server.close();
  assert.equal(await client.read(), undefined);
  client.close();
  client.close();
  listener.close();
});

test("a second listener is refused while the first lives", async (path) => {
  const listener = await listenLocally(path);
  await assert.rejects(
    listenLocally(path),
    (error) => error instanceof CodedError && /Another process.* listens/.test(error.message),
  );
  // and the first is none the worse for it
  const connected = await connectLocally(path);
  assert(connected.kind === "connected");
  connected.connection.close();
  listener.close();
});

test("a socket that an ended process left is nobody's, and is taken over", async (path) => {
  const leave = `Deno.listen({ transport: "unix", path: ${JSON.stringify(path)} });
    console.log("up"); setInterval(() => {}, 1000);`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["eval", leave],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  assert.ok((await Deno.stat(path)).isSocket); // it is still there
  assert.equal((await connectLocally(path)).kind, "nobody");
  const listener = await listenLocally(path);
  assert.equal((await connectLocally(path).then(closed)).kind, "connected");
  listener.close();
});

test("a file that is no socket is nobody's, and a directory is an error with its path", async (path) => {
  await Deno.writeTextFile(path, "a file");
  assert.equal((await connectLocally(path)).kind, "nobody");
  await Deno.remove(path);
  await assert.rejects(
    listenLocally(`${path}/missing/a.sock`),
    (error) => error instanceof CodedError && error.code === "file_failed",
  );
});

test("connecting leaves at the signal", async (path) => {
  const listener = await listenLocally(path);
  const reason = new Error("left");
  await assert.rejects(connectLocally(path, AbortSignal.abort(reason)), reason);
  listener.close();
});

function closed<T extends Awaited<ReturnType<typeof connectLocally>>>(connected: T): T {
  if (connected.kind === "connected") connected.connection.close();
  return connected;
}
