import type { Terminal } from "../../src/platform/platform.ts";

/** A terminal at which nobody sits. */
export const NOBODY: Terminal = {
  interactive: false,
  color: false,
  columns: () => 80,
  input: () => ReadableStream.from([]),
  out() {},
  err() {},
};
