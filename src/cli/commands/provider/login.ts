import { CodedError } from "../../../domain/failure.ts";
import type { ProviderEntry } from "../../../providers/catalog.ts";
import type { LoginPorts } from "../../../providers/codex_login.ts";
import type { CliContext } from "../../context.ts";
import { forget } from "../../config_secrets.ts";
import { unlock } from "../../unlock.ts";
import { isReference } from "../../../secrets/reference.ts";
import { cancellable } from "../../options.ts";

/** Options of `clambot provider login`. */
export interface LoginOptions {
  readonly device?: true | undefined;
  readonly browser: boolean;
  readonly setDefault: boolean;
}

/** Logs in with a ChatGPT account: in a browser, by pasting, or by a code on another device. */
export async function login(
  entry: ProviderEntry,
  options: LoginOptions,
  context: CliContext,
): Promise<void> {
  if (entry.needs !== "login") {
    const hint = `Use: clambot provider connect ${entry.name}`;
    throw new CodedError("usage", `${entry.title} knows no login.`, hint);
  }
  const { openProviderPorts } = await import("../../../app/models.ts");
  const way = options.device ? byDevice : inBrowser(options.browser);
  await cancellable(context, (signal) => way(openProviderPorts(context), context, signal));
  const model = `${entry.name}/${entry.defaultModel}`;
  if (options.setDefault) {
    await context.launcher.changeConfig([{ key: "agents.defaults.model", value: model }]);
  }
  const used = options.setDefault ? model : context.config.agents.defaults.model;
  context.terminal.out(`You are logged in.\nModel: ${used || "none"}\n`);
}

type LogIn = (ports: LoginPorts, context: CliContext, signal: AbortSignal) => Promise<void>;

const inBrowser = (opens: boolean): LogIn => async (ports, { terminal, launcher }, signal) => {
  const { createCallbackListener } = await import("../../../platform/callback.ts");
  const { logIn } = await import("../../../providers/codex_login.ts");
  const screen = {
    show: (url: string) => {
      terminal.out(`Open this address in a browser and log in:\n\n${url}\n\n`);
      // whoever pipes the answer in sits elsewhere; what cannot be opened stands on the screen
      if (opens && terminal.interactive) launcher.openAddress(url).catch(() => {});
    },
    paste: terminal.interactive ? askForAnswer : () => launcher.readInput(),
  };
  await logIn(ports, createCallbackListener(), screen, signal);
};

async function askForAnswer(signal: AbortSignal): Promise<string> {
  const { askText } = await import("../../../channels/terminal.ts");
  const answer = await askText(
    "Waiting for the browser. When it runs on another machine, paste the address it ended at",
    signal,
  );
  if (answer === undefined) throw new CodedError("cancelled", "The login was left.");
  return answer;
}

async function byDevice(
  ports: LoginPorts,
  { terminal }: CliContext,
  signal: AbortSignal,
): Promise<void> {
  const { logInByDevice } = await import("../../../providers/codex_login.ts");
  await logInByDevice(ports, ({ url, userCode }) => {
    terminal.out(`Open ${url} on any device and type in this code:\n\n  ${userCode}\n\n`);
  }, signal);
}

/** Forgets the login, or takes the key out of the configuration. */
export async function logout(entry: ProviderEntry, context: CliContext): Promise<void> {
  const { terminal, launcher, config, vault } = context;
  if (entry.needs === "login") {
    const { openProviderPorts } = await import("../../../app/models.ts");
    const { openLogin } = await import("../../../providers/codex_login.ts");
    const had = await openLogin(openProviderPorts(context)).remove();
    return terminal.out(had ? "You are logged out.\n" : "Nobody was logged in.\n");
  }
  if (config.providers[entry.section].apiKey === "") {
    return terminal.out(`There is no key for ${entry.title}.\n`);
  }
  const key = `providers.${entry.section}.apiKey`;
  const isKept = isReference(config.providers[entry.section].apiKey);
  if (isKept) await unlock(context);
  await launcher.changeConfig([{ key, value: undefined }]);
  if (isKept) await forget(key, vault);
  terminal.out(`The key for ${entry.title} is forgotten.\n`);
}
