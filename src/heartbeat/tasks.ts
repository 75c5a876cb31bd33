import { type TaskLine, taskLines } from "./_task_lines.ts";

// HEARTBEAT.md belongs to the person. What is a task in it is decided here, without any model.

/** A standing task of the person. */
export interface Task {
  /** What is to be done, with what stands indented below it. A parent's words come before it. */
  readonly text: string;
  readonly when: TaskTime;
  /** The line that it begins in, from 0. */
  readonly line: number;
  /** The same for the same words at every reading; two tasks of the same words have two. */
  readonly key: string;
}

/** When a task is due: what stands in brackets behind it. */
export type TaskTime =
  /** At every tick. */
  | { readonly kind: "always" }
  /** Once, at the next tick; then it is ticked off. */
  | { readonly kind: "once" }
  /** `every 2h`, `cron 0 9 * * 1`, or `at 2027-01-31T09:00`, after which it is ticked off. */
  | { readonly kind: "every" | "cron" | "at"; readonly text: string };

/** Whether a task is over when it was done. */
export function isOneShot({ when }: Pick<Task, "when">): boolean {
  return when.kind === "once" || when.kind === "at";
}

/**
 * The tasks of HEARTBEAT.md: open boxes, points of a list and plain lines. Headings, blanks, empty
 * boxes, ticked ones with all below them, quotes, comments, rules and fences are none. A point with
 * open boxes below it is their heading.
 */
export function openTasks(markdown: string): readonly Task[] {
  const seen = new Map<string, number>();
  return tasksBelow(taskLines(markdown), "").map(({ text, when, line }) => {
    const words = `${when.kind} ${"text" in when ? when.text : ""} ${text}`;
    const count = (seen.get(words) ?? 0) + 1;
    seen.set(words, count);
    return { text, when, line, key: count === 1 ? words : `${words} (${count})` };
  });
}

/**
 * The file with a task ticked off, and with everything else as it is; `undefined` when the task no
 * longer stands in it.
 */
export function tickOff(markdown: string, key: string): string | undefined {
  const task = openTasks(markdown).find((one) => one.key === key);
  if (!task) return undefined;
  const lines = markdown.split(/(?<=\n)/);
  lines[task.line] = ticked(lines[task.line] ?? "");
  return lines.join("");
}

function ticked(line: string): string {
  if (/^\s*(?:(?:[-*+]|\d+[.)])\s+)?\[\s*\]/.test(line)) return line.replace(/\[\s*\]/, "[x]");
  if (/^\s*(?:[-*+]|\d+[.)])\s/.test(line)) {
    return line.replace(/^\s*(?:[-*+]|\d+[.)])\s/, "$&[x] ");
  }
  return line.replace(/\S/, "[x] $&");
}

type FoundTask = Pick<Task, "text" | "when" | "line">;

function tasksBelow(lines: readonly TaskLine[], above: string): FoundTask[] {
  return lines.flatMap((one) => {
    const { box, below } = one;
    if (box === "ticked") return [];
    const words = one.text.replace(/:$/, "");
    const within = [above, words].filter((part) => part !== "").join(": ");
    const nested = tasksBelow(below.filter((inner) => inner.box !== undefined), within);
    // with boxes below it, open or not, it is their heading
    if (below.some((inner) => inner.box !== undefined)) return nested;
    if (one.text === "") return [];
    const { text, when } = splitTime(one.text);
    if (text === "") return [];
    const details = below.flatMap(wholeText);
    const whole = [above === "" ? text : `${above}: ${text}`, ...one.details, ...details];
    return [{ text: whole.join("\n"), when, line: one.line }];
  });
}

function wholeText({ text, details, below }: TaskLine): string[] {
  return [text, ...details, ...below.flatMap(wholeText)].filter((line) => line !== "");
}

const TIME = /\s*\((once|daily|every|cron|at)(?:\s+([^()]*))?\)$/i;

/** A time in brackets at the end; other brackets are words of the task. */
function splitTime(line: string): { readonly text: string; readonly when: TaskTime } {
  const found = TIME.exec(line);
  const when = found ? timeOf((found[1] ?? "").toLowerCase(), (found[2] ?? "").trim()) : undefined;
  if (!found || !when) return { text: line, when: { kind: "always" } };
  return { text: line.slice(0, found.index), when };
}

function timeOf(word: string, rest: string): TaskTime | undefined {
  switch (word) {
    case "once":
      return rest === "" ? { kind: "once" } : undefined;
    case "daily": {
      const [, hour, minute] = /^(?:at )?([01]?\d|2[0-3]):([0-5]\d)$/.exec(rest) ?? [];
      if (hour === undefined) return undefined;
      return { kind: "cron", text: `${Number(minute)} ${Number(hour)} * * *` };
    }
    case "every":
      return /^\d+\s*[smhd]$/.test(rest) ? { kind: "every", text: rest } : undefined;
    case "cron":
      return rest === "" ? undefined : { kind: "cron", text: rest };
    case "at":
      return /^\d{4}-/.test(rest) ? { kind: "at", text: rest } : undefined;
    default:
      return undefined;
  }
}
