import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Answer } from "../domain/turn.ts";
import type { QuestionEnd } from "../runs/line.ts";
import type { OutgoingMessage } from "../channels/channel.ts";
import type { ControlOp } from "./control.ts";
import { createCronOps, type JobDoor } from "./cron_ops.ts";
import type { GatewayStatus } from "./gateway.ts";
import type { GrantsForRun } from "./gateway_ports.ts";

// What can be asked over the control socket, and how its arguments are read. What each does comes in
// by a port.

/** How the gateway stands, as `clambot status` shows it. */
export interface GatewayStanding extends GatewayStatus {
  readonly pid: number;
}

/** Something said to the assistant by somebody over the loopback channel. */
export interface LoopbackSaid {
  /** Names it: said again under the same one, it is the same. */
  readonly id: string;
  readonly as: string;
  readonly text: string;
  /** The conversation within the channel. */
  readonly conversation: string;
}

/** What is told of it. */
export type SaidEvent = Pick<OutgoingMessage, "text" | "question" | "status">;

/** What the gateway does for commands. */
export interface ControlDoor {
  standing(): GatewayStanding;
  /** Answers a question, and goes on with its run where it belongs. @throws {CodedError} `question_closed`, … */
  answer(question: string, reply: QuestionEnd, signal: AbortSignal): Promise<Answer>;
  /** Goes on with a run. */
  goOn(run: string, given: GrantsForRun, signal: AbortSignal): Promise<Answer>;
  /** Ends a run, under way or not. */
  cancel(run: string): Promise<void>;
  /** Says something; resolves once the last of what is told of it was told. */
  say(said: LoopbackSaid, tell: (event: SaidEvent) => void, signal: AbortSignal): Promise<void>;
  readonly jobs: JobDoor;
}

/** The operations of a gateway, by the names that commands use. */
export function createControlOps(door: ControlDoor): Readonly<Record<string, ControlOp>> {
  return {
    ...createCronOps(door.jobs),
    "gateway.status": () => Promise.resolve(asJson(door.standing())),
    "approvals.answer": async (args, signal) =>
      asJson(await door.answer(textOf(args, "question"), replyOf(args.reply), signal)),
    "runs.resume": async (args, signal) =>
      asJson(await door.goOn(textOf(args, "run"), givenOf(args), signal)),
    "runs.cancel": async (args) => {
      const run = textOf(args, "run");
      await door.cancel(run);
      return { run };
    },
    say: async (args, signal, emit) => {
      const said = {
        id: textOf(args, "id"),
        as: textOf(args, "as"),
        text: textOf(args, "text"),
        conversation: textOf(args, "conversation"),
      };
      await door.say(said, (event) => emit(asJson(event) as JsonObject), signal);
      return {};
    },
  };
}

/** Plain data as it is sent. */
function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

function textOf(args: JsonObject, name: string): string {
  const value = args[name];
  if (typeof value === "string" && value !== "") return value;
  throw new CodedError("usage", `"${name}" must be a text that is not empty.`);
}

function givenOf(args: JsonObject): GrantsForRun {
  const { grant = [] } = args;
  if (!Array.isArray(grant) || !grant.every((one) => typeof one === "string")) {
    throw new CodedError("usage", '"grant" must be a list of texts.');
  }
  return args.expires === undefined ? { grant } : { grant, expires: textOf(args, "expires") };
}

/** What a person may answer; what the program itself says of a question is not among it. */
function replyOf(value: Json | undefined): QuestionEnd {
  const given = value !== null && typeof value === "object" && !Array.isArray(value)
    ? value as JsonObject
    : {};
  const { kind, forMs } = given;
  switch (kind) {
    case "once":
    case "all":
    case "lease":
    case "reject":
      return { kind };
    case "turn":
      return { kind, scope: textOf(given, "scope") };
    case "always":
      return {
        ...{ kind, scope: textOf(given, "scope") },
        ...(typeof forMs === "number" && forMs > 0 ? { forMs } : {}),
      };
  }
  throw new CodedError("usage", '"reply" is none that a question has.');
}
