import type { CallRecord, Decision, Deed } from "../domain/tool_call.ts";
import { formatTime } from "../text/local_time.ts";

/** A call that had an effect, with who allowed it and how it came out. */
export interface DoneCall
  extends Deed, Pick<CallRecord, "tool" | "decision" | "scope" | "outcome"> {
  /** Further places that it went on to, such as the hops of a redirect. */
  readonly also: readonly string[];
}

/** What a turn has really done, as the account of its calls says: no model has a word in it. */
export interface DoneTold {
  /** One line for people: `2 requests, 1 file written; allowed by you 14:02`. */
  readonly summary: string;
  /** Every call that had an effect, in order. */
  readonly calls: readonly DoneCall[];
}

/**
 * Tells what calls have really done, whatever became of the turn; `undefined` when none of them had
 * an effect. Times are those of the zone; `now` says which day needs no date.
 */
export function tellDone(
  records: readonly CallRecord[],
  { now, zone }: { readonly now: number; readonly zone: string },
): DoneTold | undefined {
  const calls = records.flatMap((record) => record.deed ? [doneCall(record, record.deed)] : []);
  if (calls.length === 0) return undefined;
  const shortTime = timeTeller(now, zone);
  return { summary: `${countDeeds(calls)}; allowed ${tellAllowed(calls, shortTime)}`, calls };
}

function doneCall({ tool, decision, scope, outcome, also = [] }: CallRecord, deed: Deed): DoneCall {
  const gone = also.filter((place) => IS_ALLOWED[place.decision]).map(({ to }) => to);
  return {
    tool,
    ...deed,
    decision,
    ...(scope === undefined ? {} : { scope }),
    outcome,
    also: gone,
  };
}

/** Every decision is named, so that none of those under which something is done goes untold. */
const IS_ALLOWED: Readonly<Record<Decision, boolean>> = {
  not_required: true,
  lease: true,
  granted: true,
  turn: true,
  once: true,
  always: true,
  denied: false,
  unasked: false,
  refused: false,
  journal: false,
};

/** `2 requests (1 failed), 1 file written` */
function countDeeds(calls: readonly DoneCall[]): string {
  const counts = new Map<string, { count: number; failed: number; one: string; many: string }>();
  for (const call of calls) {
    const [one, many] = wordsFor(call);
    const counted = counts.get(one) ?? { count: 0, failed: 0, one, many };
    counts.set(one, counted);
    counted.count += 1 + call.also.length;
    if (call.outcome !== "ok") counted.failed++;
  }
  return [...counts.values()].map(({ count, failed, one, many }) =>
    `${count} ${count === 1 ? one : many}${failed === 0 ? "" : ` (${failed} failed)`}`
  ).join(", ");
}

/** What is counted, as one and as many. */
function wordsFor({ kind, operation, tool }: DoneCall): readonly [string, string] {
  switch (kind) {
    case "url":
      return ["request", "requests"];
    case "file": {
      const [thing, done] = FILE_WORDS[operation] ?? ["file", operation];
      return [`${thing} ${done}`, `${thing}s ${done}`];
    }
    case "memory":
      return ["change of the memory", "changes of the memory"];
    case "schedule":
      return ["change of the schedule", "changes of the schedule"];
    case "secret":
      return ["secret kept", "secrets kept"];
    case "server":
    case "plain":
      return [`call of ${tool}`, `calls of ${tool}`];
  }
}

const FILE_WORDS: Readonly<Record<string, readonly [string, string]>> = {
  read: ["file", "read"],
  list: ["folder", "listed"],
  search: ["folder", "searched"],
  disk_usage: ["folder", "measured"],
  write: ["file", "written"],
  append: ["file", "added to"],
  edit: ["file", "changed"],
  mkdir: ["folder", "made"],
  move: ["file or folder", "moved"],
  delete: ["file or folder", "deleted"],
};

/** Grants that are named; the rest is counted. */
const MOST_NAMED = 3;

/** `by you 14:02, by the grant fs:workspace` */
function tellAllowed(calls: readonly DoneCall[], timeOf: (at: string) => string): string {
  const byYou = (decision: Decision, how: string) => {
    const times = calls.filter((call) => call.decision === decision).map(({ allowedAt }) =>
      timeOf(allowedAt)
    );
    return times.length === 0 ? [] : [`by you${how} ${[...new Set(times)].join(", ")}`];
  };
  const grants = new Set(
    calls.filter(({ decision }) => decision === "granted")
      .map(({ tool, scope = "*" }) => `${tool}:${scope}`),
  );
  const leases = new Set(
    calls.filter(({ decision }) => decision === "lease").map(({ scope = "" }) => scope),
  );
  const named = [...grants].slice(0, MOST_NAMED).map((grant) => `by the grant ${grant}`);
  const more = grants.size - named.length;
  return [
    ...byYou("once", ""),
    ...byYou("turn", " for this request"),
    ...byYou("always", " for good"),
    ...[...leases].map((lease) => `by the lease ${lease}`),
    ...named,
    ...(more > 0 ? [`by ${more} more grants`] : []),
  ].join(", ") || "without a question";
}

/** Tells the time of day, with the date where it is not that of `now`. */
function timeTeller(now: number, zone: string): (at: string) => string {
  const [today] = formatTime(now, zone).split(" ");
  return (at) => {
    const told = formatTime(Date.parse(at), zone);
    const [day, time = told] = told.split(" ");
    return day === today ? time : told;
  };
}
