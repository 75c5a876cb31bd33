import { CodedError, type FailureCode } from "../domain/failure.ts";
import type { Clean, Redacted } from "../domain/redacted.ts";
import type { TurnEvent } from "../domain/turn_event.ts";
import { sha256Hex } from "../text/canonical_json.ts";

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
  /** What they wrote in their own words; empty for a button, or a file without a word. */
  readonly text: string;
  /** When it was said, in milliseconds since 1970. */
  readonly at: number;
  /** The message as its channel numbers it, for answers to it and for taking it away. */
  readonly message?: string;
  /** A button of ours was pressed. */
  readonly press?: ButtonPress;
  /** The message of ours that it answers, as its channel numbers it. */
  readonly replyTo?: string;
  /** Somebody else's words that came with it: material, never an instruction of this person. */
  readonly quoted?: readonly QuotedText[];
  /** Files that came with it; none is fetched before it is clear who sent it. */
  readonly attachments?: readonly Attachment[];
  /** Updates with the same key are parts of one message, such as the pictures of an album. */
  readonly joinKey?: string;
  /** The conversation goes on under this name from now on. */
  readonly movedTo?: string;
  /** Why it could not be read. Nothing is done for it but keeping this. */
  readonly unreadable?: string;
}

/** A press of a button. */
export interface ButtonPress {
  /** The press itself, for acknowledging it. */
  readonly id: string;
  /** The choice that stands on the button, as `OutgoingMessage.choices` named it. */
  readonly choice: string;
}

/** Words of somebody else. */
export interface QuotedText {
  readonly how: "forwarded" | "quoted";
  readonly text: string;
  /** Whoever wrote them, as far as the channel says. */
  readonly from?: string;
}

/** A file that came with an update, as the channel announces it. */
export interface Attachment {
  readonly kind: "document" | "photo" | "audio" | "video" | "voice";
  /** By this the channel fetches it. */
  readonly file: string;
  /** The same for the same file, whoever sends it. */
  readonly unique: string;
  /** What the sender's device calls it: their words. */
  readonly name?: string;
  readonly mime?: string;
  readonly bytes?: number;
  readonly seconds?: number;
  /** Somebody else made it, and this person passed it on. */
  readonly forwarded?: true;
}

/** A file that was fetched. */
export interface FetchedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What its server calls it. */
  readonly name?: string;
}

/** What is to be told in a conversation. */
export interface OutgoingMessage {
  /** The same message has the same key, so that it is not told twice. */
  readonly key: string;
  readonly conversation: string;
  readonly text: Redacted;
  /** What its text is; left out: it means itself, sign for sign. */
  readonly form?: "markdown";
  /** It is told as a message of its own, for a text that takes another's place tells nobody. */
  readonly isNews?: true;
  /** The turn whose answer it is, or whose question. */
  readonly turn?: string;
  /** The turn goes on when this question is answered. */
  readonly question?: string;
  /** How the turn ended, where it did. */
  readonly status?: string;
  /** Why it failed, where it did. */
  readonly code?: string;
  /** Buttons below it. A channel without buttons leaves them out: the text says how to answer too. */
  readonly choices?: readonly Choice[];
  /** Whom it asks; nobody else can press its buttons, or answer it. */
  readonly person?: string;
  /** A plain answer to it is this command, with what they write behind it. */
  readonly onReply?: string;
  /** The message that it answers, as the channel numbers it. */
  readonly answers?: string;
  /** The key of a message that was told: this text takes its place, without buttons. */
  readonly replaces?: string;
}

/** A button. */
export interface Choice {
  /** Cannot be guessed; 1 to 64 of `A-Z a-z 0-9 _ -`. */
  readonly id: string;
  readonly label: Redacted;
  /** To press it is to write this. */
  readonly says: string;
}

/** How far a message has been told, on disk: a message of several parts goes on where it was. */
export interface ToldSoFar {
  /** The parts that were told, in order, as the channel numbers them. */
  readonly parts: readonly string[];
  /** The parts of the message that this one replaces. */
  readonly replaced: readonly string[];
  /**
   * The messages that showed how far its turn was, as it stands when this is read: the last one becomes
   * this text, if it can.
   */
  readonly statuses: readonly string[];
  /** One more part may have been told, and whoever told it never heard; as it stands just then. */
  readonly unclear?: UnclearPart | undefined;
  /** Notes that one more is being told: until `told` or `notTold`, nobody knows whether it was. */
  tells(): void;
  /** Notes that it surely was not. */
  notTold(): void;
  /** Notes that one more was told. */
  told(part: string): void;
}

/** A part that may have been told. */
export interface UnclearPart {
  /** The highest number of each conversation of the channel that was known before. */
  readonly after: readonly { readonly conversation: string; readonly part: string }[];
  /** Whether this is the number of something else that was told. */
  isKnown(part: string): boolean;
}

/** Why a channel did not do something. */
export type ChannelProblem =
  /** However often it is tried, it will not be taken. */
  | { readonly kind: "refused" }
  /** It was not done, and can be tried again; `afterMs`: not before. */
  | { readonly kind: "later"; readonly afterMs?: number }
  /** Nobody knows whether it was done. */
  | { readonly kind: "unclear" }
  /** The conversation goes on under this name. */
  | { readonly kind: "moved"; readonly to: string };

/** An error of a channel, with what follows from it. */
export class ChannelError extends CodedError {
  readonly problem: ChannelProblem;

  constructor(problem: ChannelProblem, code: FailureCode, message: string, hint?: string) {
    super(code, message, hint);
    this.problem = problem;
  }
}

/** Who takes what a channel hears. */
export interface Sink {
  /** Resolves when all of it is on disk. A channel may confirm it only then. */
  accept(updates: readonly IncomingUpdate[]): Promise<void>;
}

/** A turn that is under way. */
export interface TurnUnderWay {
  readonly turn: string;
  readonly conversation: string;
  /** The message that it answers, as the channel numbers it. */
  readonly message?: string;
}

/** Shows how far a turn is. Must not throw. */
export interface TurnWatch {
  hear(event: Clean<TurnEvent>): void;
  /** Nothing more is heard; the answer or the question is told next, by `send`. */
  end(): void;
}

/** Where people are heard and answered. */
export interface Channel {
  readonly name: string;
  /** An update that comes again is told its answer again; where people listen it would be told twice. */
  readonly tellsAgain?: true;
  /** No person is heard or reached there: it is a part of the house, and not shown as a channel. */
  readonly isInward?: true;
  /**
   * When it last heard of its server, in milliseconds since 1970. Absent: it asks none, and is always
   * well.
   */
  heardAt?(): number | undefined;
  /** UTF-16 code units of a message at most; what people say at greater length comes in several. */
  readonly longestText?: number;
  /** Bytes of a file at most that can be fetched. */
  readonly largestFile?: number;
  /**
   * Fetches a file that came with an update.
   * @throws {CodedError} when it cannot be had
   * @throws the signal's reason when it is aborted
   */
  fetchFile?(file: Attachment, signal: AbortSignal): Promise<FetchedFile>;
  /** How it stands, in a few words; absent while all is well. */
  trouble?(): string | undefined;
  /** Hears until `signal` is aborted. */
  listen(sink: Sink, signal: AbortSignal): Promise<void>;
  /**
   * Tells it. Resolves when it was taken.
   * @throws {ChannelError} when it was not, or may not have been
   */
  send(message: OutgoingMessage, signal: AbortSignal, soFar: ToldSoFar): Promise<void>;
  /** Shows that a turn is under way, until its end. `soFar`: what was shown of it, as it stands now. */
  watch?(turn: TurnUnderWay, soFar: () => ToldSoFar): TurnWatch;
  /**
   * Says at once that a press was heard, with a few words where it counts for nothing; what comes of
   * it follows by `send`. Must not throw.
   */
  acknowledge?(press: ButtonPress, words: string | undefined, signal: AbortSignal): Promise<void>;
  /** Takes a message of somebody away, as one in which a secret stands; whether that could be done. */
  takeAway?(conversation: string, message: string, signal: AbortSignal): Promise<boolean>;
}

/** The turn that answers an update: it follows from the update, however often that comes. */
export async function turnOf(
  { channel, update }: Pick<IncomingUpdate, "channel" | "update">,
): Promise<string> {
  const hash = await sha256Hex(JSON.stringify([channel, update]));
  return `m${hash.slice(0, 15)}`;
}
