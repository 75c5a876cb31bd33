import quickjs from "quickjs-wasi/quickjs.wasm" with { type: "bytes" };
import { boundMemory } from "./_wasm.ts";

/** What an engine is made of. */
export interface EngineParts {
  /** QuickJS as WebAssembly, its memory bounded by {@linkcode MEMORY_CEILING}. */
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** See `EngineImage`; none where it has still to be made. */
  readonly image: Uint8Array<ArrayBuffer> | undefined;
}

/** What no engine's memory can ever exceed, in bytes: a maximum in the WebAssembly itself. */
export const MEMORY_CEILING: number = 96 * 1024 * 1024;

/**
 * The parts as the source has them. scripts/bundle.ts replaces this module by files that it makes,
 * so it must be imported by name and at run time only.
 */
export const parts: EngineParts = {
  wasm: boundMemory(quickjs, MEMORY_CEILING),
  image: undefined,
};
