import type { JsonObject } from "../domain/json.ts";
import { damaged } from "./_seal.ts";
import { formatPlace, parsePlace } from "./secret_place.ts";
import type { Secret } from "./secret.ts";
import { formatSecretHost, parseSecretHost } from "./secret_host.ts";

// What is inside the vault, as text.

/** A secret with its value. Never leaves this room whole. */
export interface Kept extends Secret {
  readonly value: string;
}

/** Everything in the vault, by name. */
export type Contents = ReadonlyMap<string, Kept>;

export function formatContents(contents: Contents): string {
  const secrets = [...contents.values()].toSorted((a, b) => a.name < b.name ? -1 : 1)
    .map(({ hosts, places, ...kept }) => ({
      ...kept,
      hosts: hosts.map(formatSecretHost),
      places: places.map(formatPlace),
    }));
  return JSON.stringify({ secrets });
}

/** @throws {CodedError} `vault_damaged` */
export function parseContents(text: string): Contents {
  try {
    const { secrets } = JSON.parse(text) as { readonly secrets: readonly JsonObject[] };
    return new Map(secrets.map(readKept).map((kept) => [kept.name, kept]));
  } catch {
    throw damaged(); // it was sealed with the right key and is nothing that this program writes
  }
}

function readKept(written: JsonObject): Kept {
  const { name, value, description, hosts, places, createdAt, updatedAt } = written;
  if (typeof name !== "string" || typeof value !== "string") throw new TypeError("no secret");
  if (typeof createdAt !== "number" || typeof updatedAt !== "number") {
    throw new TypeError("no times");
  }
  return {
    name,
    value,
    ...(typeof description === "string" ? { description } : {}),
    hosts: (hosts as string[]).map(parseSecretHost),
    places: (places as string[]).map(parsePlace),
    createdAt,
    updatedAt,
  };
}
