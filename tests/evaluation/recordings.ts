import type { Answers } from "./world.ts";

/** Strengths of models that the recordings stand for. */
export const CHARACTERS = ["good", "middling", "poor"] as const;
export type Character = typeof CHARACTERS[number];

/** One request, and how each character answers what ClamBot asks about it. */
export interface RecordedTask {
  readonly id: string;
  readonly request: string;
  /** The request that comes before it in the same conversation. */
  readonly after?: string;
  readonly answers: Readonly<Record<Character, Answers>>;
}

/** SHA-256 of the recordings: prompts may change, what the models answer may not. */
const FROZEN: Readonly<Record<string, string>> = {
  "given.json": "c394a14165071c1d0db750d73160485a95c94dfd0501ef15f2daddd4472b1a47",
  "characters.json": "25d9b33e625c5d47b1f23b324734bc4040a339e16b446192eb821ce7add2c93b",
};

/** The recorded answers. @throws where a file is not what it was when it was recorded */
export async function readRecordings(): Promise<readonly RecordedTask[]> {
  const { tasks } = JSON.parse(await readFrozen("characters.json"));
  return tasks;
}

/** A request of the hand-made recordings, with every answer that was given to it. */
export interface GivenTask {
  readonly request: string;
  readonly answers: readonly {
    readonly schema: "selection" | "clam" | "verdict" | "facts" | "text";
    readonly answer: string;
    readonly fix?: boolean;
  }[];
}

/** The answers that were given by hand to the first prompts. @throws as {@linkcode readRecordings} */
export async function readGiven(): Promise<readonly GivenTask[]> {
  const { tasks } = JSON.parse(await readFrozen("given.json"));
  return tasks;
}

async function readFrozen(name: string): Promise<string> {
  const bytes = await Deno.readFile(new URL(`recordings/${name}`, import.meta.url));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
  if (hash !== FROZEN[name]) throw new Error(`${name} is not what was recorded: ${hash}`);
  return new TextDecoder().decode(bytes);
}
