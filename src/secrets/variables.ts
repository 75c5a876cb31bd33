import { CodedError } from "../domain/failure.ts";
import { complainOfName, complainOfValue, type Secret } from "./secret.ts";
import { parseSecretHost } from "./secret_host.ts";
import { parsePlace } from "./secret_place.ts";

/** An entry of `secrets.environment`: a variable that programs may use as a secret. */
export interface ListedVariable {
  readonly name: string;
  readonly hosts: readonly string[];
  readonly place?: string | undefined;
}

/** A variable that is listed and set. */
export interface OfferedVariable extends Secret {
  readonly value: string;
}

/**
 * Reads an entry of `secrets.environment`.
 * @throws {CodedError} `usage` names the part that is wrong
 */
export function parseVariable({ name, hosts, place = "bearer" }: ListedVariable): Secret {
  const problem = complainOfName(name);
  if (problem !== undefined) throw new CodedError("usage", problem);
  if (hosts.length === 0) throw new CodedError("usage", `${name} names no host it may go to.`);
  const bound = { hosts: hosts.map(parseSecretHost), places: [parsePlace(place)] };
  return { name, ...bound, createdAt: 0, updatedAt: 0 };
}

/**
 * The listed variables that are set to what can be a secret, by name. `values` are those of the
 * environment and of `.env`.
 */
export function offeredVariables(
  listed: readonly ListedVariable[],
  values: Readonly<Record<string, string>>,
): ReadonlyMap<string, OfferedVariable> {
  return new Map(listed.flatMap((variable) => {
    const value = (values[variable.name] ?? "").trim();
    if (complainOfValue(value) !== undefined) return [];
    return [[variable.name, { ...parseVariable(variable), value }] as const];
  }));
}
