import type { Command } from "@commander-js/extra-typings";
import type { Json } from "../../../domain/json.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { CliContext, End } from "../../context.ts";
import { listDroppedGrants } from "../../dropped_grants.ts";
import { listDoubts } from "../../doubts.ts";

/** `clambot config`: the person's configuration file. */
export function registerConfig(program: Command, context: CliContext, end: End): void {
  const config = program.command("config")
    .description("Show, check and change the configuration");
  config.command("path").description("Print where the configuration file is").action(() => {
    context.terminal.out(`${context.configPath}\n`);
    end(0);
  });
  config.command("check")
    .description("Check the file; exit code 1 when something in it was hardly meant so")
    .option("--json", "print one JSON object")
    .action(async ({ json }) => end(await check(json, context)));
  config.command("get")
    .description("Print a key or a section; keys of providers and tokens are masked")
    .argument("[key]", "dotted path; the whole configuration when left out")
    .option("--json", "print JSON, text in quotation marks too")
    .action(async (key, { json }) => end(await get(key, json, context)));
  config.command("set")
    .description("Set a key in the file; everything else in it stays as it is")
    .argument("<key>")
    .argument("<value>", "JSON, or plain text where text is expected")
    .action(async (key, value) => {
      const { parseValue } = await import("../../../config/change.ts");
      await change(key, parseValue(key, value), context);
      end(0);
    });
  config.command("unset")
    .description("Take a key out of the file, so that its default counts again")
    .argument("<key>")
    .action(async (key) => {
      await change(key, undefined, context);
      end(0);
    });
}

async function check(json: true | undefined, context: CliContext): Promise<0 | 1> {
  const { configPath: path, terminal, warnings } = context;
  const { openStores } = await import("../../../app/stores.ts");
  const doubts = [...listDoubts(context), ...await listDroppedGrants(openStores(context))];
  const unused = warnings.filter(({ kind }) => kind === "unused").map(({ message }) => message);
  if (json) terminal.out(`${JSON.stringify({ path, ok: doubts.length === 0, doubts, unused })}\n`);
  else {
    for (const sentence of [...doubts, ...unused]) terminal.err(`clambot: ${sentence}\n`);
    if (doubts.length === 0) terminal.out(`${path}: in order.\n`);
  }
  return doubts.length === 0 ? 0 : 1;
}

async function get(
  key: string | undefined,
  json: true | undefined,
  context: CliContext,
): Promise<0> {
  const { findNearestKey, findPlace, showKey } = await import("../../../config/keys.ts");
  const value = showKey(context.config, key ?? "");
  if (value === undefined && !findPlace(key ?? "")) {
    throw unknownKey(key ?? "", findNearestKey(key ?? ""));
  }
  const text = typeof value === "string" && !json ? value : JSON.stringify(value ?? null, null, 2);
  context.terminal.out(`${text}\n`);
  return 0;
}

async function change(
  key: string,
  value: Json | undefined,
  context: CliContext,
): Promise<void> {
  const lines = await context.launcher.changeConfig([{ key, value }]);
  for (const line of lines) context.terminal.out(`${line}\n`);
}

function unknownKey(key: string, nearest: string | undefined): CodedError {
  const hint = nearest === undefined ? "See docs/configuration.md." : `Did you mean ${nearest}?`;
  return new CodedError("config_invalid", `There is no key "${key}".`, hint);
}
