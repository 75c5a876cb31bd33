import type { VmState } from "./_vm_state.ts";

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

/**
 * The image as bytes: the header's numbers, then each piece of memory behind its address and its
 * length. Numbers have 32 bits, the lowest byte first.
 */
export function packImage({ state, bridge }: EngineImage): Uint8Array<ArrayBuffer> {
  const { size, pieces, stackPointer, runtime, context } = state;
  const { begin, start, settle, finish, explain } = bridge;
  const numbers = [size, stackPointer, runtime, context, begin, start, settle, finish, explain];
  const length = pieces.reduce((sum, { bytes }) => sum + 2 * WORD + bytes.length, 0);
  const packed = new Uint8Array(WORD * HEADER_WORDS + length);
  const view = new DataView(packed.buffer);
  numbers.forEach((number, word) => view.setUint32(WORD * word, number, true));
  let place = WORD * HEADER_WORDS;
  for (const { at, bytes } of pieces) {
    view.setUint32(place, at, true);
    view.setUint32(place + WORD, bytes.length, true);
    packed.set(bytes, place + 2 * WORD);
    place += 2 * WORD + bytes.length;
  }
  return packed;
}

/**
 * Reads what {@linkcode packImage} wrote; the pieces are views of it.
 * @throws {RangeError} when it did not write this
 */
export function unpackImage(packed: Uint8Array): EngineImage {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const number = (word: number) => view.getUint32(WORD * word, true);
  const pieces = [];
  for (let place = WORD * HEADER_WORDS; place < packed.length;) {
    const [at, length] = [view.getUint32(place, true), view.getUint32(place + WORD, true)];
    const start = place + 2 * WORD;
    place = start + length;
    pieces.push({ at, bytes: packed.subarray(start, place) });
  }
  const [stackPointer, runtime, context] = [number(1), number(2), number(3)];
  const [begin, start, settle] = [number(4), number(5), number(6)];
  const [finish, explain] = [number(7), number(8)];
  return {
    state: { size: number(0), pieces, stackPointer, runtime, context },
    bridge: { begin, start, settle, finish, explain },
  };
}
