import { QuickJS, type QuickJSOptions } from "quickjs-wasi";

/**
 * All that an engine is, apart from its code: it can be restored from this, and goes on as it was.
 */
export interface VmState {
  /** Bytes of its memory. */
  readonly size: number;
  /** Where the memory is another one than that of an engine that has not begun. */
  readonly pieces: readonly MemoryPiece[];
  /** Addresses in it. */
  readonly stackPointer: number;
  readonly runtime: number;
  readonly context: number;
}

/** Bytes at an address. */
export interface MemoryPiece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/**
 * As `QuickJS.restore()`, which would write the whole memory: three of four of its pages are zeros,
 * and to touch a page costs more than to fill it. So it restores none, and the pieces come after,
 * with them what it sets inside (that there is an interrupt handler), as the engine before had it.
 */
export async function restoreVm(
  { size, pieces, stackPointer, runtime, context }: VmState,
  options: QuickJSOptions,
): Promise<QuickJS> {
  const pointers = { stackPointer, runtimePtr: runtime, contextPtr: context };
  const none = { ...pointers, memory: new Uint8Array(0), extensions: [] };
  const vm = await QuickJS.restore(none, options);
  const { memory } = vm._getExports();
  memory.grow((size - memory.buffer.byteLength) / PAGE);
  const bytes = new Uint8Array(memory.buffer);
  for (const piece of pieces) bytes.set(piece.bytes, piece.at);
  return vm;
}

/** What the engine is at this moment; copied. */
export function stateOf(vm: QuickJS, engine: WebAssembly.Module): VmState {
  const wasm = vm._getExports();
  const { buffer } = wasm.memory;
  return {
    size: buffer.byteLength,
    pieces: differences(new Uint32Array(beginning(engine)), new Uint32Array(buffer)),
    stackPointer: wasm.__stack_pointer.value,
    runtime: wasm.qjs_get_runtime_ptr(),
    context: wasm.qjs_get_context_ptr(),
  };
}

/** The memory of an engine that has not begun. */
function beginning(engine: WebAssembly.Module): ArrayBufferLike {
  const imports: Record<string, Record<string, () => number>> = {};
  for (const { module, name } of WebAssembly.Module.imports(engine)) {
    imports[module] = { ...imports[module], [name]: () => 0 };
  }
  const { memory } = new WebAssembly.Instance(engine, imports).exports;
  return (memory as WebAssembly.Memory).buffer;
}

/** Bytes of one page of a WebAssembly memory. */
const PAGE = 65_536;
/** Words that are kept or left out together. */
const WORDS = 64;

/** Copies of the pieces in which a memory differs from an earlier one, which is not larger. */
function differences(before: Uint32Array, now: Uint32Array): MemoryPiece[] {
  const pieces: MemoryPiece[] = [];
  let start: number | undefined;
  for (let at = 0; at <= now.length; at += WORDS) {
    const isSame = at === now.length || areEqual(before, now, at);
    if (!isSame) start ??= at;
    if (!isSame || start === undefined) continue;
    pieces.push({ at: 4 * start, bytes: new Uint8Array(now.buffer).slice(4 * start, 4 * at) });
    start = undefined;
  }
  return pieces;
}

function areEqual(before: Uint32Array, now: Uint32Array, start: number): boolean {
  for (let at = start; at < start + WORDS; at++) {
    if ((before[at] ?? 0) !== now[at]) return false;
  }
  return true;
}
