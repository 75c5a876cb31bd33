import type { Gateway } from "../gateway/gateway.ts";
import { describePerson, type PersonId } from "../gateway/person.ts";
import { describeStop, readStopMark, removeStopMark, setStopMark } from "../runs/stop_mark.ts";
import { formatTime } from "../text/local_time.ts";
import type { Stores } from "./stores.ts";

/** Stops everything with an effect in every process of the home. */
export async function stopInChat(by: PersonId, stores: Stores): Promise<string> {
  const mark = await setStopMark(stores.state, describePerson(by), stores.clock);
  const noted = mark.isNew ? await note("stopped", by, stores) : "";
  const how = describeStop(mark, stores.clock);
  const what = mark.isNew ? "ClamBot is stopped" : "ClamBot is stopped already";
  return `${what} (${how}): nothing that has an effect is done until /resume.${noted}`;
}

/** Lets everything go on. */
export async function goOnInChat(by: PersonId, stores: Stores): Promise<string> {
  if (!await removeStopMark(stores.state)) return "ClamBot was not stopped.";
  const noted = await note("resumed", by, stores);
  return `ClamBot goes on. What was stopped has ended: ask for it again.${noted}`;
}

/** A log that cannot be written keeps nobody from stopping. */
async function note(kind: string, by: PersonId, { audit, redactor }: Stores): Promise<string> {
  try {
    await audit.record(kind, redactor.clean({ by: describePerson(by) }));
    return "";
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `\nIt counts all the same. ${reason}`;
  }
}

/** How the gateway stands, in a few lines. */
export async function describeStanding(
  gateway: Gateway,
  { state, clock }: Stores,
): Promise<string> {
  const { since, running, queued, parked, unsent, dead, channels, servers } = gateway.status();
  const mark = await readStopMark(state);
  const counts = [
    `${running} under way`,
    `${queued} waiting`,
    ...(parked > 0 ? [`${parked} waiting for an answer`] : []),
    ...(unsent > 0 ? [`${unsent} not told yet`] : []),
    ...(dead > 0 ? [`${dead} that could not be dealt with`] : []),
  ];
  return [
    ...(mark ? [`Stopped ${describeStop(mark, clock)}; /resume lets it go on.`] : []),
    `Up since ${formatTime(since, clock.zone())}, on ${channels.join(", ")}.`,
    ...servers.flatMap(({ channel, trouble }) => trouble ? [`${channel}: ${trouble}.`] : []),
    `${counts.join(", ")}.`,
  ].join("\n");
}
