import type { Clock, Log, Random } from "../../platform/platform.ts";
import type { Sink } from "../channel.ts";
import { readUpdate } from "./_read_update.ts";
import { TelegramError, type TelegramTrouble } from "./_telegram_error.ts";
import type { BotIdentity } from "./_addressed.ts";
import type { BotApi } from "./api.ts";

/** What receiving needs. */
export interface PollPorts {
  readonly api: BotApi;
  readonly bot: BotIdentity;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Gets every success, and every trouble. */
  readonly note: (trouble: PollTrouble | undefined) => void;
}

/** Why nothing can be received just now. */
export type PollTrouble = TelegramTrouble | "not_kept" | "no_token";

/** What we want to hear of; Telegram keeps the last list that it was told. */
const ALLOWED = ["message", "callback_query"] as const;

/** Seconds that Telegram holds a request while it has nothing. */
const HELD_S = 30;
/** Milliseconds after which a request counts as lost: those, and some for the way. */
const OVERDUE_MS = 45_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Milliseconds between two lines of the log about the same trouble. */
const SAID_AGAIN_MS = 60_000;

/**
 * Receives until `signal` is aborted. An update is confirmed by the request after the one that brought
 * it, when it is on disk. Everything is tried again, with pauses that no other program's match.
 * @throws {TelegramError} `token_rejected` alone
 */
export async function poll(ports: PollPorts, sink: Sink, signal: AbortSignal): Promise<void> {
  const { clock, random, note } = ports;
  const tell = seldom(ports);
  let offset: number | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const updates = await ask(offset, ports, signal);
      note(undefined);
      if (updates.length > 0) offset = await accept(updates, ports, sink) + 1;
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      const trouble = error instanceof TelegramError ? error.trouble : "not_kept";
      note(trouble);
      tell(trouble, error);
      if (trouble === "token_rejected") throw error;
      await clock.sleep(pauseAfter(error, failures++, random), signal).catch(() => {});
    }
  }
}

async function ask(
  offset: number | undefined,
  { api }: PollPorts,
  signal: AbortSignal,
): Promise<readonly unknown[]> {
  const place = offset === undefined ? {} : { offset };
  const asked = { ...place, timeout: HELD_S, limit: 100, allowed_updates: ALLOWED };
  const updates: unknown = await api.call("getUpdates", asked, signal, OVERDUE_MS);
  return Array.isArray(updates) ? updates : [];
}

/** Hands on what came. @returns the highest number */
async function accept(
  updates: readonly unknown[],
  { bot, clock, log }: PollPorts,
  sink: Sink,
): Promise<number> {
  const numbered = updates.flatMap((update) => {
    const id = (update as { readonly update_id?: unknown } | null)?.update_id;
    return typeof id === "number" && Number.isSafeInteger(id) ? [{ update, id }] : [];
  });
  const now = clock.now();
  const read = numbered.map(({ update, id }) => readUpdate(update, { id, bot, now }));
  for (const one of read) {
    if (one.kind === "passed_over" && one.why) log.warn("passed_over", { why: one.why });
  }
  await sink.accept(read.flatMap((one) => one.kind === "said" ? [one.update] : []));
  if (numbered.length === 0) throw new TypeError("No update has a number.");
  return Math.max(...numbered.map(({ id }) => id));
}

/** At least a second; with chance in it, so that two programs do not knock each other out in step. */
function pauseAfter(error: unknown, failures: number, random: Random): number {
  const wanted = error instanceof TelegramError && error.problem.kind === "later"
    ? error.problem.afterMs ?? 0
    : 0;
  const usual = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
  const [chance = 0] = random.bytes(1);
  return Math.max(wanted, usual * (1 + chance / 255));
}

function seldom({ clock, log }: PollPorts): (trouble: PollTrouble, error: unknown) => void {
  let last: { readonly trouble: PollTrouble; readonly at: number } | undefined;
  return (trouble, error) => {
    const now = clock.monotonic();
    if (last?.trouble === trouble && now - last.at < SAID_AGAIN_MS) return;
    last = { trouble, at: now };
    const { code } = error as { readonly code?: unknown };
    log.warn("telegram_not_heard", { trouble, code: typeof code === "string" ? code : "internal" });
  };
}
