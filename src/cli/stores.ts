import type { Stores } from "../app/stores.ts";
import { escapeJson } from "../text/escape.ts";
import type { CliContext, End } from "./context.ts";

/** Does something with what is kept, and ends with 0. What is thrown passes through. */
export async function withStores(
  context: CliContext,
  end: End,
  action: (stores: Stores) => Promise<void>,
): Promise<void> {
  const { openStores } = await import("../app/stores.ts");
  const stores = openStores(context);
  try {
    await action(stores);
    end(0);
  } finally {
    stores.library.close();
  }
}

/** A value as JSON on lines of its own: exact for programs, harmless at a terminal. */
export function formatJson(value: unknown, indent?: number): string {
  return `${escapeJson(JSON.stringify(value, undefined, indent))}\n`;
}
