import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext, End } from "../../context.ts";
import { unlockIfWanted } from "../../unlock.ts";
import { readinessRows } from "../../readiness.ts";

/** `clambot models`: names to put into `agents.defaults.model`. */
export function registerModels(program: Command, context: CliContext, end: End): void {
  program.command("models")
    .description("List models of a provider, or of all that are ready")
    .argument("[provider]")
    .option("--json", "print a JSON array of names")
    .action(async (name, options) => {
      const names = await listNames(name, context);
      context.terminal.out(
        options.json
          ? `${JSON.stringify(names)}\n`
          : names.map((model) => `${escapeLine(model)}\n`).join(""),
      );
      end(0);
    });
}

async function listNames(name: string | undefined, context: CliContext): Promise<string[]> {
  const { openProviderPorts } = await import("../../../app/models.ts");
  const { findProvider, PROVIDER_NAMES } = await import("../../../providers/catalog.ts");
  const { listModels } = await import("../../../providers/models.ts");
  const ready = (await readinessRows(context)).filter((row) => row.ready).map((row) => row.name);
  const wanted = name === undefined ? ready : [name];
  if (wanted.length === 0) {
    throw new CodedError("no_model", "No provider is set up.", "clambot onboard");
  }
  await unlockIfWanted(context);
  const ports = openProviderPorts(context);
  const lists = await Promise.all(wanted.map(async (one) => {
    const entry = findProvider(one);
    if (!entry) {
      const hint = `Providers are ${PROVIDER_NAMES.join(", ")}.`;
      throw new CodedError("usage", `There is no provider "${one}".`, hint);
    }
    const signal = AbortSignal.timeout(10_000);
    const { models, failure } = await listModels(entry, context.config.providers, ports, signal);
    if (failure && models.length === 0) throw failure;
    if (failure) context.terminal.err(`clambot: ${failure.message} A short list follows.\n`);
    return models.map((model) => `${entry.name}/${model}`);
  }));
  return lists.flat();
}
