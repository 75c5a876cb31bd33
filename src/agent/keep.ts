import type { Build } from "../clams/library.ts";
import { findArtefactIds } from "../artefacts/artefacts.ts";
import type { Clam, ClamId, Draft } from "../domain/clam.ts";
import type { Json } from "../domain/json.ts";
import type { CallRecord } from "../domain/tool_call.ts";
import type { Sources } from "./holes.ts";
import type { Judgement } from "./judgement.ts";
import type { AgentPorts } from "./ports.ts";
import { findBrokenPromise } from "./result.ts";
import type { Ran } from "./runtime.ts";

/** A draft that ran, and where it stands. */
export interface Tried {
  readonly program: Clam | Draft;
  readonly build: Build;
  readonly ran: Ran;
  readonly sources: Sources;
  /** The clam whose next version it becomes. */
  readonly replaces: ClamId | undefined;
}

/**
 * Keeps an accepted draft that can be run again as it is. `undefined` for one whose result nobody
 * checked, that belongs to its conversation, or that would not pass for a kept clam.
 */
export async function keepDraft(
  { checked }: Extract<Judgement, { kind: "accept" }>,
  { program, build, ran, sources, replaces }: Tried,
  ports: AgentPorts,
): Promise<ClamId | undefined> {
  if (!checked || await isOfConversation(program, ran.calls, ports)) return undefined;
  const value = ran.outcome.kind === "completed" ? ran.outcome.value : undefined;
  if (await findBrokenPromise(value, undefined, sources, ports.satisfies)) return undefined;
  return (await ports.library.promote(await promising(build, value, ports), replaces)).id;
}

/** Whether a clam works on a text that only its conversation has: it holds or names an artefact. */
export async function isOfConversation(
  { script, manifest: { inputs, capabilities } }: Clam | Draft,
  calls: readonly CallRecord[],
  { artefacts }: Pick<AgentPorts, "artefacts">,
): Promise<boolean> {
  const parts = [inputs, capabilities, calls.map(({ args }) => args)] as unknown as Json[];
  const ids = [script, ...parts.map((part) => JSON.stringify(part))].flatMap(findArtefactIds);
  for (const id of new Set(ids)) {
    if (await artefacts.has(id)) return true;
  }
  return false;
}

/** The build with its promise, if the very first result keeps it. */
async function promising(build: Build, value: Json | undefined, ports: AgentPorts): Promise<Build> {
  const { resultSchema, ...manifest } = build.manifest;
  const isKept = resultSchema !== undefined && await ports.satisfies(resultSchema, value);
  return isKept ? build : { ...build, manifest };
}
