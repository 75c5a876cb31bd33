import { CodedError } from "../../domain/failure.ts";
import {
  type Channel,
  type FetchedFile,
  type IncomingUpdate,
  type OutgoingMessage,
  type Sink,
  turnOf,
} from "../channel.ts";

/** The channel of the control socket: for tests and scripts. */
export interface LoopbackChannel extends Channel {
  /**
   * Says something as somebody. `onMessage` gets what is told of it, until it is answered.
   * @returns its end, as the last message says it
   */
  say(
    said: LoopbackSaying,
    onMessage: (message: OutgoingMessage) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

/** What somebody says. */
export interface LoopbackSaying {
  /** Who: the person's id in this channel. */
  readonly as: string;
  readonly text: string;
  /** The conversation within this channel; the person's own when left out. */
  readonly conversation?: string;
  /** The same id is the same saying, however often it comes. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** What comes along. */
  readonly with?: Pick<IncomingUpdate, "quoted" | "attachments" | "joinKey">;
}

/** Where files come from that were said to come along, and the limits of a channel with people. */
export interface LoopbackFiles {
  readonly longestText?: number;
  readonly largestFile?: number;
  find(file: string, signal: AbortSignal): Promise<FetchedFile | undefined>;
}

/** Builds it. Messages that nobody waits for any more count as told. */
export function createLoopbackChannel(files?: LoopbackFiles): LoopbackChannel {
  const listeners = new Map<string, Set<(message: OutgoingMessage) => void>>();
  const sink = Promise.withResolvers<Sink>();
  return {
    name: "loopback",
    tellsAgain: true,
    ...(files ? bringing(files) : {}),
    async listen(taken, signal) {
      sink.resolve(taken);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    },
    send(message) {
      for (const tell of listeners.get(message.turn ?? "") ?? []) tell(message);
      return Promise.resolve();
    },
    async say({ as, text, id, at, conversation: named = as, with: along }, onMessage, signal) {
      const conversation = `loopback:${named}`;
      const turn = await turnOf({ channel: "loopback", update: id });
      const answered = Promise.withResolvers<void>();
      const hear = (message: OutgoingMessage) => {
        onMessage(message);
        if (message.status !== undefined) answered.resolve();
      };
      const all = listeners.get(turn) ?? new Set();
      listeners.set(turn, all.add(hear));
      const leave = () => answered.reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      try {
        const update = { channel: "loopback", update: id, conversation, text, at, ...along };
        await (await sink.promise).accept([{ ...update, place: "private", person: { id: as } }]);
        await answered.promise;
      } finally {
        signal.removeEventListener("abort", leave);
        all.delete(hear);
        if (all.size === 0) listeners.delete(turn);
      }
    },
  };
}

function bringing(
  { find, ...limits }: LoopbackFiles,
): Pick<Channel, "longestText" | "largestFile" | "fetchFile"> {
  return {
    ...limits,
    async fetchFile({ file }, signal) {
      const fetched = await find(file, signal);
      if (!fetched) throw new CodedError("file_not_found", `There is no file "${file}".`);
      return fetched;
    },
  };
}
