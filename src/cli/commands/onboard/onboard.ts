import type { Command } from "@commander-js/extra-typings";
import type { ConfigChange } from "../../../config/change.ts";
import type { Config } from "../../../config/schema.ts";
import type { ProviderChoice, Wish } from "../../../providers/choose.ts";
import { PROVIDERS } from "../../../providers/catalog.ts";
import type { Found } from "../../../providers/detect.ts";
import type { CliContext, End } from "../../context.ts";
import { leftOpen } from "../../options.ts";

interface OnboardOptions {
  readonly yes?: true | undefined;
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
}

/** `clambot onboard`: the home, the configuration file, and a model where one can be had. */
export function registerOnboard(program: Command, context: CliContext, end: End): void {
  program.command("onboard")
    .description("Set everything up: home, configuration, and a model; safe to repeat")
    .option("-y, --yes", "ask nothing")
    .option("--provider <name>", "use this provider")
    .option("--model <name>", "use this model")
    .action(async (options) => {
      await onboard(options, context);
      end(0);
    });
}

async function onboard(options: OnboardOptions, context: CliContext): Promise<void> {
  const { terminal, config, launcher, layout, configPath } = context;
  terminal.out(`Home:          ${layout.home}\nConfiguration: ${configPath}\n`);
  const found = await detect(context);
  for (const one of found) terminal.out(`Found:         ${describeFound(one)}\n`);
  const choice = await choose(found, options, context);
  await launcher.changeConfig([
    ...keysFrom(found, choice, config),
    ...modelsFrom(choice, options, config),
  ]);
  const model = choice?.model ?? config.agents.defaults.model;
  if (choice) terminal.out(`Model:         ${choice.model} (${choice.reason})\n`);
  else if (model !== "") terminal.out(`Model:         ${model} (as configured)\n`);
  else {
    terminal.out(
      "Model:         none. The starter clams work without one; to add one, set a key such as\n" +
        "               OPENROUTER_API_KEY and run this again, or: clambot provider connect NAME\n",
    );
  }
}

async function detect(context: CliContext): Promise<Found[]> {
  const { openProviderPorts } = await import("../../../app/models.ts");
  const { detectProviders } = await import("../../../providers/detect.ts");
  const places = {
    environment: context.environment,
    envFile: new Map(Object.entries(context.envFile)),
    settings: context.config.providers,
  };
  return await detectProviders(places, openProviderPorts(context), AbortSignal.timeout(10_000));
}

/** What to use: nothing new when a model is configured and none is wished for. */
async function choose(
  found: readonly Found[],
  options: OnboardOptions,
  context: CliContext,
): Promise<ProviderChoice | undefined> {
  const { chooseProvider } = await import("../../../providers/choose.ts");
  const wish: Wish = { provider: options.provider, model: options.model };
  const isWished = wish.provider !== undefined || wish.model !== undefined;
  if (!isWished && context.config.agents.defaults.model !== "") return undefined;
  if (isWished || options.yes || !context.terminal.interactive) return chooseProvider(found, wish);
  const { chooseOne, confirmed } = await import("../../../channels/terminal.ts");
  const probe = found.find(({ via }) => via === "probe");
  const probed = probe !== undefined && found.length === 1 &&
    await confirmed(
      `${
        PROVIDERS[probe.provider].title
      } answers at ${probe.apiBase}. Is it yours, and to be used?`,
    );
  const usable = found.filter(({ via }) => via !== "probe" || probed);
  if (usable.length < 2) return chooseProvider(found, { probed });
  const provider = await chooseOne(
    "Which provider should answer?",
    usable.map((one) => ({ value: one.provider, label: describeFound(one) })),
  );
  if (provider === undefined) throw leftOpen();
  return chooseProvider(found, { provider, probed });
}

/** Keys and addresses that are not in the configuration yet; what stands there stays. */
function keysFrom(
  found: readonly Found[],
  choice: ProviderChoice | undefined,
  config: Config,
): ConfigChange[] {
  return found.flatMap(({ provider, via, apiKey, apiBase }) => {
    const { section } = PROVIDERS[provider];
    const present = config.providers[section];
    const changes: ConfigChange[] = [];
    if (apiKey !== undefined && present.apiKey === "") {
      changes.push({ key: `providers.${section}.apiKey`, value: apiKey });
    }
    // a server that nobody named is written down only when it was chosen
    const mayName = via !== "probe" || choice?.provider === provider;
    if (apiBase !== undefined && !present.apiBase && mayName) {
      changes.push({ key: `providers.${section}.apiBase`, value: apiBase });
    }
    return changes;
  });
}

function modelsFrom(
  choice: ProviderChoice | undefined,
  options: OnboardOptions,
  config: Config,
): ConfigChange[] {
  if (!choice) return [];
  const changes: ConfigChange[] = [{ key: "agents.defaults.model", value: choice.model }];
  const isOwnModel = options.model !== undefined;
  if (choice.selectorModel !== undefined && config.agents.selector.model === "" && !isOwnModel) {
    changes.push({ key: "agents.selector.model", value: choice.selectorModel });
  }
  return changes;
}

const WAYS: Readonly<Record<Exclude<Found["via"], "address">, string>> = {
  config: "in the configuration",
  environment: "key in the environment",
  env_file: "key in .env",
  probe: "a server answers at the usual address",
  login: "logged in",
};

function describeFound({ provider, via, models }: Found): string {
  const count = models && models.length > 0 ? `, ${models.length} models` : "";
  const way = via === "address"
    ? `at the address in ${PROVIDERS[provider].addressVariable}`
    : WAYS[via];
  return `${provider} (${way}${count})`;
}
