import type { StyledText } from "./styled_text.ts";

/** What the Bot API calls a stretch of a message that looks different. */
export type TextEntity =
  & { readonly offset: number; readonly length: number }
  & (
    | { readonly type: "bold" | "italic" | "underline" | "strikethrough" | "code" | "blockquote" }
    | { readonly type: "pre"; readonly language?: string }
    | { readonly type: "text_link"; readonly url: string }
  );

/** Spans as the Bot API takes them. */
export function toEntities({ spans }: StyledText): readonly TextEntity[] {
  return spans.map(({ style, start, end }) => {
    const place = { offset: start, length: end - start };
    switch (style.kind) {
      case "pre": {
        const { language } = style;
        return { type: "pre", ...place, ...(language === undefined ? {} : { language }) };
      }
      case "link":
        return { type: "text_link", ...place, url: style.href };
      default:
        return { type: NAMES[style.kind], ...place };
    }
  });
}

const NAMES = {
  bold: "bold",
  italic: "italic",
  underline: "underline",
  strike: "strikethrough",
  code: "code",
  quote: "blockquote",
} as const;
