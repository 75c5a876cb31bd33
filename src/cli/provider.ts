import type { Command } from "@commander-js/extra-typings";
import type { ConfigChange } from "../config/change.ts";
import type { Config } from "../config/schema.ts";
import { CodedError } from "../domain/failure.ts";
import type { ProviderEntry } from "../providers/catalog.ts";
import type { CliContext, End } from "./context.ts";
import { formatTable } from "./print.ts";
import { readinessRows } from "./readiness.ts";

const EXAMPLES = `
Examples:
  $ clambot provider list
  $ clambot provider connect openrouter
  $ clambot provider connect ollama --host http://localhost:11434
  $ echo "$KEY" | clambot provider connect openai --no-set-default
  $ clambot provider login openai-codex
`;

interface ConnectOptions {
  readonly host?: string | undefined;
  readonly force?: true | undefined;
  readonly setDefault: boolean;
}

/** `clambot provider`: keys, addresses and logins of the nine providers. */
export function registerProvider(program: Command, context: CliContext, end: End): void {
  const provider = program.command("provider")
    .description("List, connect and log in to model providers")
    .addHelpText("after", EXAMPLES);
  provider.command("list").description("List all providers and what each lacks")
    .option("--json", "print a JSON array")
    .action(async ({ json }) => {
      const rows = await readinessRows(context);
      if (json) context.terminal.out(`${JSON.stringify(rows)}\n`);
      else {
        context.terminal.out(formatTable(rows.map(({ name, ready, note }) => [
          name,
          ready ? "ready" : "not ready",
          note,
        ])));
      }
      end(0);
    });
  provider.command("connect").description("Store a key or an address, after trying it")
    .argument("<name>")
    .option("--host <url>", "address of an Ollama or custom server")
    .option("--force", "store it even when the trial fails")
    .option("--no-set-default", "leave the default model as it is")
    .action(async (name, options) => {
      await connect(await findEntry(name), options, context);
      end(0);
    });
  provider.command("login").description("Log in with ChatGPT (openai-codex)")
    .argument("<name>")
    .option("--device", "with a code that you type on another device")
    .option("--no-set-default", "leave the default model as it is")
    .action(async (name, options) => {
      const entry = await findEntry(name);
      if (entry.needs !== "login") throw noLogin(entry);
      await logIn(options.device === true, context);
      await saveDefault(entry, options.setDefault, context);
      end(0);
    });
  provider.command("logout").description("Forget the login with ChatGPT")
    .argument("[name]", "openai-codex")
    .action(async () => {
      const { openProviderPorts } = await import("../app/models.ts");
      const { openLogin } = await import("../providers/codex_login.ts");
      const removed = await openLogin(openProviderPorts(context)).remove();
      context.terminal.out(removed ? "Logged out.\n" : "Nobody was logged in.\n");
      end(0);
    });
}

async function findEntry(name: string): Promise<ProviderEntry> {
  const { findProvider, PROVIDER_NAMES } = await import("../providers/catalog.ts");
  const { findNearest } = await import("../text/nearest.ts");
  const entry = findProvider(name);
  if (entry) return entry;
  const nearest = findNearest(name, PROVIDER_NAMES);
  throw new CodedError(
    "usage",
    `There is no provider "${name}".`,
    nearest === undefined
      ? `Providers are ${PROVIDER_NAMES.join(", ")}.`
      : `Did you mean ${nearest}?`,
  );
}

function noLogin(entry: ProviderEntry): CodedError {
  const hint = `clambot provider connect ${entry.name}`;
  return new CodedError(
    "usage",
    `${entry.title} has no login; it takes a key or an address.`,
    hint,
  );
}

async function connect(
  entry: ProviderEntry,
  options: ConnectOptions,
  context: CliContext,
): Promise<void> {
  if (entry.needs === "login") {
    throw new CodedError(
      "usage",
      `${entry.title} needs a login.`,
      "clambot provider login openai-codex",
    );
  }
  const change = entry.needs === "key"
    ? { key: `providers.${entry.section}.apiKey`, value: await askKey(entry, context) }
    : { key: `providers.${entry.section}.apiBase`, value: addressFor(entry, options) };
  if (!options.force) await tryIt(entry, change, context);
  await context.launcher.changeConfig([change]);
  context.terminal.out(`${entry.title} is connected.\n`);
  await saveDefault(entry, options.setDefault, context);
}

/** The key: hidden at a terminal, else one line of standard input; never on the command line. */
async function askKey(entry: ProviderEntry, context: CliContext): Promise<string> {
  const { askHidden } = await import("../channels/catalog.ts");
  const key = context.terminal.interactive
    ? await askHidden(`Key for ${entry.title}${entry.keyPage ? ` (${entry.keyPage})` : ""}`)
    : (await context.launcher.readInput()).trim();
  if (key) return key;
  throw new CodedError("usage", "No key was given.", `Pipe it in, or run this at a terminal.`);
}

function addressFor(entry: ProviderEntry, { host }: ConnectOptions): string {
  const address = host ?? entry.baseUrl;
  if (address !== undefined && URL.canParse(address)) return address.replace(/\/+$/, "");
  throw new CodedError("usage", `${entry.title} needs an address.`, "Name it with --host URL.");
}

/** One small question with the new key or address; a refusal keeps it from being stored. */
async function tryIt(
  entry: ProviderEntry,
  change: { readonly key: string; readonly value: string },
  context: CliContext,
): Promise<void> {
  const { openProviderPorts } = await import("../app/models.ts");
  const { checkProvider } = await import("../providers/check.ts");
  const providers = withChange(context.config.providers, entry, change);
  const settings = { providers, models: context.config.agents.models };
  const signal = AbortSignal.timeout(30_000);
  const check = await checkProvider(entry, undefined, settings, openProviderPorts(context), signal);
  if (check.kind === "answered") return;
  const { code, message } = check.error.failure;
  throw new CodedError(code, `${message} Nothing was stored.`, "--force stores it all the same.");
}

function withChange(
  providers: Config["providers"],
  entry: ProviderEntry,
  { key, value }: { readonly key: string; readonly value: string },
): Config["providers"] {
  const field = key.endsWith("apiKey") ? "apiKey" : "apiBase";
  return { ...providers, [entry.section]: { ...providers[entry.section], [field]: value } };
}

async function logIn(byDevice: boolean, context: CliContext): Promise<void> {
  const { openProviderPorts } = await import("../app/models.ts");
  const { logIn: logInByBrowser, logInByDevice } = await import("../providers/codex_login.ts");
  const { createCallbackListener } = await import("../platform/callback.ts");
  const ports = openProviderPorts(context);
  const signal = AbortSignal.timeout(15 * 60_000);
  const { terminal } = context;
  if (byDevice) {
    await logInByDevice(ports, ({ url, userCode }) => {
      terminal.out(`Open ${url} on any device and type the code ${userCode}\n`);
    }, signal);
  } else {
    await logInByBrowser(ports, createCallbackListener(), {
      show: (url) => terminal.out(`Open this address in your browser:\n\n${url}\n\n`),
      paste: async () => {
        if (!terminal.interactive) return (await context.launcher.readInput()).trim();
        const { askVisible } = await import("../channels/catalog.ts");
        return await askVisible("If the browser runs elsewhere, paste the address it ended at") ??
          "";
      },
    }, signal);
  }
  terminal.out("Logged in.\n");
}

async function saveDefault(
  entry: ProviderEntry,
  wanted: boolean,
  context: CliContext,
): Promise<void> {
  if (!wanted || entry.defaultModel === undefined) return;
  const { model } = context.config.agents.defaults;
  if (model !== "") return;
  const changes: ConfigChange[] = [
    { key: "agents.defaults.model", value: `${entry.name}/${entry.defaultModel}` },
  ];
  if (entry.selectorModel !== undefined && context.config.agents.selector.model === "") {
    changes.push({ key: "agents.selector.model", value: `${entry.name}/${entry.selectorModel}` });
  }
  await context.launcher.changeConfig(changes);
  context.terminal.out(`Default model: ${entry.name}/${entry.defaultModel}\n`);
}
