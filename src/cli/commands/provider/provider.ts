import type { Command } from "@commander-js/extra-typings";
import { CodedError } from "../../../domain/failure.ts";
import { LOGIN_PROVIDER, type ProviderEntry, typedName } from "../../../providers/catalog.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext, End } from "../../context.ts";
import { formatTable } from "../../print.ts";
import { readinessRows } from "../../readiness.ts";

/** `clambot provider`: keys, addresses and logins of the nine providers. */
export function registerProvider(program: Command, context: CliContext, end: End): void {
  const provider = program.command("provider")
    .description("List, connect and leave the providers of models");
  provider.command("list")
    .description("List all providers and what each lacks")
    .option("--json", "print a JSON array")
    .action(async ({ json }) => {
      const rows = await readinessRows(context);
      context.terminal.out(json ? `${JSON.stringify(rows)}\n` : formatRows(rows));
      end(0);
    });
  provider.command("connect")
    .description("Store a key or an address, after trying it, and the model to use")
    .argument("<name>")
    .option("--host <address>", "address of an Ollama or custom server")
    .option("--model <name>", "model to use from now on")
    .option("--no-set-default", "leave the configured model as it is")
    .option("--force", "store it even when the trial fails")
    .action(async (name, options) => {
      const { connect } = await import("./connect.ts");
      await connect(await getProvider(name), options, context);
      end(0);
    });
  provider.command("login")
    .description(`Log in with ChatGPT (${typedName(LOGIN_PROVIDER)})`)
    .argument("<name>")
    .option("--device", "with a code that you type on another device")
    .option("--no-browser", "print the address, and open no browser")
    .option("--no-set-default", "leave the configured model as it is")
    .action(async (name, options) => {
      const { login } = await import("./login.ts");
      await login(await getProvider(name), options, context);
      end(0);
    });
  provider.command("logout")
    .description("Forget a login or a key")
    .argument("[name]", "whose", typedName(LOGIN_PROVIDER))
    .action(async (name) => {
      const { logout } = await import("./login.ts");
      await logout(await getProvider(name), context);
      end(0);
    });
}

function formatRows(rows: Awaited<ReturnType<typeof readinessRows>>): string {
  return formatTable(rows.map(({ name, ready, note }) => [
    name,
    ready ? "ready" : "not ready",
    escapeLine(note),
  ]));
}

/** The provider that the person named. */
async function getProvider(name: string): Promise<ProviderEntry> {
  const { findProvider, PROVIDER_NAMES } = await import("../../../providers/catalog.ts");
  const { findNearest } = await import("../../../text/nearest.ts");
  const entry = findProvider(name);
  if (entry) return entry;
  const nearest = findNearest(name, PROVIDER_NAMES);
  throw new CodedError(
    "usage",
    `There is no provider "${name}".`,
    nearest ? `Did you mean ${nearest}?` : `Providers are ${PROVIDER_NAMES.join(", ")}.`,
  );
}
