import { findMisforms } from "../app/config_forms.ts";
import { commandWords } from "../cli/command_words.ts";
import { isTrueOf } from "../cli/commands.ts";
import { type ConfigWarning, defaultConfig, parseConfig } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import type { Failure } from "../domain/failure.ts";
import type { Start } from "./_messages.ts";

/** The configuration of a process, and what is doubtful about it. */
export interface CoreConfig {
  readonly config: Config;
  readonly warnings: readonly ConfigWarning[];
}

/** What the launcher has read of the configuration. */
export type ConfigSource = Pick<Start, "args" | "configPath" | "configText" | "configIsNamed">;

/** Reads the text by the schema; commands that help to mend it get what counts without any. */
export function readCoreConfig(source: ConfigSource): CoreConfig | { readonly failure: Failure } {
  const { args, configPath, configText, configIsNamed } = source;
  const parsed = parseConfig(configText ?? "{}", configPath, findMisforms);
  if (parsed.kind === "invalid") {
    return worksAnyhow(args) ? withoutConfig(parsed.failure) : { failure: parsed.failure };
  }
  const { config, warnings } = parsed;
  if (configText !== undefined || !configIsNamed) return { config, warnings };
  const message = `There is no file "${configPath}", so everything is as it is by default.`;
  return { config, warnings: [{ kind: "missing", path: "", message }] };
}

/** What counts while the file cannot be read, with a doubt that says why. */
function withoutConfig({ message, hint = "" }: Failure): CoreConfig {
  const warning = { kind: "missing", path: "", message: `${message} ${hint}`.trim() } as const;
  return { config: defaultConfig(), warnings: [warning] };
}

/** What helps to mend a configuration must not need one. */
function worksAnyhow(args: readonly string[]): boolean {
  const [command = "help"] = commandWords(args);
  return command === "help" || isTrueOf(args, "worksWithoutConfig") ||
    ["--help", "-h"].includes(args.at(-1) ?? "");
}
