import { commandWords } from "../cli/command_words.ts";
import { isTrueOf } from "../cli/commands.ts";
import type { ConfigWarning } from "../config/parse.ts";
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

/**
 * Reads the text by the schema, which is loaded for that alone; commands that help to mend it get
 * what counts without any.
 */
export async function readCoreConfig(
  source: ConfigSource,
): Promise<CoreConfig | { readonly failure: Failure }> {
  const { args, configPath, configText, configIsNamed } = source;
  if (configText === undefined) {
    const message = `There is no file "${configPath}", so everything is as it is by default.`;
    const missing = { kind: "missing", path: "", message } as const;
    return { config: await defaults(), warnings: configIsNamed ? [missing] : [] };
  }
  const { parseConfig } = await import("../config/parse.ts");
  const { findMisforms } = await import("../app/config_forms.ts");
  const parsed = parseConfig(configText, configPath, findMisforms);
  if (parsed.kind === "ok") return { config: parsed.config, warnings: parsed.warnings };
  return worksAnyhow(args) ? await withoutConfig(parsed.failure) : { failure: parsed.failure };
}

/** What counts while the file cannot be read, with a doubt that says why. */
async function withoutConfig({ message, hint = "" }: Failure): Promise<CoreConfig> {
  const warning = { kind: "missing", path: "", message: `${message} ${hint}`.trim() } as const;
  return { config: await defaults(), warnings: [warning] };
}

async function defaults(): Promise<Config> {
  const { readyDefault } = await import("../config/default_config.ts");
  if (readyDefault !== undefined) return readyDefault;
  const { defaultConfig } = await import("../config/parse.ts");
  return defaultConfig();
}

/** What helps to mend a configuration must not need one. */
function worksAnyhow(args: readonly string[]): boolean {
  const [command = "help"] = commandWords(args);
  return command === "help" || isTrueOf(args, "worksWithoutConfig") ||
    ["--help", "-h"].includes(args.at(-1) ?? "");
}
