import { CodedError } from "../domain/failure.ts";
import type { Redacted } from "../domain/redacted.ts";
import { readTimeZone } from "./time_zone.ts";
import type { Clock, Random, Terminal } from "./platform.ts";

const encoder = new TextEncoder();

/** The zone that the runtime has found for this machine; `undefined`: none. */
export function machineZone(): string | undefined {
  return Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined;
}

/** The machine's clock, in the zone that `TZ` names, or else the machine's own. */
export function createClock(variable?: string): Clock {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    zone: () => readTimeZone(variable, machineZone()).zone,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = () => {
          clearTimeout(timer);
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          signal?.removeEventListener("abort", stop);
          resolve();
        }, ms);
        signal?.addEventListener("abort", stop, { once: true });
      }),
  };
}

/** The system's source of randomness. */
export function createRandom(): Random {
  const bytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
  return {
    bytes,
    id: () => [...bytes(16)].map((byte) => alphabet[byte % 32]).join(""),
  };
}

/** Standard input, output and error of this process. */
export function createTerminal(redact: (text: string) => Redacted): Terminal {
  const interactive = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  return {
    interactive,
    color: Deno.stdout.isTerminal() && !Deno.noColor,
    columns() {
      try {
        return Deno.consoleSize().columns || 80;
      } catch {
        return 80; // output is no terminal
      }
    },
    input: () => Deno.stdin.readable,
    out: (text) => writeAll(Deno.stdout, redact(text)),
    err: (text) => writeAll(Deno.stderr, redact(text)),
  };
}

/**
 * Everything on standard input, as text.
 * @param limit in bytes
 * @throws {CodedError} `file_too_large`; the rest is not read
 */
export async function readInput(limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const piece of Deno.stdin.readable) {
    length += piece.length;
    if (length > limit) {
      throw new CodedError("file_too_large", `Standard input holds more than ${limit} bytes.`);
    }
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
}

/**
 * Shows a question while it is asked: its words, which whoever asks has redacted, and what the person
 * types at it.
 */
export function writeQuestion(text: string): void {
  writeText(Deno.stdout, text);
}

/** Writes everything, also to a pipe that takes only part at a time; a closed pipe is silent. */
export function writeAll(stream: typeof Deno.stdout, text: Redacted): void {
  writeText(stream, text);
}

function writeText(stream: typeof Deno.stdout, text: string): void {
  const bytes = encoder.encode(text);
  try {
    for (let sent = 0; sent < bytes.length;) sent += stream.writeSync(bytes.subarray(sent));
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    const why = error instanceof Error ? error.message : String(error);
    throw new CodedError("file_failed", `The output cannot be written: ${why}.`);
  }
}
