import assert from "node:assert/strict";
import { createWorkerHost, workersOf } from "../platform/worker_host.ts";
import { createPool } from "./_pool.ts";

const engine = () =>
  Promise.resolve({
    module: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
    image: new Uint8Array(0),
  });
const script = (text: string) =>
  workersOf(
    createWorkerHost({
      clam: new URL(`data:text/javascript,${encodeURIComponent(text)}`),
    }),
  );
const READY = `onmessage = ({ data: port }) => {
  port.onmessage = () => port.postMessage(JSON.stringify({ type: "ready" }));
};`;

Deno.test("createPool() starts nothing before it is warmed", async () => {
  let compiled = 0;
  const pool = createPool(script(READY), () => (compiled++, engine()), 2);
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(compiled, 0);
  const { worker } = await pool.take();
  await worker.end();
  assert.equal(compiled, 1);
});

Deno.test("createPool() never gives a worker twice", async () => {
  const pool = createPool(script(READY), engine, 2);
  pool.warm();
  const taken = await Promise.all([1, 2, 3, 4].map(() => pool.take()));
  assert.equal(new Set(taken.map(({ worker }) => worker)).size, 4);
  for (const { worker } of taken) await worker.end();
  pool.close();
});

Deno.test("createPool() rejects when a worker cannot be started", async () => {
  for (
    const broken of [
      "throw new Error('no')",
      "postMessage('hello')",
      "onmessage = ({ data: port }) => port.postMessage('hello')",
      "this is no script",
    ]
  ) {
    await assert.rejects(createPool(script(broken), engine, 0).take(), Error);
  }
});

Deno.test("createPool() can be closed while its workers start, and be used afterwards", async () => {
  const pool = createPool(script(READY), engine, 2);
  pool.warm();
  const taken = pool.take();
  pool.close();
  await (await taken).worker.end();
  await (await pool.take()).worker.end();
});
