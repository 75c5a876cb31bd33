import type { Payload } from "./_payload.ts";
import { Refusal } from "./_refusal.ts";

/** A button. */
export interface FakeButton {
  readonly text: string;
  readonly data: string;
}

/** The buttons of a message; `undefined` without any. Exactly what Telegram takes is taken. */
export function readKeyboard(payload: Payload): readonly FakeButton[] | undefined {
  const markup = payload.json("reply_markup") as
    | { readonly inline_keyboard?: unknown }
    | undefined;
  if (markup === undefined) return undefined;
  const rows = markup.inline_keyboard;
  if (!Array.isArray(rows)) throw Refusal.bad("object expected as reply markup");
  if (rows.length > 100) throw Refusal.bad("too many rows of buttons");
  return rows.flatMap((row) => {
    if (!Array.isArray(row) || row.length > 8) throw Refusal.bad("a row of buttons is malformed");
    return row.map(readButton);
  });
}

function readButton({ text, callback_data: data, ...rest }: Record<string, unknown>): FakeButton {
  if (typeof text !== "string" || text.trim() === "") throw Refusal.bad("button text is empty");
  if (Object.keys(rest).length > 0) throw Refusal.bad(`unknown button field ${Object.keys(rest)}`);
  const bytes = typeof data === "string" ? new TextEncoder().encode(data).length : 0;
  if (typeof data !== "string" || bytes < 1 || bytes > 64) throw Refusal.bad("BUTTON_DATA_INVALID");
  return { text, data };
}
