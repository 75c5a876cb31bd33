import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

/** Where programs have their files. */
export const filesOf = (clambot: Clambot) => `${clambot.home}/workspace/files`;

/** Appends a word to a file of that name. */
export const append = (name: string) =>
  `await fs({operation: "append", path: "${name}.txt", content: "${name} "})`;

/** What `--json` prints of a run. */
export interface Told {
  readonly status: string;
  readonly reply: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly waits?: { readonly run: string; readonly question: string };
  readonly calls: readonly { readonly decision: string; readonly outcome: string }[];
}

/** A home, and the commands by which runs are started, answered and listed in it. */
export class RunHome implements AsyncDisposable {
  private constructor(readonly clambot: Clambot) {}

  static async empty(): Promise<RunHome> {
    return new RunHome((await Clambot.inEmptyHome()).here);
  }

  /** Runs a command that prints one JSON object, and checks how it ends. */
  async json(code: number, ...args: string[]): Promise<Told> {
    const ended = await this.clambot.run([...args, "--json"]);
    assert.equal(ended.code, code, `${args.join(" ")}: ${ended.stdout}${ended.stderr}`);
    return JSON.parse(ended.stdout);
  }

  async start(code: number, body: string, tools = "fs", ...more: string[]): Promise<Told> {
    const file = await this.clambot.write("program.js", `async function run() { ${body} }`);
    return await this.json(code, "run", file, "--tools", tools, ...more);
  }

  async answer(code: number, told: Told, ...reply: string[]): Promise<Told> {
    return await this.json(code, "approvals", "answer", told.waits?.question ?? "-", ...reply);
  }

  async text(name: string): Promise<string> {
    return await Deno.readTextFile(`${filesOf(this.clambot)}/${name}.txt`).catch(() => "");
  }

  async runs(): Promise<readonly { readonly run: string; readonly state: string }[]> {
    return JSON.parse((await this.clambot.run(["runs", "list", "--json"])).stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.clambot[Symbol.asyncDispose]();
  }
}
