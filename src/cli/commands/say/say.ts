import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { createRandom } from "../../../platform/deno.ts";
import { escapeText } from "../../../text/escape.ts";
import type { CliContext, End, ExitCode } from "../../context.ts";
import { askLive } from "../../live.ts";
import { formatJson } from "../../stores.ts";

interface SayOptions {
  readonly as: string;
  readonly conversation?: string | undefined;
  readonly id?: string | undefined;
  readonly timeout?: string | undefined;
  readonly json?: true | undefined;
}

/** `clambot say`: something said to the gateway as somebody, for tests and scripts. */
export function registerSay(program: Command, context: CliContext, end: End): void {
  program.command("say")
    .description("Say something to the gateway, and print what it tells until it is answered")
    .argument("<text>")
    .requiredOption("--as <id>", "who says it: an id in the channel `loopback`")
    .option("--conversation <name>", "where it is said (default: the conversation of that id)")
    .option("--id <id>", "names this saying: said again, it is told the same answer")
    .option("--timeout <seconds>", "how long to wait for the answer (default: as long as it takes)")
    .option("--json", "print one JSON object")
    .action(async (text, options) => end(await say(text, options, context)));
}

async function say(text: string, options: SayOptions, context: CliContext): Promise<ExitCode> {
  const { as, id = createRandom().id(), conversation = as, json } = options;
  const told: JsonObject[] = [];
  const hear = (event: JsonObject) => {
    told.push(event);
    if (!json) context.terminal.out(`${escapeText(String(event.text))}\n`);
  };
  const live = await askLive(context, "say", { id, as, text, conversation }, {
    hear,
    seconds: readTimeout(options.timeout),
    tooLate: "Say it again with the same --id to hear its answer.",
  });
  if (!live) {
    const message = "No gateway runs in this home, so nobody hears it.";
    throw new CodedError("gateway_missing", message, "Start one: clambot gateway");
  }
  const status = told.at(-1)?.status ?? null;
  const reply = told.map((event) => String(event.text)).join("\n\n");
  if (json) context.terminal.out(formatJson({ status, reply, id, messages: told }));
  return exitCodeFor(status);
}

function readTimeout(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (seconds > 0 && seconds <= MOST_SECONDS) return seconds;
  const message = `--timeout ${text}: this is no number of seconds from 1 to ${MOST_SECONDS}.`;
  throw new CodedError("usage", message);
}

/** A week. */
const MOST_SECONDS = 604_800;

/** The codes of `agent -m`. */
function exitCodeFor(status: unknown): ExitCode {
  if (status === "needs_person") return 3;
  return status === "failed" ? 1 : 0;
}
