import type { VmState } from "./_vm.ts";

/** What every worker of a process begins with. */
export interface Engine {
  readonly module: WebAssembly.Module;
  /** An {@linkcode EngineImage}, packed. */
  readonly image: Uint8Array<ArrayBuffer>;
}

/**
 * An engine as it stands before any program: begun, and the prelude evaluated in it. It is made
 * once and then only copied, so no run finds anything of another one in it.
 */
export interface EngineImage {
  readonly state: VmState;
  /** Addresses of what the prelude returned. */
  readonly bridge: Bridge;
}

/** The prelude's functions for the host, as addresses inside the engine. */
export interface Bridge {
  readonly begin: number;
  readonly start: number;
  readonly settle: number;
  readonly finish: number;
  readonly explain: number;
}

const WORD = 4;
const HEADER_WORDS = 9;
/** Memory is kept or left out in blocks of so many bytes; three of four are zeros. */
const BLOCK = 1024;

/**
 * The image as bytes: the header's numbers, then the blocks of memory that are not all zeros, each
 * behind its number. Numbers have 32 bits, the lowest byte first.
 */
export function packImage({ state, bridge }: EngineImage): Uint8Array<ArrayBuffer> {
  const { memory, stackPointer, runtime, context } = state;
  const { begin, start, settle, finish, explain } = bridge;
  const header = [memory.length, stackPointer, runtime, context];
  const numbers = [...header, begin, start, settle, finish, explain];
  const kept = Array.from({ length: Math.ceil(memory.length / BLOCK) }, (_, block) => block)
    .filter((block) => blockOf(memory, block).some((byte) => byte !== 0));
  const packed = new Uint8Array(WORD * HEADER_WORDS + kept.length * (WORD + BLOCK));
  const view = new DataView(packed.buffer);
  numbers.forEach((number, word) => view.setUint32(WORD * word, number, true));
  let at = WORD * HEADER_WORDS;
  for (const block of kept) {
    view.setUint32(at, block, true);
    packed.set(blockOf(memory, block), at + WORD);
    at += WORD + BLOCK;
  }
  return packed;
}

/** Reads what {@linkcode packImage} wrote. @throws {RangeError} when it did not write this */
export function unpackImage(packed: Uint8Array<ArrayBuffer>): EngineImage {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const number = (word: number) => view.getUint32(WORD * word, true);
  const memory = new Uint8Array(number(0));
  for (let at = WORD * HEADER_WORDS; at < packed.length; at += WORD + BLOCK) {
    const start = BLOCK * view.getUint32(at, true);
    const block = packed.subarray(at + WORD, at + WORD + Math.min(BLOCK, memory.length - start));
    memory.set(block, start);
  }
  return {
    state: { memory, stackPointer: number(1), runtime: number(2), context: number(3) },
    bridge: {
      begin: number(4),
      start: number(5),
      settle: number(6),
      finish: number(7),
      explain: number(8),
    },
  };
}

function blockOf(memory: Uint8Array, block: number): Uint8Array {
  return memory.subarray(BLOCK * block, BLOCK * (block + 1));
}
