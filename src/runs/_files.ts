import { CodedError } from "../domain/failure.ts";
import type { Files, Random } from "../platform/platform.ts";
import { integrityKey } from "./_integrity_key.ts";
import { type ReadLines, readLines } from "./_seal.ts";
import { recordFrom, type RunRecord } from "./record.ts";

/** A run's file: `2026-11-28-RUN.jsonl`, by the day on which it began. */
export interface RunFile {
  readonly name: string;
  readonly run: string;
}

const NAME = /^\d{4}-\d{2}-\d{2}-([a-z0-9]{1,40})\.jsonl$/;

/** The file of a run that begins now. */
export function runFileOf(run: string, now: number): RunFile {
  return { name: `${new Date(now).toISOString().slice(0, 10)}-${run}.jsonl`, run };
}

/** Every file of a run, oldest first. */
export async function listRunFiles(files: Files): Promise<readonly RunFile[]> {
  return (await files.list()).flatMap(({ name, kind }) => {
    const run = kind === "file" ? NAME.exec(name)?.[1] : undefined;
    return run === undefined ? [] : [{ name, run }];
  });
}

/**
 * The file of a run, by its id or the beginning of it.
 * @throws {CodedError} `run_not_found`, also when several begin so
 */
export async function findRunFile(id: string, files: Files): Promise<RunFile> {
  const all = await listRunFiles(files);
  // begun anew on the day after a process ended before its first line
  const exact = all.findLast(({ run }) => run === id);
  if (exact) return exact;
  const near = all.filter(({ run }) => run.startsWith(id));
  const [file] = near;
  if (file && near.length === 1 && id !== "") return file;
  throw runNotFound(
    near.length > 1 ? `Several runs begin with "${id}"` : `There is no run "${id}"`,
  );
}

/** What is told where an id names no run. */
export function runNotFound(what: string): CodedError {
  return new CodedError("run_not_found", `${what}.`, "See clambot runs list.");
}

/** What a run's file holds. */
export interface ReadRun extends ReadLines {
  /** Absent where the file does not begin as a run's file does. */
  readonly record?: RunRecord;
}

/** Reads and checks a run's file. */
export async function readRun(
  { name, run }: RunFile,
  ports: { readonly files: Files; readonly secrets: Files; readonly random: Random },
): Promise<ReadRun> {
  const bytes = await ports.files.readBytes(name) ?? new Uint8Array();
  const read = await readLines(bytes, run, await integrityKey(ports.secrets, ports.random));
  const record = recordFrom(read.lines);
  return record?.run === run ? { ...read, record } : { ...read };
}
