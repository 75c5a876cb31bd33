import { unlockIfWanted } from "./unlock.ts";
import { openFiles } from "../platform/files.ts";
import type { CodedError } from "../domain/failure.ts";
import type { ProviderEntry } from "../providers/catalog.ts";
import type { CliContext } from "./context.ts";

/** A provider as `status` and `provider list` show it. */
export interface ReadinessRow {
  readonly name: string;
  readonly ready: boolean;
  readonly note: string;
}

/** All nine providers; nothing is asked. */
export async function readinessRows(context: CliContext): Promise<ReadinessRow[]> {
  const { readReadiness } = await import("../providers/readiness.ts");
  const secrets = openFiles(context.layout.secrets);
  const all = await readReadiness(context.config.providers, secrets);
  return all.map(({ provider, ready, note }) => ({ name: provider.name, ready, note }));
}

/** How a provider took one minimal question. */
export interface CheckRow {
  readonly name: string;
  /** `ok`, or a code of docs/errors.md. */
  readonly outcome: string;
  readonly ms: number | null;
  /** What went wrong and what to do, when something did. */
  readonly message?: string;
  readonly hint?: string;
}

/** Asks every ready provider one minimal question. */
export async function checkRows(context: CliContext): Promise<CheckRow[]> {
  const { openProviderPorts } = await import("../app/models.ts");
  const { checkProvider } = await import("../providers/check.ts");
  const { findProvider } = await import("../providers/catalog.ts");
  await unlockIfWanted(context);
  const ports = openProviderPorts(context);
  const settings = { providers: context.config.providers, models: context.config.agents.models };
  const ready = (await readinessRows(context)).filter((row) => row.ready);
  return await Promise.all(ready.map(async ({ name }) => {
    const entry = findProvider(name);
    if (!entry) return { name, outcome: "unknown", ms: null };
    const model = modelFor(entry, context.config.agents.defaults.model);
    const signal = AbortSignal.timeout(30_000);
    const check = await checkProvider(entry, model, settings, ports, signal);
    return check.kind === "answered"
      ? { name, outcome: "ok", ms: check.ms }
      : { name, outcome: check.code, ms: null, ...sentencesOf(check.error) };
  }));
}

function sentencesOf({ failure: { message, hint } }: CodedError) {
  return hint === undefined ? { message } : { message, hint };
}

/** The configured model where it is this provider's; else its own default is asked. */
function modelFor({ name, takesBareNames }: ProviderEntry, model: string): string | undefined {
  if (model.startsWith(`${name}/`)) return model.slice(name.length + 1);
  return takesBareNames && model !== "" && !model.includes("/") ? model : undefined;
}
