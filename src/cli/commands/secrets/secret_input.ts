import { CodedError } from "../../../domain/failure.ts";
import type { KeyChoice } from "../../../secrets/vault.ts";
import type { CliContext } from "../../context.ts";
import { leftOpen } from "../../options.ts";

/** The value of a secret: hidden at a terminal, else all of standard input. */
export async function askValue(name: string, context: CliContext): Promise<string> {
  const { terminal, launcher } = context;
  if (!terminal.interactive) return await launcher.readInput();
  const { askHidden } = await import("../../../channels/terminal.ts");
  const value = await askHidden(`Value of ${name}`);
  if (value === undefined) throw leftOpen();
  return value;
}

/** The value of a variable that the configuration lists. */
export function listedValue(variable: string, { variables, config }: CliContext): string {
  const value = variables[variable];
  if (value !== undefined) return value;
  const isListed = config.secrets.environment.some(({ name }) => name === variable);
  throw new CodedError(
    "usage",
    isListed
      ? `The variable ${variable} is not set.`
      : `The variable ${variable} is not listed in secrets.environment of the configuration.`,
  );
}

/** Options of `clambot secrets rotate-key`. */
export interface RotateOptions {
  readonly passphrase?: true | undefined;
  readonly credential?: true | undefined;
}

/** Where the new key is to come from; a passphrase is asked for twice. */
export async function keyChoice(
  { passphrase, credential }: RotateOptions,
  context: CliContext,
): Promise<KeyChoice> {
  if (passphrase && credential) {
    throw new CodedError("usage", "--passphrase and --credential exclude each other.");
  }
  if (credential) return { by: "credential" };
  return passphrase ? await askNewPassphrase(context) : { by: "file" };
}

/** Signs that a passphrase has at least: whoever copies the vault can try as many as they like. */
const SHORTEST_PASSPHRASE = 12;

async function askNewPassphrase({ terminal }: CliContext): Promise<KeyChoice> {
  if (!terminal.interactive) {
    throw new CodedError(
      "usage",
      "A passphrase is asked for at a terminal only; a service could never give it.",
      "For a service use LoadCredential=clambot.key:/path/to/key and --credential.",
    );
  }
  const { askHidden } = await import("../../../channels/terminal.ts");
  const passphrase = await askHidden("New passphrase of the vault");
  if (passphrase === undefined) throw leftOpen();
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    const message =
      `The passphrase has fewer than ${SHORTEST_PASSPHRASE} signs; nothing was changed.`;
    throw new CodedError("secret_refused", message, "Five random words make a good one.");
  }
  const again = await askHidden("The same again");
  if (again === undefined) throw leftOpen();
  if (again === passphrase) return { by: "passphrase", passphrase };
  throw new CodedError("secret_refused", "The two are not the same; nothing was changed.");
}
