import quickjs from "quickjs-wasi/quickjs.wasm" with { type: "bytes" };

/** The QuickJS engine as WebAssembly. A file of its own, so that it is loaded only when needed. */
export const engineBytes: Uint8Array = quickjs;
