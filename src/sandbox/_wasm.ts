/** Bytes of one page of a WebAssembly memory. */
const PAGE = 65_536;
const HEADER = 8;
const IMPORT_SECTION = 2;
const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;

/**
 * The same WebAssembly module with a maximum for the one memory that it defines, so that no bug
 * of the engine can make it grow further. Binary format: https://webassembly.github.io/spec/core/binary/modules.html
 *
 * @throws {Error} when the module is not what this expects: one unshared 32-bit memory, defined
 *   (not imported), at most `maximumBytes` large at the start.
 */
export function boundMemory(wasm: Uint8Array, maximumBytes: number): Uint8Array<ArrayBuffer> {
  const section = findSection(wasm, MEMORY_SECTION);
  if (section === undefined) {
    const place = findSection(wasm, IMPORT_SECTION) === undefined ? "no memory" : "no own memory";
    throw new Error(`Cannot bound the engine's memory: the module defines ${place}`);
  }
  const body = boundedMemorySection(wasm.subarray(section.body, section.end), maximumBytes);
  return concat([
    wasm.subarray(0, section.start),
    Uint8Array.of(MEMORY_SECTION, ...leb128(body.length), ...body),
    wasm.subarray(section.end),
  ]);
}

function boundedMemorySection(body: Uint8Array, maximumBytes: number): number[] {
  const [count, afterCount] = readLeb128(body, 0);
  const flags = body[afterCount];
  if (count !== 1 || (flags !== 0 && flags !== HAS_MAXIMUM)) {
    throw new Error("Cannot bound the engine's memory: it has another shape than expected");
  }
  const [minimum, afterMinimum] = readLeb128(body, afterCount + 1);
  const own = flags === HAS_MAXIMUM ? readLeb128(body, afterMinimum)[0] : Infinity;
  const maximum = Math.min(own, Math.floor(maximumBytes / PAGE));
  if (minimum > maximum) {
    throw new Error(`Cannot bound the engine's memory: it starts with ${minimum * PAGE} bytes`);
  }
  return [1, HAS_MAXIMUM, ...leb128(minimum), ...leb128(maximum)];
}

interface Section {
  /** Where its id stands, where its body begins, and where it ends. */
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

function findSection(wasm: Uint8Array, id: number): Section | undefined {
  for (let start = HEADER; start < wasm.length;) {
    const [size, body] = readLeb128(wasm, start + 1);
    const end = body + size;
    if (end > wasm.length) throw new Error("The engine's module is cut off");
    if (wasm[start] === id) return { start, body, end };
    start = end;
  }
  return undefined;
}

/** An unsigned LEB128 number and where it ends. */
function readLeb128(bytes: Uint8Array, start: number): [value: number, end: number] {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) break;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, start + i + 1];
  }
  throw new Error("The engine's module holds a broken number");
}

function leb128(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value & 0x7f) | 0x80);
  return [...bytes, value];
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
