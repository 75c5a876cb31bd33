import type { Json } from "../domain/json.ts";
import type { Turn } from "../domain/turn.ts";
import type { WrittenClam } from "./contracts.ts";
import { historyForCode } from "./history.ts";
import { leansOnConversation } from "./leaning.ts";
import type { Said } from "./ports.ts";

/**
 * The conversation that a clam is bound to, when it answers its request only there; else
 * `undefined`. Judged by what its writer had in sight, and by nothing that was withheld.
 */
export function findBinding(
  written: WrittenClam,
  { message }: Turn,
  history: readonly Said[],
  declarations: string,
): string | undefined {
  const seen = historyForCode(history).map(({ role, text }) => ({ role, text: bare(text) }));
  const { pasted, enclosed = [] } = message;
  const material = [
    pasted?.artefact ?? [],
    enclosed.flatMap(({ artefact, path }) => [artefact, path ?? []].flat()),
  ].flat();
  const leans = leansOnConversation({
    script: written.script,
    inputs: written.inputs,
    inputSchema: written.input_schema,
    bounds: written.capabilities.flatMap(({ constraints }) =>
      constraints.flatMap(({ param: _, ...values }) => Object.values(values) as Json[])
    ),
    standsAlone: written.stands_alone,
  }, {
    request: material.length > 0 ? message.text.replace(PLACEHOLDER, " ") : message.text,
    said: seen.filter(({ role }) => role === "user").map(({ text }) => text),
    answered: [...seen.filter(({ role }) => role !== "user").map(({ text }) => text), ...material],
    vocabulary: declarations,
  });
  return leans ? message.conversation : undefined;
}

/** What stands in place of a withheld text: of it only the artefact's id counts. */
const PLACEHOLDER = /\[[^\]]*\bartefact ([\w-]+)\]/g;

function bare(text: string): string {
  return text.replace(PLACEHOLDER, " $1 ");
}
