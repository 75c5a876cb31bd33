import assert from "node:assert/strict";
import { createWorkerHost, workersOf } from "./worker_host.ts";

const script = (text: string) => new URL(`data:text/javascript,${encodeURIComponent(text)}`);
const ECHO = `onmessage = ({ data: port }) => {
  port.onmessage = ({ data }) => port.postMessage(data);
};`;

function heard(port: MessagePort): Promise<unknown> {
  return new Promise((resolve) => port.onmessage = ({ data }) => resolve(data));
}

Deno.test("a worker is spoken to over its port, and may do nothing", async () => {
  const host = createWorkerHost({
    echo: script(ECHO),
    rights: script(`onmessage = async ({ data: port }) => {
      const names = ["read", "write", "net", "env", "run", "sys", "ffi", "import"];
      const asked = names.map((name) => Deno.permissions.query({ name }));
      port.postMessage((await Promise.all(asked)).map(({ state }) => state));
    };`),
  });
  const { port, end } = await workersOf(host).start("echo");
  port.postMessage("hello");
  assert.equal(await heard(port), "hello");
  await end();
  const rights = await workersOf(host).start("rights");
  assert.ok(!(await heard(rights.port) as string[]).includes("granted"));
  await rights.end();
  assert.equal(host.living(), 0);
});

Deno.test("a worker that crashes ends alone, and its error is told", async () => {
  const host = createWorkerHost({
    echo: script(ECHO),
    later: script(`onmessage = () => setTimeout(() => { throw new Error("down"); }, 0);`),
    rejecting: script(`onmessage = () => { Promise.reject(new Error("down")); };`),
    broken: script("this is no script"),
  });
  const workers = workersOf(host);
  const beside = await workers.start("echo");
  for (const kind of ["later", "rejecting", "broken"]) {
    const { ended, port } = await workers.start(kind);
    assert.match(await ended, kind === "broken" ? /Expected/ : /down/);
    port.close();
    assert.equal(host.living(), 1, kind);
  }
  beside.port.postMessage("still there");
  assert.equal(await heard(beside.port), "still there");
  await beside.end();
});

Deno.test("whatever a worker sends on its thread's own channel ends it at once", async () => {
  const MIB = 2 ** 20;
  const host = createWorkerHost({
    word: script(`onmessage = ({ data: port }) => { postMessage("hello"); };`),
    // 400 MB, if nobody stops it
    flood: script(`onmessage = async ({ data: port }) => {
      for (let sent = 0; sent < 400; sent++) {
        postMessage(new Uint8Array(${MIB}).fill(sent));
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    };`),
  });
  const before = Deno.memoryUsage().rss;
  for (const kind of ["word", "flood"]) {
    const { ended, port } = await workersOf(host).start(kind);
    assert.match(await ended, /nothing to say/);
    port.close();
    assert.equal(host.living(), 0);
  }
  const grown = Math.round((Deno.memoryUsage().rss - before) / MIB);
  assert.ok(grown < 200, `${grown} MiB more than before`);
});

Deno.test("there are only so many workers, and only of known kinds", async () => {
  const host = createWorkerHost({ echo: script(ECHO) }, 2);
  const workers = workersOf(host);
  for (const kind of ["", "clam", "__proto__", "toString"]) {
    await assert.rejects(workers.start(kind), { code: "runtime_broken", message: /no such kind/ });
  }
  const both = [await workers.start("echo"), await workers.start("echo")];
  await assert.rejects(workers.start("echo"), {
    code: "runtime_broken",
    message: /2 workers live/,
  });
  await both[0]?.end();
  await (await workers.start("echo")).end();
  await both[1]?.end();
});
