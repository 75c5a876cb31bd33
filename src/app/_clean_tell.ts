import type { Redactor } from "../domain/redacted.ts";
import type { Listen, Tell } from "../domain/turn_event.ts";

/**
 * Tells events without secrets. Pieces of the answer are held back as far as they may be the beginning
 * of one; the rest comes before the event that follows.
 */
export function createCleanTell(listen: Listen, redactor: Redactor): Tell {
  const stream = redactor.openStream();
  const tellText = (piece: string) => {
    if (piece !== "") listen(redactor.clean({ kind: "text", piece }));
  };
  return (event) => {
    if (event.kind === "text") return tellText(stream.push(event.piece));
    tellText(stream.end());
    listen(redactor.clean(event));
  };
}
