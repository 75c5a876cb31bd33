import { findRunFile, listRunFiles, readRun, type RunFile, runNotFound } from "./_files.ts";
import type { ListedRun, RunFlaw, RunStanding } from "./listed_run.ts";
import { openQuestions, type RunRecord } from "./record.ts";
import type { RunPorts } from "./run.ts";

/** Every run that is kept, oldest first. */
export async function listRuns(ports: RunPorts): Promise<readonly ListedRun[]> {
  return settled(await listedAll(await listRunFiles(ports.files), ports));
}

/**
 * The runs that have not ended, oldest first. What an ended one did is neither checked nor read, so
 * this is quick however many are kept.
 */
export async function listOpenRuns(ports: RunPorts): Promise<readonly ListedRun[]> {
  const files = await listRunFiles(ports.files);
  const ends = await Promise.all(files.map(async (file) => await isEnded(file, ports)));
  const looked = new Set(files.filter((_, at) => !ends[at]));
  let all = await listedAll([...looked], ports);
  for (;;) {
    // a part has ended with the run that it is a part of
    const above = new Set(all.flatMap(({ record }) => record?.opening.parent ?? []));
    const missing = files.filter((file) => above.has(file.run) && !looked.has(file));
    if (missing.length === 0) break;
    for (const file of missing) looked.add(file);
    all = [...all, ...await listedAll(missing, ports)];
  }
  return settled(all).filter(({ record }) => !record?.ended);
}

async function listedAll(
  files: readonly RunFile[],
  ports: RunPorts,
): Promise<readonly ListedRun[]> {
  return (await Promise.all(files.map((file) => listed(file, ports))))
    .filter((one) => one !== undefined);
}

/** Bytes at the end of a file in which its end is looked for; a longer one is read whole. */
const TAIL = 4_096;

/** Whether the last line says that the run has ended. */
async function isEnded({ name }: RunFile, { files }: RunPorts): Promise<boolean> {
  const { size = 0 } = await files.stat(name) ?? {};
  const bytes = await files.readBytes(name, Math.max(0, size - TAIL)) ?? new Uint8Array();
  const last = new TextDecoder().decode(bytes).split("\n").at(-2) ?? "";
  return /^\{"n":\d+,"kind":"ended"[,}]/.test(last);
}

/** Runs as they stand together with each other. */
function settled(found: readonly ListedRun[]): readonly ListedRun[] {
  // files have no order within a day; what cannot be read stands first
  const all = found.toSorted((one, other) => (one.record?.at ?? 0) - (other.record?.at ?? 0));
  const waiting = new Set<string>();
  for (const { record, state } of all) {
    if (!record || state !== "waiting") continue;
    for (const one of ancestorsOf(record, all)) waiting.add(one.run);
  }
  return all.map((one) => {
    const ended = endOfAbove(one, all);
    if (ended && one.record) {
      return { ...one, state: ended.how, record: { ...one.record, ended } };
    }
    return one.state === "interrupted" && waiting.has(one.run) ? { ...one, state: "waiting" } : one;
  });
}

/** A part has ended with the run that it is a part of. */
function endOfAbove({ record }: ListedRun, all: readonly ListedRun[]): RunRecord["ended"] {
  if (!record || record.ended || record.opening.parent === undefined) return undefined;
  return ancestorsOf(record, all).find((one) => one.record?.ended)?.record?.ended;
}

/**
 * One run, by its id or the beginning of it.
 * @throws {CodedError} `run_not_found`
 */
export async function findListed(id: string, ports: RunPorts): Promise<ListedRun> {
  const file = await findRunFile(id, ports.files);
  const found = await listed(file, ports);
  if (!found) throw runNotFound(`There is no run "${id}"`);
  // it may be a part of it that waits
  const isPart = found.record?.opening.parent !== undefined;
  if (found.state !== "interrupted" && !isPart) return found;
  return (await listRuns(ports)).find(({ run }) => run === file.run) ?? found;
}

/** The runs that a run is a part of, from the nearest one to the first. */
export function ancestorsOf(
  { opening }: RunRecord,
  all: readonly ListedRun[],
): readonly ListedRun[] {
  const found: ListedRun[] = [];
  let { parent } = opening;
  while (parent !== undefined) {
    const above = all.find(({ run }) => run === parent);
    if (!above || found.includes(above)) break;
    found.push(above);
    parent = above.record?.opening.parent;
  }
  return found;
}

/** `undefined` where nothing was begun. */
async function listed(file: RunFile, ports: RunPorts): Promise<ListedRun | undefined> {
  const { run, name } = file;
  const { record, damagedAt, lines, torn, size } = await readRun(file, ports);
  if (damagedAt) {
    return { run, state: "damaged", flaw: { kind: "changed", file: name, ...damagedAt } };
  }
  if (lines.length === 0) return undefined;
  if (!record) {
    return { run, state: "damaged", flaw: { kind: "changed", file: name, line: 1, offset: 0 } };
  }
  const flaw: RunFlaw = { kind: "torn", file: name, line: lines.length + 1, offset: size - torn };
  const state = await stateOf(record, file, ports);
  // while a process is at it, a line can be on its way
  return { run, state, record, ...(torn > 0 && state !== "running" ? { flaw } : {}) };
}

async function stateOf(
  record: RunRecord,
  { name }: RunFile,
  { files }: RunPorts,
): Promise<RunStanding> {
  if (record.ended) return record.ended.how;
  const held = await files.openAppend(name);
  held?.close();
  if (!held) return "running";
  return openQuestions(record).length > 0 ? "waiting" : "interrupted";
}
