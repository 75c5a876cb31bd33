// Compares this checkout with another one in one run: both are measured in turns, so that what else
// the machine does meets both, and the ratios are those of neighbouring measurements.
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Sample, sampleLong, sampleStarts, type Startable } from "./bench_starts.ts";

const HERE = fileURLToPath(new URL("../", import.meta.url));
const SAMPLE = fileURLToPath(new URL("./bench_sample.ts", import.meta.url));

/** A checkout that is measured, with a home of its own and a process that has its modules loaded. */
interface Side {
  readonly root: string;
  readonly home: string;
  readonly inside: Inside;
}

/** Rounds: starts from source and of the binary, long programs, everything else. */
const STARTS = 7;
const BINARY_STARTS = 21;
const LONG_RUNS = 3;
const ROUNDS = 40;

/** Measures this checkout and the one in `directory`, and prints medians and ratios. */
export async function printAgainst(directory: string): Promise<void> {
  const sides = await Promise.all([resolve(directory), HERE.replace(/\/$/, "")].map(openSide));
  console.log(`\nAgainst ${directory}, measured in turns:\n`);
  console.log("| what | there | here | here / there | middle half | rounds |");
  console.log("|---|---|---|---|---|---|");
  await compare(sides, STARTS, (side) => sampleStarts(fromSource(side), "source"));
  if (await haveBinaries(sides)) {
    await compare(sides, BINARY_STARTS, (side) => sampleStarts(binaryOf(side), "binary"));
    await compare(sides, LONG_RUNS, (side) => sampleLong(binaryOf(side), "binary"));
  }
  await compare(sides, ROUNDS, ({ inside }) => inside.sample());
  for (const { home, inside } of sides) {
    await inside.end();
    await Deno.remove(home, { recursive: true });
  }
}

async function compare(
  sides: readonly Side[],
  rounds: number,
  measure: (side: Side) => Promise<Sample>,
): Promise<void> {
  const taken = sides.map((side) => ({ side, samples: [] as Sample[] }));
  for (const { side } of taken) await measure(side); // what is made or compiled once does not count
  for (let round = 0; round < rounds; round++) {
    taken.reverse();
    for (const { side, samples } of taken) samples.push(await measure(side));
  }
  if (rounds % 2 === 1) taken.reverse();
  const [there = [], here = []] = taken.map(({ samples }) => samples);
  for (const what of Object.keys(here[0] ?? {})) {
    print(what, valuesOf(what, there), valuesOf(what, here));
  }
}

function print(what: string, there: readonly number[], here: readonly number[]): void {
  const ratios = here.map((value, n) => value / (there[n] ?? NaN));
  const middle = `${at(0.25, ratios).toFixed(2)}–${at(0.75, ratios).toFixed(2)}`;
  const unit = /memory/.test(what) ? " MiB" : /multiple/.test(what) ? "" : " ms";
  const [before, now] = [there, here].map((values) => at(0.5, values).toPrecision(3) + unit);
  const ratio = at(0.5, ratios).toFixed(2);
  console.log(`| ${what} | ${before} | ${now} | × ${ratio} | ${middle} | ${here.length} |`);
}

function valuesOf(what: string, samples: readonly Sample[]): number[] {
  return samples.map((one) => one[what] ?? NaN);
}

/** The value below which this share of all lies. */
function at(share: number, values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? NaN;
}

async function openSide(root: string): Promise<Side> {
  await Deno.stat(`${root}/main.ts`);
  const home = await Deno.makeTempDir({ prefix: "clambot-bench-" });
  const side = { root, home };
  return { ...side, inside: new Inside(start(side, SAMPLE, [pathToFileURL(`${root}/`).href])) };
}

function binaryOf({ root, home }: Side): Startable {
  return { command: [`${root}/dist/clambot`], home };
}

/** As the checkout's own task starts it. */
function fromSource({ root, home }: Side): Startable {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${root}/deno.json`));
  const flags = String(tasks.start).split(" ").filter((one) => one.startsWith("--"));
  const command = [Deno.execPath(), "run", ...flags, `--config=${root}/deno.json`];
  return { command: [...command, `${root}/main.ts`], home };
}

async function haveBinaries(sides: readonly Side[]): Promise<boolean> {
  const found = sides.map(({ root }) => Deno.stat(`${root}/dist/clambot`).catch(() => undefined));
  return (await Promise.all(found)).every((one) => one?.isFile);
}

/** Starts a script with the checkout's own configuration. */
function start(
  { root, home }: Pick<Side, "root" | "home">,
  script: string,
  args: readonly string[],
): Deno.ChildProcess {
  const flags = ["--quiet", "--no-prompt", `--config=${root}/deno.json`];
  const allowed = ["read", "write", "net", "env"].map((name) => `--allow-${name}`);
  return new Deno.Command(Deno.execPath(), {
    args: ["run", ...flags, ...allowed, script, ...args],
    cwd: home,
    env: { CLAMBOT_HOME: `${home}/.clambot` },
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
}

/** The process that scripts/bench_sample.ts runs in. */
class Inside {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<string>;

  constructor(private readonly child: Deno.ChildProcess) {
    this.#writer = child.stdin.getWriter();
    this.#reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  async sample(): Promise<Sample> {
    await this.#writer.write(new TextEncoder().encode("\n"));
    let text = "";
    while (!text.endsWith("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) throw new Error("scripts/bench_sample.ts ended before it was asked to.");
      text += value;
    }
    return JSON.parse(text);
  }

  async end(): Promise<void> {
    await this.#writer.close();
    await this.#reader.cancel();
    await this.child.status;
  }
}
