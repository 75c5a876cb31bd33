import type { Stores } from "../../../app/stores.ts";
import { askSecretHosts, askSecretValue } from "../../../channels/terminal.ts";
import { complainOfName } from "../../../secrets/secret.ts";
import { formatSecretHost } from "../../../secrets/secret_host.ts";
import type { CliContext } from "../../context.ts";
import { cancelOnInterrupt } from "../../options.ts";

const USAGE = "Say /secret NAME, and nothing more: the value is asked for unseen.\n";

/** Whether a line of a conversation is meant for {@linkcode keepSecret}. */
export function isSecretCommand(line: string): boolean {
  return /^\/secret(?:\s|$)/i.test(line);
}

/**
 * `/secret NAME` in a conversation: keeps a secret; hosts and value are asked for. Of what else
 * stands in the line nothing is kept, told or sent to a model.
 */
export async function keepSecret(
  line: string,
  { vault, audit, redactor }: Pick<Stores, "vault" | "audit" | "redactor">,
  context: CliContext,
): Promise<void> {
  const { terminal } = context;
  const [name, ...more] = line.split(/\s+/).slice(1);
  if (name === undefined || more.length > 0) return terminal.out(USAGE);
  const problem = complainOfName(name);
  if (problem !== undefined) return terminal.out(`${problem}\n`);
  if (!terminal.interactive) {
    return terminal.out(`A value is asked for at a terminal; or: clambot secrets set ${name} …\n`);
  }
  const { signal, release } = cancelOnInterrupt(context);
  try {
    const old = await vault.find(name);
    const hosts = old?.hosts ?? await askSecretHosts(terminal, signal);
    const value = hosts && await askSecretValue(name, terminal, signal);
    if (!hosts || value === undefined) return terminal.out("Nothing was kept.\n");
    await vault.put({ name, value, hosts });
    const written = hosts.map(formatSecretHost);
    const stored = { name, hosts: written, by: "person" };
    await audit.record("secret_stored", redactor.clean(stored));
    terminal.out(`Keeps ${name}, for ${written.join(", ")}.\n`);
  } finally {
    release();
  }
}
