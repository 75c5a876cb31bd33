import type { Command } from "@commander-js/extra-typings";
import type { Stores } from "../../../app/stores.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { formatPlace, parsePlace, type SecretPlace } from "../../../secrets/secret_place.ts";
import { complainOfName, isOfConfig, type Secret } from "../../../secrets/secret.ts";
import {
  formatSecretHost,
  parseSecretHost,
  type SecretHost,
} from "../../../secrets/secret_host.ts";
import { escapeLine } from "../../../text/escape.ts";
import { formatTime } from "../../../text/local_time.ts";
import type { CliContext, End } from "../../context.ts";
import { listPlainKeys, moveIntoVault } from "../../config_secrets.ts";
import { collect } from "../../options.ts";
import { formatTable } from "../../print.ts";
import { askValue, keyChoice, listedValue, type RotateOptions } from "./secret_input.ts";
import { formatJson, withStores } from "../../stores.ts";
import { unlock } from "../../unlock.ts";

interface SetOptions {
  readonly host?: readonly string[] | undefined;
  readonly place?: readonly string[] | undefined;
  readonly description?: string | undefined;
  readonly fromEnv?: string | undefined;
  readonly json?: true | undefined;
}

/** `clambot secrets`: values that programs use and never see. */
export function registerSecrets(program: Command, context: CliContext, end: End): void {
  const secrets = program.command("secrets")
    .description("Keep keys and passwords that programs use and never see");
  registerReading(secrets as unknown as Command, context, end);
  registerChanging(secrets as unknown as Command, context, end);
  registerAdopt(secrets as unknown as Command, context, end);
  registerKey(secrets as unknown as Command, context, end);
}

function registerReading(secrets: Command, context: CliContext, end: End): void {
  secrets.command("list")
    .description("List names, hosts, places and last use; never a value")
    .option("--json", "print a JSON array")
    .action(async ({ json }) => {
      await unlock(context);
      await withStores(context, end, async (stores) => {
        const [kept, uses] = [await stores.vault.list(), await stores.uses.all()];
        if (json) {
          const told = kept.map((secret) => secretJson(secret, uses.get(secret.name)));
          return context.terminal.out(formatJson(told));
        }
        if (kept.length === 0) return context.terminal.out("No secrets.\n");
        context.terminal.out(formatSecrets(kept, uses, stores.clock.zone()));
      });
    });
}

function registerChanging(secrets: Command, context: CliContext, end: End): void {
  secrets.command("set")
    .description("Keep a value: asked for unseen, or read from standard input")
    .argument("<name>", "such as GITHUB_TOKEN")
    .option("--host <host>", "[SCHEME://]HOST[:PORT][/PATH] it may go to; repeatable", collect)
    .option("--place <place>", "bearer, basic, basic:USER, header:NAME or query:NAME", collect)
    .option("--description <text>", "what it is for")
    .option("--from-env <variable>", "take the value of a variable that secrets.environment lists")
    .option("--json", "print one JSON object")
    .allowExcessArguments() // they are refused below, without being repeated
    .action(async (name, options, { args }) => {
      if (args.length > 1) throw valueShown(name);
      const wanted = readSet(name, options);
      await unlock(context);
      await withStores(context, end, (stores) => set(name, wanted, options, stores, context));
    });
  secrets.command("remove")
    .description("Forget a secret")
    .argument("<name>")
    .option("--json", "print one JSON object")
    .action(async (name, { json }) => {
      await unlock(context);
      await withStores(context, end, async ({ vault, audit, uses, redactor }) => {
        refuseOfConfig(name);
        await vault.remove(name);
        await uses.rename(name, undefined);
        await audit.record("secret_removed", redactor.clean({ name }));
        report({ name, removed: true }, `Forgot ${name}.`, json, context);
      });
    });
  secrets.command("rename")
    .description("Give a secret another name")
    .argument("<name>")
    .argument("<new-name>")
    .option("--json", "print one JSON object")
    .action(async (from, to, { json }) => {
      refuseName(to);
      await unlock(context);
      await withStores(context, end, async ({ vault, audit, uses, redactor }) => {
        refuseOfConfig(from);
        await vault.rename(from, to);
        await uses.rename(from, to);
        await audit.record("secret_renamed", redactor.clean({ name: from, to }));
        report({ name: to, renamedFrom: from }, `${from} is ${to} now.`, json, context);
      });
    });
  secrets.command("allow-host")
    .description("Let a secret go to further hosts")
    .argument("<name>")
    .argument("<hosts...>", "[SCHEME://]HOST[:PORT][/PATH]")
    .option("--json", "print one JSON object")
    .action(async (name, texts, { json }) => {
      const hosts = readHosts(texts, context);
      await unlock(context);
      await withStores(context, end, async ({ vault, audit, redactor }) => {
        refuseOfConfig(name);
        const secret = await vault.allow(name, hosts);
        const all = secret.hosts.map(formatSecretHost);
        await audit.record(
          "secret_hosts_allowed",
          redactor.clean({ name, hosts: hosts.map(formatSecretHost) }),
        );
        report(secretJson(secret), `${name} may go to ${all.join(", ")}.`, json, context);
      });
    });
}

function registerAdopt(secrets: Command, context: CliContext, end: End): void {
  secrets.command("adopt")
    .description("Move the keys of providers that stand in config.json into the vault")
    .option("--json", "print one JSON object")
    .action(async ({ json }) => {
      await unlock(context);
      await withStores(context, end, async ({ audit, redactor }) => {
        const keys = listPlainKeys(context.config);
        const names = keys.map(({ key }) => key);
        if (names.length > 0) await moveIntoVault(keys, [], context);
        for (const name of names) {
          await audit.record("secret_stored", redactor.clean({ name, by: "person" }));
        }
        report({ moved: names }, adopted(names, context), json, context);
      });
    });
}

function adopted(names: readonly string[], { configPath }: CliContext): string {
  if (names.length === 0) return "No key stands in config.json in clear.";
  return `Moved into the vault: ${
    names.join(", ")
  }. The file as it was is kept as ${configPath}.*.bak ` +
    "with the keys in it; remove it once all works.";
}

function registerKey(secrets: Command, context: CliContext, end: End): void {
  secrets.command("rotate-key")
    .description("Lock the vault with a new key: a file (usual), a service's, or a passphrase")
    .option("--passphrase", "ask for a passphrase, at each command that needs a secret")
    .option("--credential", "use the key that a service offers (LoadCredential=clambot.key:…)")
    .option("--json", "print one JSON object")
    .action(async (options: RotateOptions & { readonly json?: true | undefined }) => {
      await unlock(context);
      const choice = await keyChoice(options, context);
      await withStores(context, end, async ({ vault, audit, redactor }) => {
        await vault.rotateKey(choice);
        await audit.record("vault_key_changed", redactor.clean({ by: choice.by }));
        const state = await vault.state();
        const key = state.kind === "there" ? state.key : "";
        const sentence = `The vault is locked with a new key: ${key}.`;
        report({ by: choice.by, key }, sentence, options.json, context);
      });
    });
}

interface Wanted {
  readonly hosts: readonly SecretHost[] | undefined;
  readonly places: readonly SecretPlace[] | undefined;
}

/** Everything that is wrong with the command line is said before a value is asked for. */
function readSet(name: string, { host, place }: SetOptions): Wanted {
  refuseName(name);
  return { hosts: host?.map(parseSecretHost), places: place?.map(parsePlace) };
}

async function set(
  name: string,
  { hosts, places }: Wanted,
  { description, fromEnv, json }: SetOptions,
  { vault, audit, redactor }: Stores,
  context: CliContext,
): Promise<void> {
  const old = await vault.find(name);
  if (!old && !hosts) {
    throw new CodedError(
      "usage",
      `Where may ${name} be sent? A new secret needs a host.`,
      `Write: clambot secrets set ${name} --host api.example.com`,
    );
  }
  for (const one of hosts ?? []) warnOf(one, context);
  const value = fromEnv === undefined
    ? await askValue(name, context)
    : listedValue(fromEnv, context);
  const outcome = await vault.put({ name, value, hosts, places, description });
  const kept = await vault.find(name);
  const written = (kept?.hosts ?? []).map(formatSecretHost);
  await audit.record("secret_stored", redactor.clean({ name, hosts: written, by: "person" }));
  const sentence = `${outcome === "added" ? "Keeps" : "Replaced"} ${name}, for ${
    written.join(", ")
  } as ${(kept?.places ?? []).map(formatPlace).join(" or ")}.`;
  report({ ...kept && secretJson(kept), outcome }, sentence, json, context);
}

function valueShown(name: string): CodedError {
  return new CodedError(
    "usage",
    "A value never stands on the command line, where others and the shell's history see it.",
    `Give it when it is asked for, or pipe it in: clambot secrets set ${name} --host HOST < FILE`,
  );
}

function readHosts(texts: readonly string[], context: CliContext): SecretHost[] {
  const hosts = texts.map(parseSecretHost);
  for (const one of hosts) warnOf(one, context);
  return hosts;
}

function warnOf(host: SecretHost, { terminal }: CliContext): void {
  if (host.scheme !== "http") return;
  const sentence = `${
    formatSecretHost(host)
  } is not encrypted: others on the way can read the value.`;
  terminal.err(`clambot: ${sentence}\n`);
}

function refuseName(name: string): void {
  const problem = complainOfName(name);
  if (problem === undefined) return;
  const hint = isOfConfig(name)
    ? "Keys of providers are kept by: clambot provider connect NAME"
    : undefined;
  throw new CodedError("usage", problem, hint);
}

/** What config.json points to is changed where it is used. */
function refuseOfConfig(name: string): void {
  if (!isOfConfig(name)) return;
  throw new CodedError(
    "usage",
    `${name} is used by config.json, so it is not changed here.`,
    "Use: clambot provider connect NAME, or clambot provider logout NAME",
  );
}

function report(
  told: JsonObject,
  sentence: string,
  json: true | undefined,
  { terminal }: CliContext,
): void {
  terminal.out(json ? formatJson(told) : `${escapeLine(sentence)}\n`);
}

function secretJson(secret: Secret, lastUse?: number): JsonObject {
  const time = (at: number | undefined) => at === undefined ? null : new Date(at).toISOString();
  return {
    name: secret.name,
    hosts: secret.hosts.map(formatSecretHost),
    places: secret.places.map(formatPlace),
    description: secret.description ?? null,
    createdAt: time(secret.createdAt),
    updatedAt: time(secret.updatedAt),
    lastUse: time(lastUse),
  };
}

function formatSecrets(
  kept: readonly Secret[],
  uses: ReadonlyMap<string, number>,
  zone: string,
): string {
  const rows = kept.map(({ name, hosts, places, description = "" }) => [
    name,
    isOfConfig(name) ? "config.json" : hosts.map(formatSecretHost).join(" "),
    isOfConfig(name) ? "-" : places.map(formatPlace).join(" "),
    formatTime(uses.get(name) ?? 0, zone),
    escapeLine(description),
  ]);
  return formatTable([["NAME", "HOSTS", "PLACES", "LAST USE", ""], ...rows]);
}
