import { CodedError } from "../domain/failure.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Delivery, MissedPolicy, Work } from "./job.ts";
import type { JobOrder } from "./job_book.ts";
import type { TypedSchedule } from "./schedule.ts";

/**
 * Reads an order as it comes over the control socket. Values are checked where the job is made.
 * @throws {CodedError} `usage` names what is not of its kind
 */
export function readJobOrder(args: JsonObject): JobOrder {
  const when = objectOf(args, "when");
  const delivery = args["delivery"] === undefined ? undefined : objectOf(args, "delivery");
  return {
    when: {
      ...textIn(when, "cron"),
      ...textIn(when, "every"),
      ...textIn(when, "at"),
      ...textIn(when, "timezone"),
    } as TypedSchedule,
    work: readWork(objectOf(args, "work")),
    conversation: textOf(args, "conversation"),
    ...textIn(args, "name"),
    ...textIn(args, "key"),
    ...(textIn(args, "missed") as { readonly missed?: MissedPolicy }),
    ...(typeof args["retries"] === "number" ? { retries: args["retries"] } : {}),
    ...(args["deleteAfterRun"] === true ? { deleteAfterRun: true } : {}),
    ...(args["marked"] === true ? { marked: true } : {}),
    ...(delivery ? { delivery: readDelivery(delivery) } : {}),
  };
}

function readWork(work: JsonObject): Work {
  const { kind } = work;
  switch (kind) {
    case "text":
    case "message":
      return { kind, text: textOf(work, "text") };
    case "clam":
      return { kind, clam: textOf(work, "clam"), input: objectOf(work, "input") };
  }
  throw new CodedError("usage", '"kind" of the work is text, message or clam.');
}

function readDelivery(delivery: JsonObject): Delivery {
  return {
    deliver: delivery["deliver"] !== false,
    ...textIn(delivery, "channel"),
    ...textIn(delivery, "target"),
  };
}

function textIn(from: JsonObject, name: string): { readonly [key: string]: string } {
  return from[name] === undefined ? {} : { [name]: textOf(from, name) };
}

function textOf(from: JsonObject, name: string): string {
  const value = from[name];
  if (typeof value === "string") return value;
  throw new CodedError("usage", `"${name}" must be a text.`);
}

function objectOf(from: JsonObject, name: string): JsonObject {
  const value: Json | undefined = from[name];
  if (value !== null && typeof value === "object" && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new CodedError("usage", `"${name}" must be an object.`);
}
