import type { CliContext } from "./context.ts";

/** For options that may be repeated. */
export function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** A signal that Ctrl-C aborts, until it is released. */
export function cancelOnInterrupt(context: CliContext): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const release = context.onInterrupt(() => controller.abort());
  return { signal: controller.signal, release };
}
