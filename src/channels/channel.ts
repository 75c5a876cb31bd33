import { sha256Hex } from "../text/canonical_json.ts";
import type { Redacted } from "../domain/redacted.ts";

/** Something that somebody said by way of a channel. */
export interface IncomingUpdate {
  /** The channel's name. */
  readonly channel: string;
  /** Its own number of it, as text: the same update has the same one however often it comes. */
  readonly update: string;
  /** The conversation where it belongs: `loopback:anna`. */
  readonly conversation: string;
  readonly place: "private" | "group";
  readonly person: { readonly id: string; readonly name?: string };
  readonly text: string;
  /** When it was said, in milliseconds since 1970. */
  readonly at: number;
}

/** What is to be told in a conversation. */
export interface OutgoingMessage {
  /** The same message has the same key, so that it is not told twice. */
  readonly key: string;
  readonly conversation: string;
  readonly text: Redacted;
  /** The turn whose answer it is, or whose question. */
  readonly turn?: string;
  /** The turn goes on when this question is answered. */
  readonly question?: string;
  /** How the turn ended, where it did. */
  readonly status?: string;
}

/** Who takes what a channel hears. */
export interface Sink {
  /** Resolves when all of it is on disk. A channel may confirm it only then. */
  accept(updates: readonly IncomingUpdate[]): Promise<void>;
}

/** Where people are heard and answered. */
export interface Channel {
  readonly name: string;
  /** An update that comes again is told its answer again; where people listen it would be told twice. */
  readonly tellsAgain?: true;
  /**
   * When it last heard of its server, in milliseconds since 1970. Absent: it asks none, and is always
   * well.
   */
  heardAt?(): number | undefined;
  /** Hears until `signal` is aborted. */
  listen(sink: Sink, signal: AbortSignal): Promise<void>;
  /**
   * Tells it. Resolves when it was taken.
   * @throws {CodedError} when it was not, and can be tried again
   */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<void>;
}

/** The turn that answers an update: it follows from the update, however often that comes. */
export async function turnOf(
  { channel, update }: Pick<IncomingUpdate, "channel" | "update">,
): Promise<string> {
  const hash = await sha256Hex(JSON.stringify([channel, update]));
  return `m${hash.slice(0, 15)}`;
}
