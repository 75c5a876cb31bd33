import { CodedError } from "../domain/failure.ts";
import { formatSecretHost, type SecretHost } from "./secret_host.ts";
import type { SecretPlace } from "./secret_place.ts";

/** A secret that a program needs and that is not kept yet: what the person is asked for. */
export interface SecretWish {
  readonly name: string;
  /** Where the program would send it; the person chooses. Empty where it did not say. */
  readonly hosts: readonly SecretHost[];
  readonly place: SecretPlace;
  /** What the program says that it is for. */
  readonly description?: string;
  /** The clam that asks; absent: a program without a name. */
  readonly program?: string;
  /** The run has read text of neither the person nor the program. */
  readonly foreign: boolean;
}

/** What the person answered. Silence is `unavailable`. */
export type SecretReply =
  /** The value, which no program ever gets, and where the person lets it go. */
  | { readonly kind: "given"; readonly value: string; readonly hosts: readonly SecretHost[] }
  | { readonly kind: "refused" }
  | { readonly kind: "unavailable" };

/** Somebody who can be asked for a secret, unseen. */
export interface SecretAsker {
  ask(wish: SecretWish, signal: AbortSignal): Promise<SecretReply>;
}

/** Why nobody gave a secret, for {@linkcode secretNotGiven}. */
export const NOBODY_ASKED = "nobody could be asked for it";

/** A secret that a call needs and that nobody gave. */
export class MissingSecret extends CodedError {
  constructor(readonly wish: SecretWish, why: string) {
    const { name, hosts: [host] } = wish;
    const target = host ? formatSecretHost(host) : "HOST";
    super(
      "secret_not_available",
      `The secret "${name}" is not available: it is not kept, and ${why}.`,
      `Keep it first: clambot secrets set ${name} --host ${target}`,
    );
  }
}

/** A secret that a call needs and that nobody gave. `why` is the end of a sentence. */
export function secretNotGiven(wish: SecretWish, why: string): MissingSecret {
  return new MissingSecret(wish, why);
}
