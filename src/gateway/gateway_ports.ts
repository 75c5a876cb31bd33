import type { Channel } from "../channels/channel.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Answer } from "../domain/turn.ts";
import type { Clock, Log, Random } from "../platform/platform.ts";
import type { ToldQuestion } from "./prompts.ts";
import type { ServerStanding } from "./server_standing.ts";
import type { DeadLetter, GatewayStore, KeptUpdate, StoreCounts } from "./store.ts";

/** What becomes of an update before any turn. */
export type Admission =
  /** It is taken to an answer; `as`: for what was said before, and is meant now. */
  | { readonly kind: "turn"; readonly as?: KeptUpdate }
  /** It was a command, or nobody may say this here: this is told, if anything. */
  | {
    readonly kind: "done";
    readonly text?: string;
    /** To be told elsewhere, as to the owners. */
    readonly others?: readonly MessageToOthers[];
  };

/** A voice note was put into words; they count as said once its speaker confirms them. */
export interface HeardVoice {
  readonly heard: string;
}

/** Something to be told in another conversation than that of the update. */
export interface MessageToOthers {
  readonly channel: string;
  readonly conversation: string;
  readonly text: string;
}

/** Where conversations of channels are now. */
export interface ChatMoves {
  /** The conversation under which one goes on. */
  whereNow(conversation: string): Promise<string>;
  /** One goes on under another name from now on. */
  move(from: string, to: string): Promise<void>;
}

/** What the gateway needs of the house. */
export interface GatewayPorts {
  readonly store: GatewayStore;
  readonly channels: readonly Channel[];
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** Chats that go on under other names; none do where it is left out. */
  readonly moves?: ChatMoves;
  readonly random: Random;
  /** Conversations that are answered at once. */
  readonly concurrency: number;
  /** The same for what the house does by itself: people do not wait for it. */
  readonly jobsAtOnce: number;
  /** Hours after which what was said is not acted on any more. */
  readonly maxAgeHours: number;
  /** Updates of one person that may wait. */
  readonly mostWaiting: number;
  /** Decides at once, before the queue: who may speak, and what is a command. */
  admit(update: KeptUpdate, isAgain: boolean): Promise<Admission>;
  /** Milliseconds to wait for what may still belong to a request; a second when left out. */
  readonly joinMs?: number;
  /** Takes an update to its answer, or goes on with it where a process ended before it did. */
  answer(update: KeptUpdate, signal: AbortSignal): Promise<Answer | HeardVoice>;
  /** Goes on with a run that waited or was broken off. */
  resume(run: string, signal: AbortSignal, given?: GrantsForRun): Promise<Answer>;
  /** Whether something was done for an update in time, by whatever process. */
  isBegun(update: KeptUpdate): Promise<boolean>;
  /** Whether the run of a turn still waits for a person. */
  stillWaits(turn: string): Promise<boolean>;
  /** Ends what has waited too long, and takes away what is kept no longer. */
  lookAfterRuns(): Promise<void>;
  /** The text of an answer, or the question that it waits for. */
  describe(answer: Answer): Promise<ToldQuestion>;
  /** How a question ended, as its message then reads; `undefined` while it is open. */
  endOf(question: string): Promise<string | undefined>;
}

/** What somebody allows for one run alone, as they typed it. */
export interface GrantsForRun {
  /** `TOOL:SCOPE` each. */
  readonly grant: readonly string[];
  /** Such as `30m`. */
  readonly expires?: string;
}

/** A run that no process is at. */
export interface OpenRun {
  readonly run: string;
  readonly conversation: string;
}

/** The assistant in the background: hears, answers in turn, and tells. */
export interface Gateway {
  /** Hears and answers until `draining` is aborted and what runs has ended. `onServing`: work is taken. */
  run(draining: AbortSignal, onServing: () => void): Promise<void>;
  /** Goes on with a run when its conversation has its turn. */
  resumeLater(run: OpenRun): void;
  /** The same, with what comes of it; a conversation that waits for its answer is told it too. */
  resume(run: OpenRun, given?: GrantsForRun): Promise<Answer>;
  /** A run that waited was ended: whoever waits for its answer is told so. */
  tellEnded(run: string, text: string): void;
  /** Stops what is under way in a conversation, or about to begin. @returns whether there was something */
  cancel(conversation: string): boolean;
  /** Conversations in which a turn is under way. */
  underWay(): readonly string[];
  /**
   * What was heard last of somebody and waits for their yes, as the turn that says it; the same however
   * often that turn asks.
   */
  confirmHeard(by: KeptUpdate): KeptUpdate | undefined;
  status(): GatewayStatus;
}

/** How the gateway stands. */
export interface GatewayStatus extends StoreCounts {
  /** What nobody could deal with, oldest first. */
  readonly deadLetters: readonly DeadLetter[];
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly running: number;
  readonly queued: number;
  readonly channels: readonly string[];
  /** Channels that ask a server: what keeps them from hearing, and when they last heard. */
  readonly servers: readonly ServerStanding[];
}
