import xterm from "@xterm/headless";
import { AtTerminal, KEYS } from "./at_terminal.ts";
import type { Clambot } from "./clambot.ts";

// Presses Down and Enter around the moment at which a question stands on the screen, and tells what
// became of it. One request asks five questions; before each it writes a file that needs no
// question, so that the moment is known beforehand, and waits.

const PATIENCE_MS = 60_000;

/** Questions of one request; the gate allows no more. */
export const QUESTIONS = 5;

/** How the program is started, and which line starts the request. */
export interface Way {
  readonly name: string;
  readonly args: readonly string[];
  /** What is said in the conversation; each asks five questions. */
  readonly requests: readonly string[];
}

/** One pair of keys, and what became of it. */
export interface Sample {
  readonly way: string;
  /** The question's place in the process, from 1. */
  readonly question: number;
  /** Milliseconds from the question's standing on the screen to the keys, as it really was. */
  readonly at: number;
  readonly outcome: "nothing" | "moved" | "allowed" | "rejected";
}

const GRANTS = ["--grant", "fs:dir:signs"];

export const WAYS = {
  run: { name: "run", args: ["run", "asks.js", "--tools", "fs,sleep", ...GRANTS], requests: [] },
  once: { name: "agent -m", args: ["agent", "-m", "ask about files", ...GRANTS], requests: [] },
  conversation: {
    name: "conversation",
    args: ["agent", ...GRANTS],
    requests: ["ask about files", "ask about files"],
  },
} as const satisfies Record<string, Way>;

/** Seconds between the sign and the question; longer than the earliest key comes before it. */
const WAIT_S = 0.45;

const SCRIPT = `async function run() {
  for (let i = 1; i <= ${QUESTIONS}; i++) {
    await fs({operation: "append", path: "signs/made.txt", content: "x"});
    await sleep({seconds: ${WAIT_S}});
    await fs({operation: "append", path: "asked.txt", content: "x"});
  }
}`;

/** What every run needs. */
export async function prepare(clambot: Clambot): Promise<void> {
  await clambot.write("asks.js", `${SCRIPT}\nawait run();`);
  await clambot.write(
    ".clambot/workspace/clams/asks/CLAM.md",
    "---\nname: asks\ndeclared_tools: [fs, sleep]\nrequests: [ask about files]\nreusable: true\n" +
      "origin: person\n---\n",
  );
  await clambot.write(".clambot/workspace/clams/asks/run.js", SCRIPT);
  for (const name of ["signs/made.txt", "asked.txt"]) {
    await clambot.write(`.clambot/workspace/files/${name}`, "");
  }
}

/** Starts the program once, and presses the keys once per question, at these milliseconds. */
export async function tryKeys(
  clambot: Clambot,
  way: Way,
  offsets: readonly number[],
  leads: Leads = new Leads(),
): Promise<Sample[]> {
  const files = `${clambot.home}/workspace/files`;
  const before = { signs: await sizeOf(`${files}/signs/made.txt`) };
  const terminal = new AtTerminal(clambot, way.args);
  const screen = new Screen(terminal);
  const samples: Sample[] = [];
  let requests = 0;
  for (const [index, offset] of offsets.entries()) {
    if (way.requests.length > 0 && index % QUESTIONS === 0) {
      await terminal.see("you> ");
      await terminal.type(`${way.requests[requests++]}${KEYS.enter}`);
    }
    const allowed = await sizeOf(`${files}/asked.txt`);
    const sign = await grown(`${files}/signs/made.txt`, before.signs + index);
    const stands = screen.nextQuestion();
    const base = offset < 0 ? sign + leads.of(way, index) : await stands;
    const sent = await pressAt(base + offset, terminal);
    const stood = await stands;
    leads.add(way, index, stood - sign);
    const at = Math.round(sent - stood);
    const outcome = await outcomeOf(terminal, screen, `${files}/asked.txt`, allowed);
    samples.push({ way: way.name, question: index + 1, at, outcome });
    if (outcome === "rejected") break;
    if (screen.asks) await allow(terminal, screen, `${files}/asked.txt`, allowed);
  }
  await terminal.kill();
  return samples;
}

/** How long it takes from the sign to the question: the middle of the latest ones. */
export class Leads {
  readonly #known = new Map<string, number[]>();

  of(way: Way, index: number): number {
    const known = this.#known.get(this.#key(way, index))?.toSorted((a, b) => a - b) ?? [];
    return known[Math.floor(known.length / 2)] ?? WAIT_S * 1000 + (index === 0 ? 150 : 20);
  }

  add(way: Way, index: number, lead: number): void {
    const known = this.#known.get(this.#key(way, index)) ?? [];
    this.#known.set(this.#key(way, index), [...known, lead].slice(-5));
  }

  #key({ name }: Way, index: number): string {
    return `${name} ${index === 0 ? "first" : "later"}`;
  }
}

/** The screen of the terminal as a person sees it. */
class Screen {
  readonly #screen = new xterm.Terminal({ cols: 100, rows: 40, allowProposedApi: true });
  #asked = false;
  #begun = 0;
  #waiting: ((at: number) => void)[] = [];

  constructor(terminal: AtTerminal) {
    terminal.onPiece = (piece) => {
      const now = performance.now();
      // a question that was answered in the same piece is never seen standing
      // deno-lint-ignore no-control-regex
      const begun = [...terminal.raw.matchAll(/◆(?:\x1b\[[0-9;]*m)* +Allow it/g)].length;
      const isNew = begun > this.#begun;
      this.#begun = begun;
      this.#screen.write(piece, () => this.#look(now, isNew));
    };
  }

  /** When the next question stands on the screen completely. */
  nextQuestion(): Promise<number> {
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => reject(new Error("no question came")), PATIENCE_MS);
      this.#waiting.push((at) => {
        clearTimeout(patience);
        resolve(at);
      });
    });
  }

  /** Whether a question waits for its answer. */
  get asks(): boolean {
    return this.#asked;
  }

  #look(now: number, isNew: boolean): void {
    const lines = this.text();
    const head = lines.findLastIndex((line) => /^◆ +Allow it\?/.test(line));
    const asks = head >= 0 && lines.slice(head).some((line) => /[●○] Reject/.test(line)) &&
      lines.slice(head).some((line) => line.startsWith("└"));
    if (isNew || asks && !this.#asked) this.#waiting.splice(0).forEach((resolve) => resolve(now));
    this.#asked = asks;
  }

  /** The lines of the screen, and what was on it before. */
  text(): string[] {
    const { active } = this.#screen.buffer;
    return Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? "",
    );
  }
}

async function pressAt(moment: number, terminal: AtTerminal): Promise<number> {
  await pause(Math.max(0, moment - performance.now()));
  const now = performance.now();
  await terminal.send(KEYS.down + KEYS.enter);
  return now;
}

/** Says yes as a person does: looks what became of the keys, and presses again where nothing did. */
async function allow(
  terminal: AtTerminal,
  screen: Screen,
  file: string,
  allowed: number,
): Promise<void> {
  const patience = performance.now() + PATIENCE_MS;
  while (await sizeOf(file) <= allowed) {
    if (performance.now() > patience) throw new Error(`${file} never grew`);
    const isChosen = screen.text().some((line) => line.includes("● Allow"));
    await terminal.send(isChosen ? KEYS.enter : KEYS.down + KEYS.enter);
    for (let looks = 0; looks < 100 && await sizeOf(file) <= allowed; looks++) await pause(20);
  }
}

/** What became of the keys: looked at when the program has had time to act on them. */
async function outcomeOf(
  terminal: AtTerminal,
  screen: Screen,
  file: string,
  allowed: number,
): Promise<Sample["outcome"]> {
  const patience = performance.now() + PATIENCE_MS;
  while (!terminal.takesKeys && performance.now() < patience && screen.asks) await pause(10);
  await pause(150);
  if (await sizeOf(file) > allowed) return "allowed";
  if (screen.asks) {
    return screen.text().some((line) => line.includes("● Allow")) ? "moved" : "nothing";
  }
  await pause(500);
  return await sizeOf(file) > allowed ? "allowed" : "rejected";
}

/** The moment at which a file is longer than it was. */
async function grown(path: string, size: number): Promise<number> {
  const patience = performance.now() + PATIENCE_MS;
  while (await sizeOf(path) <= size) {
    if (performance.now() > patience) throw new Error(`${path} never grew`);
    await pause(2);
  }
  return performance.now();
}

async function sizeOf(path: string): Promise<number> {
  return (await Deno.stat(path)).size;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Rows of ten milliseconds, columns of ways: what became of the keys that were pressed then. */
export function formatTable(samples: readonly Sample[]): string {
  const columnOf = ({ way, question }: Sample) => `${way}, ${question === 1 ? "first" : "later"}`;
  const columns = [...new Set(samples.map(columnOf))].sort();
  const rowOf = ({ at }: Sample) => Math.floor(at / 10) * 10;
  const rows = [...new Set(samples.map(rowOf))].sort((a, b) => a - b);
  const cell = (row: number, column: string) => {
    const here = samples.filter((one) => rowOf(one) === row && columnOf(one) === column);
    return here.map(({ outcome }) => SIGNS[outcome]).sort().join("");
  };
  return [
    `. nothing  m chose, not entered  A allowed  R rejected; milliseconds from the question's standing there to the keys`,
    ["ms", ...columns].join(" | "),
    ...rows.map((row) => [row, ...columns.map((column) => cell(row, column))].join(" | ")),
  ].join("\n");
}

const SIGNS = { nothing: ".", moved: "m", allowed: "A", rejected: "R" } as const;
