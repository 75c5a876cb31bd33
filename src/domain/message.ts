/** Where a request came from. Cron and heartbeat enter by the same road as people. */
export type Origin = "cli" | "telegram" | "cron" | "heartbeat";

/** What somebody said to the assistant. */
export interface InboundMessage {
  readonly origin: Origin;
  /** The conversation: `cli:…`, `telegram:<chat id>`. */
  readonly conversation: string;
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What the assistant sends back. */
export interface OutboundMessage {
  readonly conversation: string;
  readonly text: string;
}
