import { GATEWAY_STORE } from "../app/home_jobs.ts";
import { withReachedJobs } from "../app/reached_jobs.ts";
import type { Stores } from "../app/stores.ts";
import { CodedError } from "../domain/failure.ts";
import type { KeptNotice } from "../gateway/notices.ts";
import { escapeText } from "../text/escape.ts";
import { formatTime } from "../text/local_time.ts";
import type { CliContext } from "./context.ts";

/** Prints what no channel could bring to the owner, such as what jobs told meanwhile. */
export async function showNotices(stores: Stores, context: CliContext): Promise<void> {
  if (!await stores.state.stat(GATEWAY_STORE)) return; // no gateway ever ran here
  for (const { text, at } of await takeNotices(stores, context)) {
    const when = formatTime(at, stores.clock.zone());
    context.terminal.out(`(${when}) ${escapeText(text)}\n`);
  }
}

async function takeNotices(
  stores: Stores,
  { socket }: CliContext,
): Promise<readonly KeptNotice[]> {
  try {
    return await withReachedJobs({ ...stores, socket }, NEVER, async (jobs) => {
      if (jobs.kind === "here") return jobs.home.notices.take();
      return await jobs.ask("owner.notices", {}) as unknown as readonly KeptNotice[];
    });
  } catch (error) {
    // they are shown another time; a conversation does not hang on them
    if (error instanceof CodedError) return [];
    throw error;
  }
}

const NEVER = new AbortController().signal;
