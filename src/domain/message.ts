/** Where requests come from. Cron and heartbeat enter by the same road as people. */
export const ORIGINS = ["cli", "telegram", "cron", "heartbeat"] as const;

/** Where a request came from. */
export type Origin = typeof ORIGINS[number];

/** What somebody said to the assistant. */
export interface InboundMessage {
  readonly origin: Origin;
  /** The conversation: `cli:…`, `telegram:<chat id>`. */
  readonly conversation: string;
  /** Where something was pasted or came along, its placeholder stands here. */
  readonly text: string;
  /** What was pasted: text of others, for readers without tools only. */
  readonly pasted?: { readonly artefact: string; readonly text: string };
  /** The words were spoken, and confirmed by whoever spoke; so nothing in them was pasted. */
  readonly spoken?: true;
  /** What came along, in its order. */
  readonly enclosed?: readonly Enclosed[];
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Something that others wrote or made and that came with a message: for readers without tools. */
export interface Enclosed {
  readonly artefact: string;
  /** What stands in its place: none of its words, and the artefact's id at the end. */
  readonly shown: string;
  /** Its words, where it has some. */
  readonly text?: string;
  /** Where programs find the file that it is. */
  readonly path?: string;
  /** Models that see may be shown it. */
  readonly isPicture?: true;
}
