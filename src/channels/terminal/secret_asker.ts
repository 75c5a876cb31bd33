import { CodedError } from "../../domain/failure.ts";
import type { Terminal } from "../../platform/platform.ts";
import { readSecretValue } from "../../secrets/secret.ts";
import { formatSecretHost, parseSecretHost, type SecretHost } from "../../secrets/secret_host.ts";
import { formatPlace } from "../../secrets/secret_place.ts";
import type { SecretAsker, SecretReply, SecretWish } from "../../secrets/secret_wish.ts";
import { escapeExactly } from "../../text/escape.ts";
import { wrapLine } from "../../text/wrap.ts";
import { askHidden, askText, chooseOne } from "./questions.ts";

const GUTTER = "│ ";

/**
 * Asks the person at the terminal for a secret: first where it may go, then for the value, unseen.
 * Enter alone gives none. Without a terminal nobody can be asked.
 */
export function createTerminalSecretAsker(terminal: Terminal): SecretAsker {
  return {
    ask: (wish, signal) =>
      terminal.interactive ? ask(wish, terminal, signal) : Promise.resolve({ kind: "unavailable" }),
  };
}

async function ask(
  wish: SecretWish,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<SecretReply> {
  const hosts = await askHosts(wish, terminal, signal);
  if (hosts === undefined) return { kind: "refused" };
  const value = await askSecretValue(wish.name, terminal, signal);
  return value === undefined ? { kind: "refused" } : { kind: "given", value, hosts };
}

/** A value that can be kept, asked for unseen; `undefined` when the person gives none. */
export async function askSecretValue(
  name: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (;;) {
    const typed = await askHidden(`Value of ${name}`, signal);
    signal.throwIfAborted();
    if (typed === undefined || typed === "") return undefined;
    const value = attempt(() => readSecretValue(typed), terminal);
    if (value !== undefined) return value;
  }
}

/** The hosts that the person chooses; `undefined` when they give no secret. */
async function askHosts(
  wish: SecretWish,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<readonly SecretHost[] | undefined> {
  const asked = wish.hosts.map(formatSecretHost).join(", ");
  const only = { value: "asked" as const, label: `Give it, for ${asked} alone` };
  const options = [
    ...(wish.hosts.length > 0 ? [only] : []),
    { value: "others" as const, label: "Give it, for hosts that I name" },
    { value: "none" as const, label: "Give none" },
  ];
  const chosen = await chooseOne(`Give the secret ${wish.name}?`, options, {
    above: `\n${describe(wish, terminal.columns()).join("\n")}\n`,
    initial: options.length - 1,
    signal,
  });
  signal.throwIfAborted();
  if (chosen === "asked") return wish.hosts;
  return chosen === "others" ? await askSecretHosts(terminal, signal) : undefined;
}

/** Hosts that the person names; `undefined` when they name none. */
export async function askSecretHosts(
  terminal: Terminal,
  signal: AbortSignal,
): Promise<readonly SecretHost[] | undefined> {
  for (;;) {
    const typed = await askText("Hosts that it may be sent to, with spaces between them", signal);
    const names = typed?.split(/[\s,]+/).filter((name) => name !== "") ?? [];
    if (names.length === 0) return undefined;
    const hosts = attempt(() => names.map(parseSecretHost), terminal);
    if (hosts) return hosts;
  }
}

/** What was typed, read; a sentence and `undefined` where it cannot be. */
function attempt<T>(read: () => T, terminal: Terminal): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    terminal.err(`${error.message}\n`);
    return undefined;
  }
}

/** Who asks and where it would go; hosts are in punycode, so that no letter looks like another. */
function describe(wish: SecretWish, columns: number): string[] {
  const { name, hosts, place, program, description, foreign } = wish;
  const where = hosts.length === 0 ? "it does not say" : hosts.map(formatSecretHost).join(", ");
  const lines = [
    `The secret ${name} is needed and not kept yet.`,
    `asked by: ${program === undefined ? "a program without a name" : `the clam "${program}"`}`,
    `to be sent to: ${where}`,
    `as: ${formatPlace(place)}`,
    ...(description === undefined ? [] : [`for: ${description}`]),
  ];
  return [
    "ClamBot asks:",
    ...lines.flatMap((line) =>
      wrapLine(escapeExactly(line).replaceAll("\n", "\\u{a}"), columns - GUTTER.length - 1)
    ).map((line) => GUTTER + line),
    "No program ever sees the value; it goes to these hosts alone.",
    ...(foreign ? ["The program has read text of others, so look twice at who asks."] : []),
  ];
}
