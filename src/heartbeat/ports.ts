import type { IncomingUpdate, OutgoingMessage } from "../channels/channel.ts";
import type { Clock } from "../platform/platform.ts";
import type { HeartbeatFile } from "./heartbeat_file.ts";
import type { DueAfter } from "./plan.ts";
import type { QuietHours } from "../text/quiet_hours.ts";
import type { BeatState } from "./state.ts";

/** What the heartbeat needs. */
export interface HeartbeatPorts {
  readonly file: HeartbeatFile;
  readonly clock: Pick<Clock, "now">;
  readonly notes: BeatNotes;
  readonly settings: HeartbeatSettings;
  readonly dueAfter: DueAfter;
  load(): Promise<BeatState>;
  /** It is on disk when this resolves. */
  save(state: BeatState): Promise<void>;
  /** Looks, before any model is asked, whether something may be begun. */
  findHindrance(): Promise<Hindrance | undefined>;
  /** Says something to the assistant; resolves when it is on disk. Said again, it is the same. */
  post(update: IncomingUpdate): Promise<void>;
  /** Has the owner told; resolves when that is on disk. Told again under its key, it is the same. */
  tell(message: BeatMessage): Promise<void>;
}

/** How the configuration wants it. */
export interface HeartbeatSettings {
  readonly intervalMs: number;
  readonly quiet: QuietHours | undefined;
  /** The zone of the quiet hours. */
  readonly zone: string;
  /** Requests to models in one tick, after which what is left waits for the next one. */
  readonly callsPerTick: number;
}

/** Why nothing is begun just now. */
export type Hindrance =
  /** The owner is being answered: it can be done a little later. */
  | { readonly kind: "busy" }
  /** It is left out this time. */
  | { readonly kind: "skip"; readonly reason: string };

/** What the owner is told. */
export type BeatMessage =
  & Pick<OutgoingMessage, "key" | "question" | "turn" | "status" | "choices">
  & { readonly text: string };

/** What became of a tick. */
export interface EndedTick {
  readonly due: number;
  readonly state: "done" | "failed" | "skipped";
  readonly reason?: string;
}

/** A task that is done. */
export interface TaskRun {
  readonly id: string;
  readonly name: string;
  readonly due: number;
  readonly turn: string;
}

/** Where is noted what became of ticks and tasks. */
export interface BeatNotes {
  tickEnded(tick: EndedTick): Promise<void>;
  taskStarted(run: TaskRun): Promise<void>;
  /** `error`: why it failed. */
  taskEnded(run: TaskRun, error?: string): Promise<void>;
}
