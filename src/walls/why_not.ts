import type { Places } from "../config/home.ts";
import { CodedError, type Failure } from "../domain/failure.ts";
import { findFullDisk } from "../platform/full_disk.ts";

/** Why the program cannot start, in a sentence for the person. */
export function whyNot(thrown: unknown, { home }: Places): Failure {
  const isFile = thrown instanceof CodedError && thrown.code === "file_failed";
  const error = isFile ? thrown.cause ?? thrown : thrown;
  if (error instanceof CodedError) return error.failure;
  if (error instanceof Deno.errors.AlreadyExists || error instanceof Deno.errors.NotADirectory) {
    return wrongHome(`The home "${home}" cannot be a directory: a file stands there.`);
  }
  if (error instanceof Deno.errors.NotCapable) {
    const path = /access to "([^"]+)"/.exec(error.message)?.[1] ?? "a file of the system";
    return { code: "config_invalid", message: `"${path}" cannot be read by ClamBot.` };
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return wrongHome(`You may not read or write everything in the home "${home}".`);
  }
  const message = error instanceof Error ? error.message : String(error);
  return findFullDisk(error, home) ??
    { code: "internal", message: `ClamBot cannot start: ${message}` };
}

function wrongHome(message: string): Failure {
  return { code: "usage", message, hint: "Name another one with --home DIR or CLAMBOT_HOME." };
}
