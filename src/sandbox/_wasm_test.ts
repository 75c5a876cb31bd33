import assert from "node:assert/strict";
import { parts } from "./_engine.ts";
import { boundMemory } from "./_wasm.ts";

const HEAD = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
const MIB = 1024 * 1024;

/** A module with one memory section and an export of it as "m". */
function moduleWith(memory: readonly number[]): Uint8Array {
  return Uint8Array.of(...HEAD, 5, memory.length, ...memory, 7, 5, 1, 1, 0x6d, 2, 0);
}

async function memoryOf(wasm: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Memory> {
  const { instance } = await WebAssembly.instantiate(wasm);
  return instance.exports.m as WebAssembly.Memory;
}

Deno.test("boundMemory() lets a memory grow to the maximum and no further", async () => {
  const memory = await memoryOf(boundMemory(moduleWith([1, 0, 2]), 96 * MIB));
  memory.grow(96 * 16 - 2);
  assert.equal(memory.buffer.byteLength, 96 * MIB);
  assert.throws(() => memory.grow(1), RangeError);
});

Deno.test("boundMemory() keeps a maximum that is smaller already", async () => {
  const memory = await memoryOf(boundMemory(moduleWith([1, 1, 1, 3]), 96 * MIB));
  memory.grow(2);
  assert.throws(() => memory.grow(1), RangeError);
});

Deno.test("boundMemory() refuses what it does not know", () => {
  const refused = (wasm: Uint8Array) => assert.throws(() => boundMemory(wasm, 96 * MIB), Error);
  refused(Uint8Array.of(...HEAD));
  refused(moduleWith([2, 0, 1, 0, 1]));
  refused(moduleWith([1, 3, 1, 2]));
  refused(moduleWith([1, 4, 1]));
  refused(moduleWith([1, 0, 0x81, 0x80]));
  refused(Uint8Array.of(...HEAD, 5, 100, 1));
  assert.throws(() => boundMemory(moduleWith([1, 0, 2]), 65_536), /starts with 131072 bytes/);
});

Deno.test("the engine itself is bounded", async () => {
  const { exports } = new WebAssembly.Instance(await WebAssembly.compile(parts.wasm), imports());
  const memory = exports.memory as WebAssembly.Memory;
  assert.throws(() => memory.grow(96 * 16), RangeError);
});

Deno.test("an engine is its memory and one pointer: all that an image has to hold", () => {
  // an entry of the section is a type, 1 where it can change, and a number: i32.const n, end
  const globals = sectionOf(parts.wasm, 6);
  assert.deepEqual([globals[0], globals[1], globals[2], globals[3]], [1, 0x7f, 1, 0x41]);
  const module = new WebAssembly.Module(parts.wasm);
  const { exports } = new WebAssembly.Instance(module, imports());
  assert.ok((exports.__stack_pointer as WebAssembly.Global).value > 0);
  const imported = WebAssembly.Module.imports(module).map(({ kind }) => kind);
  assert.deepEqual([...new Set(imported)], ["function"]);
});

/** The contents of a section of a module. */
function sectionOf(wasm: Uint8Array, id: number): Uint8Array {
  for (let at = HEAD.length; at < wasm.length;) {
    let [size, shift, start] = [0, 0, at + 1];
    for (let byte = 0x80; byte >= 0x80; shift += 7) {
      byte = wasm[start++] ?? 0;
      size += (byte & 0x7f) << shift;
    }
    if (wasm[at] === id) return wasm.subarray(start, start + size);
    at = start + size;
  }
  throw new Error(`The module has no section ${id}`);
}

/** Functions that are never called, under whatever names the engine wants. */
function imports(): WebAssembly.Imports {
  const anything = new Proxy({}, { get: () => () => 0 });
  return { env: anything, wasi_snapshot_preview1: anything } as WebAssembly.Imports;
}
