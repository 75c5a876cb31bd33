import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { GatewayStanding } from "../gateway/control_ops.ts";
import type { ServerStanding } from "../gateway/server_standing.ts";
import type { DeadLetter } from "../gateway/store.ts";
import { escapeLine } from "../text/escape.ts";
import { formatTime } from "../text/local_time.ts";
import type { CliContext } from "./context.ts";
import { askLive } from "./live.ts";

// What commands show of the gateway.

/** Whether a gateway runs, and how it stands. */
export type FoundStanding =
  | { readonly kind: "running"; readonly standing: GatewayStanding }
  | { readonly kind: "absent" }
  | { readonly kind: "silent"; readonly sentence: string };

/** Asks the gateway of this home how it stands. */
export async function findStanding(context: CliContext): Promise<FoundStanding> {
  try {
    const live = await askLive(context, "gateway.status", {});
    if (!live) return { kind: "absent" };
    // a gateway of another version may tell less; what is missing is shown as nothing
    return { kind: "running", standing: { ...NOTHING, ...live.value as Partial<GatewayStanding> } };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { kind: "silent", sentence: error.message };
  }
}

const NOTHING: GatewayStanding = {
  ...{ pid: 0, since: 0, channels: [], servers: [], running: 0, queued: 0 },
  ...{ waiting: 0, parked: 0, unsent: 0, dead: 0, deadLetters: [] },
};

/** For programs; `null` when none runs. */
export function standingJson(found: FoundStanding): Json {
  switch (found.kind) {
    case "absent":
      return null;
    case "silent":
      return { answers: false };
    case "running": {
      const { since, deadLetters, ...more } = found.standing;
      const told = {
        ...{ answers: true, ...more, since: new Date(since).toISOString() },
        deadLetters: deadLetters.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
      };
      return told as unknown as JsonObject;
    }
  }
}

/** Dead letters that people are shown; programs get all of them. */
const MOST_LETTERS = 5;

function describeLetter(
  { channel, update, conversation, reason, at }: DeadLetter,
  zone: string,
): string {
  return escapeLine(`${formatTime(at, zone)} ${channel} ${update} of ${conversation}: ${reason}`);
}

/** Whether the gateway heeds the mark of `clambot stop`, in a sentence; none where none runs. */
export function gatewayAtStop(found: FoundStanding): string {
  switch (found.kind) {
    case "absent":
      return "";
    case "silent":
      return ` ${found.sentence}`;
    case "running": {
      const { pid, running } = found.standing;
      const turns = running === 0 ? "nothing runs there" : `${running} running there`;
      return ` That counts for the gateway too (process ${pid}; ${turns}).`;
    }
  }
}

/** For people, as rows of a table. */
export function standingRows(found: FoundStanding, zone: string): readonly (readonly string[])[] {
  switch (found.kind) {
    case "absent":
      return [["Gateway", "not running"]];
    case "silent":
      return [["Gateway", escapeLine(found.sentence)]];
    case "running": {
      const { pid, since, channels, servers, running, queued, parked, unsent, dead, deadLetters } =
        found.standing;
      return [
        ["Gateway", `process ${pid}, since ${formatTime(since, zone)}`],
        ["Channels", channels.map(escapeLine).join(", ") || "none"],
        ...servers.map((server) => [escapeLine(server.channel), serverText(server, zone)]),
        ["Turns", `${running} running, ${queued} waiting`],
        ...(parked > 0 ? [["Questions", `${parked} open; see clambot approvals pending`]] : []),
        ...(unsent > 0 ? [["Messages", `${unsent} not told yet`]] : []),
        ...(dead > 0 ? [["Dead letters", `${dead} that could not be dealt with`]] : []),
        ...deadLetters.slice(-MOST_LETTERS).map((one) => ["", describeLetter(one, zone)]),
      ];
    }
  }
}

function serverText({ trouble, lastPollAt }: ServerStanding, zone: string): string {
  const heard = `last heard ${formatTime(lastPollAt, zone)}`;
  return trouble === undefined ? heard : `${escapeLine(trouble)}; ${heard}`;
}
