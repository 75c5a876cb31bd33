import type { Failure } from "../domain/failure.ts";
import type { Json } from "../domain/json.ts";
import type { Redactor } from "../secrets/redactor.ts";

export function redactFailure(failure: Failure, redactor: Redactor): Failure {
  return redactJson(failure as unknown as Json, redactor) as unknown as Failure;
}

/** Takes secret values out of every text of a JSON value. */
export function redactJson(value: Json, redactor: Redactor): Json {
  if (typeof value === "string") return redactor.redact(value);
  if (Array.isArray(value)) return value.map((one: Json) => redactJson(one, redactor));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [redactor.redact(key), redactJson(one, redactor)]),
  );
}
