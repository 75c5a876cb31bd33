import type { InboundMessage } from "../domain/message.ts";
import type { Redactor } from "../domain/redacted.ts";
import { findKeyShapes } from "../secrets/key_shapes.ts";

/** A message without secrets, and what the person should know about it. */
export interface WithoutSecrets {
  readonly message: InboundMessage;
  readonly notes: readonly string[];
}

/**
 * Takes known secrets out of a message, and what looks like somebody's key, before anything of it is
 * kept or sent to a model.
 */
export function withoutSecrets(heard: InboundMessage, redactor: Redactor): WithoutSecrets {
  const text: string = redactor.redact(heard.text);
  const message = { ...heard, text };
  const found = findKeyShapes(text);
  if (found.length === 0) return { message, notes: [] };
  const pieces = found.map(({ title, start }, index) =>
    `${text.slice(found[index - 1]?.end ?? 0, start)}[taken out: ${keyOf(title)}]`
  );
  const rest = text.slice(found.at(-1)?.end ?? 0);
  const titles = [...new Set(found.map(({ title }) => keyOf(title)))];
  return {
    message: { ...message, text: pieces.join("") + rest },
    notes: [
      `What looks like ${titles.join(" and ")} was taken out of your message and kept nowhere. ` +
      "Store it with clambot secrets set NAME --host HOST, or, for a model, with clambot provider " +
      "connect.",
    ],
  };
}

function keyOf(title: string): string {
  return title.startsWith("a ") ? title : `a key of ${title}`;
}
