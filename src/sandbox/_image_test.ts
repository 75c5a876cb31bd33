import assert from "node:assert/strict";
import fc from "fast-check";
import { parts } from "./_engine.ts";
import { createGuest, type GuestHost } from "./_guest.ts";
import { type Engine, packImage, unpackImage } from "./_image.ts";
import { makeImage } from "./_make_image.ts";
import { wrapScript } from "./_script.ts";
import { createVm } from "./_vm.ts";
import { restoreVm, stateOf } from "./_vm_state.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const number = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const plain = { noNullPrototype: true };
const piece = fc.record({ at: number, bytes: fc.uint8Array({ maxLength: 50 }) }, plain);
const numbers = <Name extends string>(...names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, number])) as Record<Name, typeof number>;
const image = fc.record({
  state: fc.record({
    ...numbers("size", "stackPointer", "runtime", "context"),
    pieces: fc.array(piece),
  }, plain),
  bridge: fc.record(numbers("begin", "start", "settle", "finish", "explain"), plain),
}, plain);

Deno.test("unpackImage() gives what packImage() was given", () => {
  fc.assert(fc.property(image, (one) => {
    assert.deepEqual(unpackImage(packImage(one)), one);
  }));
});

Deno.test("restoreVm() gives an engine the memory that another one had, to the last byte", async () => {
  const module = await WebAssembly.compile(parts.wasm);
  const world = { mustStop: () => false, now: () => 0, elapsed: () => 0, timezoneOffset: () => 0 };
  const first = await createVm(module, world);
  first.evaluate("globalThis.grown = 'text'.repeat(100_000); globalThis.emptied = [];", "a.js");
  const state = first.state();
  assert.deepEqual(stateOf(await restoreVm(state, { wasm: module }), module), state);
});

Deno.test("makeImage() gives the same bytes every time", async () => {
  const { module, image } = await engine();
  assert.deepEqual(await makeImage(module), image);
});

Deno.test("what one program does to its engine, the next one does not find", async () => {
  const shared = await engine();
  const before = shared.image.slice();
  const spoil = `
    globalThis.left = "here";
    Object.prototype.left = Array.prototype.map = Promise.prototype.then = String;
    JSON.parse = JSON.stringify = () => "spoilt";
    return "done";`;
  const look = `return [typeof left, [1].map((one) => one + 1), JSON.parse("{}")];`;
  assert.equal(await resultOf(shared, spoil), '"done"');
  assert.deepEqual(shared.image, before);
  assert.equal(await resultOf(shared, look), '["undefined",[2],{}]');
});

async function engine(): Promise<Engine> {
  const module = await WebAssembly.compile(parts.wasm);
  return { module, image: await makeImage(module) };
}

/** The JSON text that a program ends with. */
async function resultOf(shared: Engine, source: string): Promise<string | undefined> {
  const guest = await createGuest(shared);
  guest.serve(host, DEFAULT_LIMITS);
  guest.begin(JSON.stringify({ tools: [], args: {}, ...DEFAULT_LIMITS }));
  guest.start(wrapScript(source));
  guest.drain();
  return guest.finish().texts[0];
}

const host: GuestHost = {
  call: () => 0,
  print: () => {},
  entropy: (length) => new Uint8Array(length),
  url: () => "",
  mustStop: () => false,
  now: () => 0,
  elapsed: () => 0,
  timezoneOffset: () => 0,
};
