import assert from "node:assert/strict";
import fc from "fast-check";
import { parts } from "./_engine.ts";
import { createGuest, type GuestHost } from "./_guest.ts";
import { type Engine, packImage, unpackImage } from "./_image.ts";
import { makeImage } from "./_make_image.ts";
import { wrapScript } from "./_script.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const place = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const pieces = fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.uint8Array({ maxLength: 50 })));

Deno.test("unpackImage() gives what packImage() was given", () => {
  fc.assert(fc.property(
    fc.nat({ max: 5000 }),
    pieces,
    fc.array(place, { minLength: 8, maxLength: 8 }),
    (size, written, numbers) => {
      const memory = new Uint8Array(size);
      for (const [at, bytes] of written) {
        memory.set(bytes.subarray(0, Math.max(0, size - at)), Math.min(at, size));
      }
      const [stackPointer, runtime, context, begin, start, settle, finish, explain] = numbers as [
        number,
        number,
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      const image = {
        state: { memory, stackPointer, runtime, context },
        bridge: { begin, start, settle, finish, explain },
      };
      assert.deepEqual(unpackImage(packImage(image)), image);
    },
  ));
});

Deno.test("packImage() leaves out what is only zeros", () => {
  const memory = new Uint8Array(1024 * 1024);
  memory[700_000] = 1;
  const bridge = { begin: 1, start: 2, settle: 3, finish: 4, explain: 5 };
  const image = { state: { memory, stackPointer: 6, runtime: 7, context: 8 }, bridge };
  assert.ok(packImage(image).length < 1100);
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
