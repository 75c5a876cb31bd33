// What a process holds at one moment, for scripts/bench_turns.ts. Start it with --expose-gc.
import { locksInUse } from "../src/platform/_locks.ts";

/** Everything that must not grow with the number of turns. */
export interface Gauges {
  /** Bytes of live objects, garbage collected before. */
  readonly heap: number;
  /** Bytes of memory that the system gives the process. */
  readonly resident: number;
  /** Open files, sockets and the like; `undefined` where the system does not tell. */
  readonly descriptors: number | undefined;
  /** Threads of workers; `undefined` where the system does not tell. */
  readonly workers: number | undefined;
  /** Files in the home that stand for a moment only: `*.tmp`, and drafts in `build/`. */
  readonly temporary: number;
  readonly locks: number;
  /** Turns, of those that {@linkcode Turns} was told, of which something is still held. */
  readonly held: number;
}

/** Counts things that were made for turns and not yet collected as garbage. */
export class Turns {
  #held = 0;
  readonly #gone = new FinalizationRegistry<undefined>(() => void this.#held--);

  /** Watches what a turn was given; returns it. */
  watch<T extends object>(given: T): T {
    this.#held++;
    this.#gone.register(given, undefined);
    return given;
  }

  get held(): number {
    return this.#held;
  }
}

/** Reads all gauges of this process, when what has just ended is gone. */
export async function readGauges(home: string, turns: Turns): Promise<Gauges> {
  await settle();
  const { heapUsed: heap, rss: resident } = Deno.memoryUsage();
  const [descriptors, threads] = await Promise.all([
    tell("ls", `/proc/${Deno.pid}/fd`),
    tell("sh", "-c", `cat /proc/${Deno.pid}/task/*/comm`),
  ]);
  return {
    heap,
    resident,
    descriptors: descriptors?.length,
    workers: threads?.filter((name) => name.startsWith("worker-")).length,
    temporary: await countTemporary(home),
    locks: locksInUse(),
    held: turns.held,
  };
}

/** Rounds of collecting: what one of them ends may hold something that only the next one finds. */
const ROUNDS = 5;
const PAUSE_MS = 200;

async function settle(): Promise<void> {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error("Start this with --v8-flags=--expose-gc.");
  for (let round = 0; round < ROUNDS; round++) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    gc();
  }
}

/**
 * The lines that a command prints. Deno itself may read these directories only with every
 * permission there is; its children may.
 */
async function tell(command: string, ...args: string[]): Promise<string[] | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const { success, stdout } = await new Deno.Command(command, { args, stderr: "null" }).output();
  if (!success) return undefined;
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
}

async function countTemporary(directory: string): Promise<number> {
  let count = 0;
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    if (name.endsWith(".tmp") || directory.endsWith("/workspace/build")) count++;
    else if (isDirectory) count += await countTemporary(path);
  }
  return count;
}

/** What a process held after so many turns. */
export interface Reading {
  readonly turns: number;
  readonly gauges: Gauges;
}

const ROWS: readonly (readonly [keyof Gauges, string])[] = [
  ["heap", "live objects"],
  ["resident", "memory of the process"],
  ["descriptors", "open descriptors"],
  ["workers", "workers"],
  ["temporary", "temporary files in the home"],
  ["locks", "locks held or waited for"],
  ["held", "objects of turns still held"],
];

/** Prints the readings; the slope is that from one of them to another. */
export function printReadings(
  what: string,
  readings: readonly Reading[],
  started: number,
  [from, to]: readonly [number, number],
): void {
  const seconds = Math.round((performance.now() - started) / 1000);
  const columns = readings.map(({ turns }) => `after ${turns}`);
  console.log(`\n${what} (${seconds} s)\n`);
  console.log(`| | ${columns.join(" | ")} | slope per turn |`);
  console.log(`|---${"|---".repeat(readings.length + 1)}|`);
  for (const [name, title] of ROWS) {
    const values = readings.map(({ gauges }) => gauges[name]);
    const [first, last] = [readings[from], readings[to]];
    const slope = slopeOf(values[from], values[to], (last?.turns ?? 0) - (first?.turns ?? 0));
    const isBytes = name === "heap" || name === "resident";
    const cells = values.map((value) => isBytes ? megabytes(value) : `${value ?? "not told"}`);
    console.log(`| ${title} | ${cells.join(" | ")} | ${slope}${isBytes ? " B" : ""} |`);
  }
}

function slopeOf(first: number | undefined, last: number | undefined, turns: number): string {
  if (first === undefined || last === undefined) return "not told";
  return ((last - first) / turns).toFixed(3).replace(/\.?0+$/, "");
}

function megabytes(bytes = 0): string {
  return `${(bytes / 1e6).toFixed(2)} MB`;
}
