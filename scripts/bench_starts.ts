// Measures starts of a program from outside, for scripts/bench_against.ts.

/** A program with a home of its own. */
export interface Startable {
  readonly command: readonly string[];
  readonly home: string;
}

/** Milliseconds, or what else a name says, by what took them. */
export type Sample = Readonly<Record<string, number>>;

const ASK = ["agent", "-m", "what time is it in Tokyo?"];
const HELP = ["provider", "connect", "--help"];

/** Milliseconds of each kind of start, and the most memory that one answer takes. */
export async function sampleStarts(program: Startable, kind: string): Promise<Sample> {
  const version = await timeOf(program, ["--version"]);
  const help = await timeOf(program, HELP);
  const sample = {
    [`--version, ${kind}`]: version,
    [`--help of a command, ${kind}`]: help,
    [`--help as a multiple of --version, ${kind}`]: help / version,
    [`agent -m on a starter clam, ${kind}`]: await timeOf(program, ASK),
  };
  const peak = await peakOf(program, ASK);
  return peak === undefined ? sample : { ...sample, [`agent -m, most memory, ${kind}`]: peak };
}

/** A program of some seconds, which should gain from all that the runtime can do. */
const LONG = `async function run() {
  let sum = 0;
  const seen = {};
  for (let n = 0; n < 4500000; n++) {
    sum = (sum * 31 + n) % 1000003;
    seen["k" + (sum & 255)] = sum;
    if ((n & 1023) === 0) JSON.parse(JSON.stringify(seen)), "abc".repeat(50).replace(/b/g, "x");
  }
  return sum;
}`;

/** Milliseconds of a clam that computes for some seconds. */
export async function sampleLong(program: Startable, kind: string): Promise<Sample> {
  const path = `${program.home}/long.js`;
  await Deno.writeTextFile(path, LONG);
  const taken = await timeOf(program, ["run", "--timeout", "120", path]);
  return { [`a clam that computes for seconds, ${kind}`]: taken };
}

async function timeOf(program: Startable, args: readonly string[]): Promise<number> {
  const start = performance.now();
  await run(program, [...program.command, ...args]);
  return performance.now() - start;
}

/** Says again and again how much memory the process has had at most, while it lives. */
const WATCH = `"$@" >/dev/null & pid=$!
while grep VmHWM "/proc/$pid/status" 2>/dev/null; do sleep 0.02; done
wait $pid`;

/** The most memory of a run in MiB; `undefined` where the system does not tell. */
async function peakOf(
  program: Startable,
  args: readonly string[],
): Promise<number | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  const text = await run(program, ["sh", "-c", WATCH, "sh", ...program.command, ...args]);
  const last = /(\d+) kB\s*$/.exec(text)?.[1];
  return last === undefined ? undefined : Number(last) / 1024;
}

/** Its standard output. */
async function run({ home }: Startable, [program = "", ...args]: readonly string[]) {
  const { success, stdout } = await new Deno.Command(program, {
    args,
    cwd: home,
    env: { CLAMBOT_HOME: `${home}/.clambot` },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${args.join(" ")} failed in ${home}`);
  return new TextDecoder().decode(stdout);
}
