import type { Secret } from "./secret.ts";
import type { OfferedVariable } from "./variables.ts";
import type { Vault } from "./vault.ts";

/** What is known of a program that asks for a secret. */
export interface AskingProgram {
  /** Of a kept clam. */
  readonly id?: string;
  readonly name?: string;
  /** Names of the secrets that it declares; absent: a script of the person's own, which need not. */
  readonly secrets?: readonly string[];
}

/** Secrets as tools know them: by name, and by value only on the way into a request. */
export interface ToolSecrets {
  /** The name of the secret that a program means by a name of its own (`agents.clamEnv`). */
  resolve(name: string, program: AskingProgram): string;
  /** A listed variable that is set, else one of the vault. @throws as the vault does */
  find(name: string): Promise<Secret | undefined>;
  /** @throws {CodedError} `secret_not_found`, or as the vault does */
  reveal(name: string): Promise<string>;
  /** Writes down that it is going to be sent. @throws {CodedError} `audit_failed`: then it must not */
  use(name: string, use: SecretUse): Promise<void>;
}

/** One use of a secret. */
export interface SecretUse {
  readonly host: string;
  readonly place: string;
  readonly program: string | null;
}

/** Secrets under the names that a clam uses, by the clam: `agents.clamEnv`. */
export type ClamNames = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Means of giving secrets to tools. */
export interface ToolSecretsPorts {
  readonly vault: Pick<Vault, "find" | "reveal">;
  readonly variables?: ReadonlyMap<string, OfferedVariable>;
  readonly clamNames?: ClamNames;
  /** Told before a secret is sent. */
  readonly onUse: (name: string, use: SecretUse) => Promise<void>;
}

export function createToolSecrets(
  { vault, variables = new Map(), clamNames = {}, onUse }: ToolSecretsPorts,
): ToolSecrets {
  return {
    resolve(name, program) {
      const meant = Object.entries(clamNames).find(([clam]) => isOf(clam, program))?.[1];
      const other = meant && Object.hasOwn(meant, name) ? meant[name] : undefined;
      return typeof other === "string" ? other : name;
    },
    async find(name) {
      const variable = variables.get(name);
      if (!variable) return await vault.find(name);
      const { value: _, ...secret } = variable;
      return secret;
    },
    reveal: async (name) => variables.get(name)?.value ?? await vault.reveal(name),
    use: onUse,
  };
}

/** A clam is named by its id or its name, also behind a path, as the original wrote it. */
function isOf(written: string, { id, name }: AskingProgram): boolean {
  const last = written.slice(written.lastIndexOf("/") + 1);
  return [written, last].some((one) => one !== "" && (one === id || one === name));
}
