import { CodedError } from "../domain/failure.ts";
import type { SecretPlace } from "./secret_place.ts";
import type { SecretHost } from "./secret_host.ts";

/** What is known of a secret without its value. */
export interface Secret {
  readonly name: string;
  /** Where its value may be sent; empty for a value of the configuration. */
  readonly hosts: readonly SecretHost[];
  /** How its value is put into a request; the first one where a program does not say. */
  readonly places: readonly SecretPlace[];
  readonly description?: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When the value was last set, in milliseconds since 1970. */
  readonly updatedAt: number;
}

const LONGEST_NAME = 64;

/** Names of secrets that programs may use. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Values of the configuration are named by their key, which has a dot. */
const KEY_OF_CONFIG = /^[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)+$/;

/**
 * Why a text cannot be the name of a secret that programs use; `undefined` when it can.
 */
export function complainOfName(name: string): string | undefined {
  if (name.length <= LONGEST_NAME && NAME.test(name)) return undefined;
  return "A secret's name is up to 64 letters, digits, _ and -, and begins with a letter, " +
    "such as GITHUB_TOKEN.";
}

/** Whether it is a value of the configuration, which no program can use. */
export function isOfConfig(name: string): boolean {
  return KEY_OF_CONFIG.test(name);
}

/** Signs that a value has at least: shorter ones would have to be taken out of ordinary text. */
export const SHORTEST_VALUE = 4;
const LONGEST_VALUE = 16_384;

/** What stands in examples where a value belongs. */
const PLACEHOLDER =
  /^(?:x+|\*+|\.+|…|change[-_ ]?me|(?:your|my)[-_ ].*(?:key|token|secret|password).*|<.*>|\[.*\]|\$\{.*\}|sk-(?:x+|\.+|…)|todo|none|null|undefined|example)$/i;

/**
 * Why a text cannot be the value of a secret; `undefined` when it can. The sentence holds nothing of
 * it.
 */
export function complainOfValue(value: string): string | undefined {
  if (value === "") return "The value is empty.";
  if (value.length < SHORTEST_VALUE) {
    return `The value has fewer than ${SHORTEST_VALUE} signs: hiding it would tear holes into ` +
      "ordinary text.";
  }
  if (value.length > LONGEST_VALUE) return `The value has more than ${LONGEST_VALUE} signs.`;
  // deno-lint-ignore no-control-regex
  if (/[\u0000-\u001f\u007f]/.test(value)) {
    return "The value has a line break or another control character, which no header can hold.";
  }
  if (!value.isWellFormed()) return "The value holds half a character.";
  if (PLACEHOLDER.test(value)) return "The value is the placeholder of an example, no secret.";
  return undefined;
}

/**
 * A value as it was typed or piped in, without the line end behind it.
 * @throws {CodedError} `secret_refused`
 */
export function readSecretValue(text: string): string {
  const value = text.replace(/^\ufeff/, "").trim();
  const problem = complainOfValue(value);
  if (problem === undefined) return value;
  throw new CodedError("secret_refused", `${problem} Nothing was stored.`);
}
