import type { ConfigChange } from "../../../config/change.ts";
import { CodedError } from "../../../domain/failure.ts";
import {
  PROVIDER_NAMES,
  type ProviderEntry,
  PROVIDERS,
  type ProvidersSettings,
  typedName,
} from "../../../providers/catalog.ts";
import type { ModelSettings, ProviderPorts } from "../../../providers/ports.ts";
import { capital } from "../../../text/capital.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext } from "../../context.ts";
import { moveIntoVault, type PlainKey } from "../../config_secrets.ts";
import { cancellable, leftOpen } from "../../options.ts";
import { unlock } from "../../unlock.ts";

/** Options of `clambot provider connect`. */
export interface ConnectOptions {
  readonly host?: string | undefined;
  readonly model?: string | undefined;
  readonly setDefault: boolean;
  readonly force?: true | undefined;
}

/** What is going to be stored. */
interface Access {
  readonly apiKey?: string;
  readonly apiBase?: string;
}

/** Models shown in the menu at most. */
const MENU = 30;

/** Gets key or address, tries them with one small question, offers models, and stores it all. */
export async function connect(
  entry: ProviderEntry,
  options: ConnectOptions,
  context: CliContext,
): Promise<void> {
  if (entry.needs === "login") {
    const hint = `Use: clambot provider login ${typedName(entry)}`;
    throw new CodedError("usage", `${entry.title} needs a login, not a key.`, hint);
  }
  const { openProviderPorts } = await import("../../../app/models.ts");
  const ports = openProviderPorts(context);
  await cancellable(context, async (signal) => {
    await unlock(context);
    const access = await readAccess(entry, options, context);
    const { providers, agents } = context.config;
    const settings = { providers: withAccess(entry, access, providers), models: agents.models };
    const model = await chooseModel(entry, options, { settings, ports, signal }, context);
    await tryIt(entry, model, { settings, ports, signal }, options, context);
    const changes = [
      ...addressChanges(entry, access),
      ...modelChanges(entry, model, options, context),
    ];
    await moveIntoVault(keysOf(entry, access), changes, context);
    report(entry, model, options, context);
  });
}

async function readAccess(
  entry: ProviderEntry,
  { host }: ConnectOptions,
  context: CliContext,
): Promise<Access> {
  if (entry.needs === "address") {
    const apiBase = await readHost(entry, host, context);
    const apiKey = entry.mayWantKey ? await readOptionalKey(entry, context) : "";
    return apiKey === "" ? { apiBase } : { apiBase, apiKey };
  }
  if (host === undefined) return { apiKey: await readKey(entry, context) };
  const named = PROVIDER_NAMES.filter((name) => PROVIDERS[name].needs === "address");
  throw new CodedError(
    "usage",
    `--host is for ${named.join(" and ")}; ${entry.name} has an address of its own.`,
    `To use another one, set providers.${entry.section}.apiBase.`,
  );
}

async function readHost(
  entry: ProviderEntry,
  host: string | undefined,
  { config, environment }: CliContext,
): Promise<string> {
  const configured = config.providers[entry.section].apiBase;
  if (entry.addressVariable !== undefined) {
    const { serverAddress } = await import("../../../providers/detect.ts");
    const named = host ?? configured ?? environment[entry.addressVariable] ?? "";
    const address = serverAddress(entry, named);
    if (address !== undefined) return address;
    throw new CodedError("usage", `"${named}" is no address of a server.`);
  }
  const address = host ?? configured;
  if (address !== undefined && URL.canParse(address)) return address.replace(/\/+$/, "");
  throw new CodedError(
    "usage",
    `${capital(entry.title)} needs an address.`,
    "Name it with --host URL.",
  );
}

/**
 * The key: hidden at a terminal, else from standard input or the provider's variable; never on the
 * command line, which others can see.
 */
async function readKey(
  entry: ProviderEntry,
  { launcher, terminal, environment }: CliContext,
): Promise<string> {
  const { title, keyPage, keyVariable } = entry;
  const key = terminal.interactive
    ? await askForKey(`Key for ${title}${keyPage ? ` (${keyPage})` : ""}`)
    : (await launcher.readInput()).trim() || environment[keyVariable ?? ""]?.trim();
  if (key) return key;
  const hint = `Pipe it in, set ${keyVariable}, or run this at a terminal.`;
  throw new CodedError("usage", `No key for ${title} was given.`, hint);
}

/** A server of one's own may want a key or none. */
async function readOptionalKey(
  { title }: ProviderEntry,
  { launcher, terminal }: CliContext,
): Promise<string> {
  if (!terminal.interactive) return (await launcher.readInput()).trim();
  return await askForKey(`Key for ${title}; Enter alone when it wants none`);
}

async function askForKey(message: string): Promise<string> {
  const { askHidden } = await import("../../../channels/terminal.ts");
  const key = await askHidden(message);
  if (key === undefined) throw leftOpen();
  return key;
}

function withAccess(
  entry: ProviderEntry,
  access: Access,
  settings: ProvidersSettings,
): ProvidersSettings {
  return { ...settings, [entry.section]: { ...settings[entry.section], ...access } };
}

/** What asking the provider needs. */
interface Asking {
  readonly settings: ModelSettings;
  readonly ports: ProviderPorts;
  readonly signal: AbortSignal;
}

/** The model as the provider knows it: wished for, chosen from a menu, or the usual one. */
async function chooseModel(
  entry: ProviderEntry,
  { model, setDefault }: ConnectOptions,
  { settings, ports, signal }: Asking,
  { terminal }: CliContext,
): Promise<string | undefined> {
  if (model !== undefined) return await withoutProvider(model, entry);
  const { listModels } = await import("../../../providers/models.ts");
  const { models } = await listModels(entry, settings.providers, ports, signal);
  const usual = entry.defaultModel ?? models[0];
  if (!setDefault || !terminal.interactive || models.length < 2) return usual;
  // The short list stands first: hundreds of names are no menu.
  const known = entry.models.filter((one) => models.includes(one));
  const shown = [...new Set([...known, ...models])].slice(0, MENU);
  const { chooseOne } = await import("../../../channels/terminal.ts");
  const chosen = await chooseOne(
    shown.length < models.length
      ? `Which model? (${shown.length} of ${models.length}; --model takes any)`
      : "Which model?",
    shown.map((name) => ({ value: name, label: escapeLine(name) })),
  );
  if (chosen === undefined) throw leftOpen();
  return chosen;
}

async function withoutProvider(model: string, entry: ProviderEntry): Promise<string> {
  const { findProvider } = await import("../../../providers/catalog.ts");
  const slash = model.indexOf("/");
  const named = slash < 0 ? undefined : findProvider(model.slice(0, slash));
  return named === entry ? model.slice(slash + 1) : model;
}

/** What does not work is not stored, unless it is forced. */
async function tryIt(
  entry: ProviderEntry,
  model: string | undefined,
  { settings, ports, signal }: Asking,
  { force }: ConnectOptions,
  { terminal }: CliContext,
): Promise<void> {
  const { checkProvider } = await import("../../../providers/check.ts");
  const check = await checkProvider(entry, model, settings, ports, signal);
  if (check.kind === "answered") {
    return terminal.out(`${entry.title} answered in ${check.ms} ms.\n`);
  }
  const { code, message, hint } = check.error.failure;
  if (force) return terminal.err(`clambot: ${message} It is stored all the same.\n`);
  const more = "--force stores it all the same.";
  throw new CodedError(code, `${message} Nothing was stored.`, hint ? `${hint} Or ${more}` : more);
}

/** The key goes into the vault; config.json only says that it is there. */
function keysOf({ section }: ProviderEntry, { apiKey }: Access): PlainKey[] {
  return apiKey === undefined ? [] : [{ key: `providers.${section}.apiKey`, value: apiKey }];
}

function addressChanges({ section }: ProviderEntry, { apiBase }: Access): ConfigChange[] {
  return apiBase === undefined ? [] : [{ key: `providers.${section}.apiBase`, value: apiBase }];
}

function modelChanges(
  entry: ProviderEntry,
  model: string | undefined,
  { setDefault }: ConnectOptions,
  { config }: CliContext,
): ConfigChange[] {
  if (!setDefault || model === undefined) return [];
  const { selectorModel, name } = entry;
  const changes: ConfigChange[] = [{ key: "agents.defaults.model", value: `${name}/${model}` }];
  if (selectorModel && config.agents.selector.model === "" && model === entry.defaultModel) {
    changes.push({ key: "agents.selector.model", value: `${name}/${selectorModel}` });
  }
  return changes;
}

function report(
  entry: ProviderEntry,
  model: string | undefined,
  { setDefault }: ConnectOptions,
  { terminal, config }: CliContext,
): void {
  const used = setDefault && model !== undefined
    ? `${entry.name}/${escapeLine(model)}`
    : config.agents.defaults.model;
  terminal.out(`${entry.title} is connected.\nModel: ${used || "none; name one with --model"}\n`);
}
