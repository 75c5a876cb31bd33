/** Where requests come from. Cron and heartbeat enter by the same road as people. */
export const ORIGINS = ["cli", "telegram", "cron", "heartbeat"] as const;

/** Where a request came from. */
export type Origin = typeof ORIGINS[number];

/** What somebody said to the assistant. */
export interface InboundMessage {
  readonly origin: Origin;
  /** The conversation: `cli:…`, `telegram:<chat id>`. */
  readonly conversation: string;
  /** Where something was pasted, its placeholder stands here. */
  readonly text: string;
  /** What was pasted: text of others, for readers without tools only. */
  readonly pasted?: { readonly artefact: string; readonly text: string };
  /** Milliseconds since 1970. */
  readonly at: number;
}
