import type { JobBook, JobView } from "../cron/job_book.ts";
import type { JobRun } from "../cron/ledger.ts";
import { readJobOrder } from "../cron/order.ts";
import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { ControlOp } from "./control.ts";
import type { KeptNotice } from "./notices.ts";

// What can be asked of the jobs of a running gateway.

/** What came of a job that was begun at once. */
export interface JobOutcome {
  readonly run: JobRun;
  /** What would have been told. */
  readonly text: string;
}

/** What the gateway does with jobs for commands. */
export interface JobDoor {
  readonly book: JobBook;
  /** Begins a job now, beside its times, and waits for its end. */
  runNow(id: string, signal: AbortSignal): Promise<JobOutcome>;
  /** What waits for the owner; it counts as told. */
  takeNotices(): readonly KeptNotice[];
}

/** The operations, by the names that commands use. */
export function createCronOps(door: JobDoor): Readonly<Record<string, ControlOp>> {
  const { book } = door;
  return {
    "cron.add": async (args) => asJson(await book.add(readJobOrder(args))),
    "cron.list": async () => asJson(await book.list()),
    "cron.show": async (args) => asJson(await book.show(idOf(args))),
    "cron.remove": async (args) => asJson(await book.remove(idOf(args))),
    "cron.enable": async (args) => asJson(await book.enable(idOf(args), args["enabled"] === true)),
    "cron.history": async (args) => {
      const id = args["id"] === undefined ? undefined : idOf(args);
      return asJson(await book.history(id, Number(args["most"] ?? 20)));
    },
    "cron.run": async (args, signal) => asJson(await door.runNow(idOf(args), signal)),
    "owner.notices": () => Promise.resolve(asJson(door.takeNotices())),
  };
}

/** The book of a gateway that runs, by what answers its operations. */
export function createRemoteJobBook(
  ask: (op: string, args: JsonObject) => Promise<Json>,
): JobBook {
  const view = async (op: string, args: JsonObject) => await ask(op, args) as unknown as JobView;
  return {
    add: (order) => view("cron.add", asJson(order) as JsonObject),
    list: async () => await ask("cron.list", {}) as unknown as readonly JobView[],
    show: (id) => view("cron.show", { id }),
    remove: (id) => view("cron.remove", { id }),
    enable: (id, enabled) => view("cron.enable", { id, enabled }),
    history: async (id, most) => {
      const args = { most, ...(id === undefined ? {} : { id }) };
      return await ask("cron.history", args) as unknown as readonly JobRun[];
    },
  };
}

function idOf(args: JsonObject): string {
  const { id } = args;
  if (typeof id === "string" && id !== "") return id;
  throw new CodedError("usage", '"id" must be a text that is not empty.');
}

/** Plain data as it is sent. */
function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}
