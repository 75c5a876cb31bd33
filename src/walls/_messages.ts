import type { HomeLayout } from "../config/home.ts";
import type { ConfigWarning } from "../config/parse.ts";
import type { Config } from "../config/schema.ts";
import type { Failure } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Credential } from "../secrets/vault.ts";

/** What the launcher gives the core to begin with. */
export interface Start {
  readonly kind: "start";
  readonly args: readonly string[];
  readonly layout: HomeLayout;
  readonly configPath: string;
  readonly config: Config;
  readonly repairs: readonly string[];
  readonly warnings: readonly ConfigWarning[];
  readonly environment: Readonly<Record<string, string>>;
  readonly envFile: Readonly<Record<string, string>>;
  /** The key of the vault that a service was given. */
  readonly credential: Credential | undefined;
  readonly walls: readonly JsonObject[];
}

/** What the launcher tells the core later. */
export type ToCore =
  | Start
  | { readonly kind: "interrupt" }
  | { readonly kind: "answer"; readonly id: number; readonly value: Json }
  | { readonly kind: "refusal"; readonly id: number; readonly failure: Failure };

/** What the core asks of the launcher. Everything else is refused. */
export type ToLauncher =
  | { readonly kind: "ready" }
  /** What an interrupt was to stop has stopped. */
  | { readonly kind: "settled" }
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "read"; readonly id: number; readonly path: string }
  | {
    readonly kind: "config";
    readonly id: number;
    readonly changes: readonly { readonly key: string; readonly value?: Json }[];
  };

/** Reads a message of the core; `undefined` when it is none. */
export function readToLauncher(message: unknown): ToLauncher | undefined {
  if (message === null || typeof message !== "object") return undefined;
  const { kind, id, code, path, changes } = message as Record<string, unknown>;
  if (kind === "ready" || kind === "settled") return { kind };
  if (kind === "exit" && Number.isInteger(code)) return { kind, code: code as number };
  if (!Number.isInteger(id)) return undefined;
  if (kind === "read" && typeof path === "string") return { kind, id: id as number, path };
  if (kind === "config" && Array.isArray(changes) && changes.every(isChange)) {
    return { kind, id: id as number, changes };
  }
  return undefined;
}

function isChange(change: unknown): change is { key: string; value?: Json } {
  return change !== null && typeof change === "object" && "key" in change &&
    typeof change.key === "string";
}
