import type { MarkdownReader } from "../../../text/markdown.ts";
import { type TextEntity, toEntities } from "./entities.ts";
import { layOut } from "./layout.ts";
import { toMarkdownV2 } from "./markdown_v2.ts";
import { splitText, TELEGRAM_BOUNDS } from "./split.ts";
import { type StyledText, unstyled } from "./styled_text.ts";

/** How styles are told to Telegram. */
export type TelegramFormat = "entities" | "markdownv2";

/** One message, ready to be sent. */
export type MessageText =
  & {
    /** What a person sees of it, for a server that refuses the rest. */
    readonly plain: string;
  }
  & (
    | { readonly text: string; readonly entities?: readonly TextEntity[] }
    | { readonly text: string; readonly parse_mode: "MarkdownV2" }
  );

/** Shown in place of a text in which there is nothing to be seen. */
const NOTHING = "(There is nothing to be seen in this answer.)";

/**
 * Makes messages of a text in Markdown. `redact` sees what a person would: signs that marks or
 * references keep apart in the source may stand together there.
 */
export function renderMarkdown(
  source: string,
  read: MarkdownReader,
  format: TelegramFormat,
  redact: (text: string) => string = (text) => text,
): readonly MessageText[] {
  const styled = layOut(read(source));
  const isClean = redact(styled.text) === styled.text &&
    styled.spans.every(({ style }) => style.kind !== "link" || redact(style.href) === style.href);
  return messagesOf(isClean ? styled : unstyled(redact(styled.text)), format);
}

/** Makes messages of a text that means itself: what a person agrees to, and what a command says. */
export function renderPlain(source: string): readonly MessageText[] {
  return messagesOf(unstyled(source), "entities");
}

function messagesOf(styled: StyledText, format: TelegramFormat): readonly MessageText[] {
  const pieces = splitText(styled, TELEGRAM_BOUNDS);
  const messages = pieces.length > 0 ? pieces : [unstyled(NOTHING)];
  return messages.map((message) => {
    const plain = message.text;
    if (format === "markdownv2" && message.spans.length > 0) {
      return { plain, text: toMarkdownV2(message), parse_mode: "MarkdownV2" };
    }
    const entities = toEntities(message);
    return entities.length > 0 ? { plain, text: plain, entities } : { plain, text: plain };
  });
}
