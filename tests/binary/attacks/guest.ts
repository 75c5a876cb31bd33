import type { Json, JsonObject } from "../../../src/domain/json.ts";
import { Clambot } from "../../flows/clambot.ts";

/** The binary in a home of its own, running one program that makes many calls. */
export class Guest implements AsyncDisposable {
  private constructor(readonly clambot: Clambot) {}

  /** `config` is laid out as in `config.json`; a program may make thousands of calls. */
  static async open(config: JsonObject = {}): Promise<Guest> {
    const guest = new Guest(await Clambot.inEmptyHome());
    await guest.configure(config);
    return guest;
  }

  async configure(config: JsonObject): Promise<void> {
    const { home } = this.clambot;
    await Deno.mkdir(home, { recursive: true, mode: 0o700 });
    const agents = { defaults: { maxToolIterations: 10_000 } };
    const text = JSON.stringify({ agents, ...config });
    await Deno.writeTextFile(`${home}/config.json`, text, { mode: 0o600 });
  }

  /** Makes the calls one after the other; each comes to its result, or to the code it failed with. */
  async call(
    calls: readonly (readonly [tool: string, args: JsonObject])[],
    grants: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code?: string; readonly result?: Json }[]> {
    const tools = [...new Set(calls.map(([tool]) => tool))];
    const script = await this.clambot.write(
      "calls.js",
      `const tools = { ${tools.join(", ")} };
      const calls = ${JSON.stringify(calls)};
      const ends = [];
      for (const [tool, args] of calls) {
        ends.push(await tools[tool](args).then((result) => ({ result }), ({ code }) => ({ code })));
      }
      return ends;`,
    );
    const args = ["--tools", tools.join(","), ...grants.flatMap((grant) => ["--grant", grant])];
    const { object, stderr } = await this.clambot.json(["run", script, ...args], { env });
    if (!Array.isArray(object.value)) throw new Error(`${JSON.stringify(object)} ${stderr}`);
    return object.value;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.clambot[Symbol.asyncDispose]();
  }
}
