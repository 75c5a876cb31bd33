import type { Picture } from "../domain/picture.ts";
import type { PromptMessage, PromptSchema } from "./provider.ts";

/** A conversation as every provider takes it. */
export interface Turns {
  /** All system messages together; may be empty. */
  readonly system: string;
  /** The others; no two in a row have the same role. */
  readonly turns: readonly {
    readonly role: "user" | "assistant";
    readonly text: string;
    readonly images: readonly Picture[];
  }[];
}

/**
 * Puts system messages in front and joins neighbours of the same role: some servers refuse a
 * system message that comes later, or two user messages in a row.
 */
export function arrange(messages: readonly PromptMessage[]): Turns {
  const system: string[] = [];
  const turns: { role: "user" | "assistant"; text: string; images: Picture[] }[] = [];
  for (const { role, text, images = [] } of messages) {
    const last = turns.at(-1);
    if (role === "system") system.push(text);
    else if (last?.role === role) {
      last.text += `\n\n${text}`;
      last.images.push(...images);
    } else turns.push({ role, text, images: [...images] });
  }
  return { system: system.join("\n\n"), turns };
}

/** The wish for an object in words, for providers that cannot be told in another way. */
export function schemaInWords({ name, json }: PromptSchema): string {
  return `Answer with one JSON object, called "${name}", and nothing else: no text before or ` +
    `after it, no code fence. Its JSON Schema:\n${JSON.stringify(json)}`;
}
