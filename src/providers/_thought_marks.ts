/** A way in which models or their servers fence off thoughts. */
export interface ThoughtMark {
  /** What begins them, in small letters. */
  readonly opens: readonly string[];
  /** What ends them, in small letters. */
  readonly closes: readonly string[];
  /** Ends them too, and is itself the beginning of what comes next. */
  readonly closedBefore?: readonly string[];
}

const TAGS = [
  "think", // DeepSeek, Qwen and most others
  "thinking",
  "thought", // EXAONE
  "thoughts",
  "reasoning",
  "reflection",
  "seed:think", // Seed-OSS
  "antthinking",
];

const START = "<|start|>assistant";
const FINAL = ["<|channel|>final", `${START}<|channel|>final`];

/**
 * The marks by which thoughts are told from the answer, by the chat templates of the models' own
 * repositories. Channels are those of OpenAI's harmony format (gpt-oss).
 */
export const THOUGHT_MARKS: readonly ThoughtMark[] = [
  ...TAGS.map((name) => ({ opens: [`<${name}>`], closes: [`</${name}>`] })),
  { opens: ["[think]"], closes: ["[/think]"] }, // Mistral
  { opens: ["◁think▷"], closes: ["◁/think▷"] }, // Kimi
  { opens: ["<|begin_of_thought|>"], closes: ["<|end_of_thought|>"] }, // OpenThoughts
  { opens: ["<|start_thinking|>"], closes: ["<|end_thinking|>"] }, // Command
  { opens: ["<|inner_prefix|>"], closes: ["<|inner_suffix|>"] }, // Apertus
  { opens: ["<unused94>"], closes: ["<unused95>"] }, // MedGemma
  { opens: ["<|channel>thought"], closes: ["<channel|>"] }, // Gemma
  {
    opens: ["analysis", "commentary"].flatMap((name) => [
      `<|channel|>${name}`,
      `${START}<|channel|>${name}`,
    ]),
    closes: ["<|end|>", "<|call|>"],
    closedBefore: FINAL,
  },
  // the heading of the answer itself is no thought, and not meant to be seen either
  { opens: FINAL, closes: ["<|message|>"] },
];

/** Characters of the longest mark. */
export const LONGEST_MARK = Math.max(
  ...THOUGHT_MARKS.flatMap(({ opens, closes }) => [...opens, ...closes]).map(({ length }) =>
    length
  ),
);

/** What ends an answer in the harmony format, where the server has left it in. */
export const END_OF_ANSWER = /<\|(?:return|end|call)\|>\s*$/i;

/** The beginning of it, as it may stand at the end of a piece. */
export const MAYBE_END_OF_ANSWER = /<(?:\|[a-z]{0,6}\|?>?\s*)?$/i;

/** The mark that a text begins with, and which of its beginnings it is. */
export function markAtStart(text: string): { mark: ThoughtMark; length: number } | undefined {
  const start = text.slice(0, LONGEST_MARK).toLowerCase();
  for (const mark of THOUGHT_MARKS) {
    const open = mark.opens.find((one) => start.startsWith(one));
    if (open !== undefined) return { mark, length: open.length };
  }
  return undefined;
}

/** Whether a text could still become the beginning of thoughts. */
export function mayBecomeMark(text: string): boolean {
  const start = text.slice(0, LONGEST_MARK + 1).toLowerCase();
  return THOUGHT_MARKS.some(({ opens }) => opens.some((open) => open.startsWith(start)));
}

/** Whether what stands here is only spoken of: it has quotes or backticks around it. */
export function isQuoted(text: string, from: number, to: number): boolean {
  return QUOTE.test(text[from - 1] ?? "") && QUOTE.test(text[to] ?? "");
}

const QUOTE = /[`"'“”‘’„«»]/;
