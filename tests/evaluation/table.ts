import { type Character, CHARACTERS, type RecordedTask } from "./recordings.ts";
import { isConfidentlyWrong, RIGHT } from "./tasks.ts";
import { World } from "./world.ts";

/** How one character did at one request. */
export interface Row {
  readonly id: string;
  readonly character: Character;
  readonly result: "right" | "refused" | "wrong";
  readonly modelCalls: number;
  readonly tokens: number;
  /** Tool calls of the answer. */
  readonly calls: number;
  /** Whether the same request was answered rightly once more without a model. */
  readonly isReused: boolean;
  /** The code of a refusal, or what was said wrongly. */
  readonly detail: string;
}

/** Puts a request, as this character answers it, and once more with a model that says nothing. */
export async function tryTask(
  task: RecordedTask,
  character: Character,
  all: readonly RecordedTask[],
): Promise<Row> {
  await using world = await World.open();
  const before = all.find(({ id }) => id === task.after);
  let session: string | undefined;
  if (before) {
    world.prepare(before.answers[character]);
    ({ session } = await world.ask(before.request, session));
  }
  world.prepare(task.answers[character]);
  const outcome = await world.ask(task.request, session);
  const tokens = world.tokens();
  const isRight = await RIGHT[task.id]?.(outcome, world) === true;
  const isWrong = await isConfidentlyWrong(task.id, outcome, world);
  const { modelCalls, calls, code, reply } = outcome;
  const result = isWrong ? "wrong" : isRight ? "right" : "refused";
  return {
    ...{ id: task.id, character, result, modelCalls, tokens, calls: calls.length },
    isReused: isRight && !task.after && await isAnsweredAlone(task, world),
    detail: result === "right" ? "" : result === "wrong" ? shortened(reply) : code || "unchecked",
  };
}

async function isAnsweredAlone(task: RecordedTask, world: World): Promise<boolean> {
  world.prepare({});
  const again = await world.ask(task.request);
  return again.status === "completed" && again.modelCalls === 0 && world.model.calls.length === 0;
}

function shortened(text: string): string {
  return text.replace(/\s+/g, " ").slice(0, 60);
}

/** What must hold at the end of the whole evaluation. */
export const WANTED: Readonly<Record<Character, number>> = { good: 40, middling: 34, poor: 26 };

/** The table as Markdown: a line for each request, a cell for each character, and sums. */
export function formatTable(rows: readonly Row[]): string {
  const ids = [...new Set(rows.map(({ id }) => id))];
  const of = (id: string, character: Character) =>
    rows.find((row) => row.id === id && row.character === character);
  const head = ["request", ...CHARACTERS];
  const lines = ids.map((id) => [id, ...CHARACTERS.map((one) => cell(of(id, one)))]);
  const sums = ["right", "wrong", "refused", "reused"].map((what) => [
    `**${what}**`,
    ...CHARACTERS.map((one) => {
      const own = rows.filter(({ character }) => character === one);
      return String(
        own.filter(({ result, isReused }) => what === "reused" ? isReused : result === what).length,
      );
    }),
  ]);
  const calls = [
    "**model calls, tokens of prompts**",
    ...CHARACTERS.map((one) => {
      const own = rows.filter(({ character }) => character === one);
      const sum = (of: (row: Row) => number) => own.reduce((total, row) => total + of(row), 0);
      return `${sum(({ modelCalls }) => modelCalls)}, ${sum(({ tokens }) => tokens)}`;
    }),
  ];
  return [head, head.map(() => "---"), ...lines, ...sums, calls]
    .map((line) => `| ${line.join(" | ")} |`).join("\n");
}

function cell(row: Row | undefined): string {
  if (!row) return "";
  const { result, modelCalls, tokens, isReused, detail } = row;
  const told = result === "right" ? `right${isReused ? ", reused" : ""}` : `${result}: ${detail}`;
  return `${told} (${modelCalls}, ${tokens})`.replaceAll("|", "\\|");
}
