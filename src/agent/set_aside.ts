import type { Artefacts } from "../artefacts/artefacts.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { Redactor } from "../domain/redacted.ts";
import { hear } from "./pasted.ts";

/** What texts of others are kept with. */
export interface SetAsidePorts {
  readonly artefacts: Pick<Artefacts, "keep">;
  readonly redactor: Redactor;
}

/**
 * The message with placeholders where others speak in it: for what was pasted, and for everything
 * that came along. What is left are the words that the person typed.
 */
export async function setAside(
  message: InboundMessage,
  { artefacts, redactor }: SetAsidePorts,
): Promise<InboundMessage> {
  const { enclosed = [] } = message;
  const { words, pasted = undefined } = message.spoken
    ? { words: message.text }
    : hear(message.text);
  const placeholders = enclosed.map(({ shown }) => shown);
  if (pasted === undefined) {
    return enclosed.length === 0 ? message : { ...message, text: joined(words, placeholders) };
  }
  const id = await artefacts.keep(redactor.redact(pasted), {
    kind: "paste",
    from: message.conversation,
  });
  const placeholder = `[pasted text, ${pasted.length} characters, withheld here: artefact ${id}]`;
  const text = joined(words, [placeholder, ...placeholders]);
  return { ...message, text, pasted: { artefact: id, text: pasted } };
}

function joined(words: string, placeholders: readonly string[]): string {
  return [words, ...placeholders].filter((line) => line !== "").join("\n");
}
