import assert from "node:assert/strict";
import { type Addition, Copy } from "./copy.ts";

// Whatever can be added is added to a copy of the program: a folder, and a line in one list. Then
// the copy has to do what was added.

const COMMAND: Addition = {
  list: "src/cli/command_list.ts",
  line: 'export { greetCommand } from "./commands/greet/facts.ts";',
  files: {
    "src/cli/commands/greet/facts.ts": `import type { CliCommand } from "../../command.ts";
      export const greetCommand: CliCommand = {
        name: "greet",
        group: "Ask:",
        mayWriteConfig: true,
        seesKeys: true,
        worksWithoutConfig: true,
        examples: { "": ["clambot greet Ada"] },
        load: async () => (await import("./greet.ts")).registerGreet,
      };`,
    "src/cli/commands/greet/greet.ts": `import type { Register } from "../../command.ts";
      export const registerGreet: Register = (program, { environment, terminal, launcher }, end) => {
        program.command("greet").description("Greet somebody").argument("<name>")
          .action(async (name) => {
            terminal.out(\`Hello \${name}, \${environment.OPENROUTER_API_KEY}\\n\`);
            if (name === "Eve") {
              await launcher.changeConfig([{ key: "agents.defaults.userName", value: name }]);
            }
            end(0);
          });
      };`,
  },
};

const TOOL: Addition = {
  list: "src/tools/tool_list.ts",
  line: 'export { greetTool } from "./greet/facts.ts";',
  files: {
    "src/tools/greet/facts.ts": `import type { ToolFacts } from "../tool_facts.ts";
      export const greetTool: ToolFacts = {
        name: "greet",
        scopes: ["person:"],
        outward: true,
        load: async () => (await import("./greet.ts")).createGreetTool,
      };`,
    "src/tools/greet/greet.ts": `import type { ToolPorts } from "../tool_facts.ts";
      import type { Tool } from "../tool.ts";
      export const createGreetTool = ({ clock }: Pick<ToolPorts, "clock">): Tool => ({
        name: "greet",
        description: "Greets.",
        parameters: { type: "object" },
        returns: { type: "string" },
        foreign: false,
        guidance: "",
        prepare: (args) => Promise.resolve({
          args,
          effect: "none",
          resource: { kind: "plain" },
          preview: { title: "greet", fields: [] },
          run: () => Promise.resolve(clock.now() > 0 ? "Hello" : ""),
        }),
      });`,
  },
};

const PROVIDER: Addition = {
  list: "src/providers/provider_list.ts",
  line: 'export { greetAiProvider } from "./greet_ai/facts.ts";',
  files: {
    "src/providers/greet_ai/facts.ts": `import type { ProviderFacts } from "../provider_facts.ts";
      export const greetAiProvider = {
        name: "greet_ai",
        preference: 5,
        title: "Greet AI",
        protocol: "openai_compatible",
        baseUrl: "https://greet.test/v1",
        needs: "key",
        keyVariable: "GREET_API_KEY",
        models: ["hello-1"],
        defaultModel: "hello-1",
        quirks: {},
      } as const satisfies ProviderFacts;`,
  },
};

Deno.test("a provider, a tool and a command are added by a folder and one line each", async (t) => {
  await using copy = await Copy.with([PROVIDER, TOOL, COMMAND]);
  await t.step("the provider", () => tryProvider(copy));
  await copy.removeHome();
  await t.step("the tool", () => tryTool(copy));
  await copy.removeHome();
  await t.step("the command", () => tryCommand(copy));
});

async function tryProvider(copy: Copy): Promise<void> {
  await copy.write("home/config.json", '{"agents": {"defaults": {"availableTools": ["time"]}}}');
  const netOfCore = async () => {
    const { stdout } = await copy.run(["status", "--permissions", "--json"]);
    const { walls } = JSON.parse(stdout);
    return walls.find(({ wall }: { wall: string }) => wall === "core").grants.net as string[];
  };
  assert.ok(!(await netOfCore()).includes("greet.test"));
  const env = { GREET_API_KEY: "greet-key-123456" };
  const onboarded = await copy.run(["onboard", "--yes"], env);
  assert.match(onboarded.stdout, /Model: +greet_ai\/hello-1/, onboarded.stderr);
  assert.match(await copy.read("home/config.json"), /"greetAi": ?\{"apiKey": ?"greet-key-123456"/);
  assert.ok((await netOfCore()).includes("greet.test"));
  const { stdout } = await copy.run(["provider", "list", "--json"]);
  assert.deepEqual(JSON.parse(stdout)[0], { name: "greet_ai", ready: true, note: "key" });
}

async function tryTool(copy: Copy): Promise<void> {
  await copy.write("greet.js", "return await greet({});");
  const ran = await copy.run(["run", "greet.js", "--tools", "greet", "--json"]);
  assert.equal(JSON.parse(ran.stdout).value, "Hello", ran.stdout);
  // its own scopes count, and what reaches outward opens the wall that the core stands behind
  const refused = await copy.run(["run", "greet.js", "--grant", "greet:host:a.b"]);
  assert.match(refused.stderr, /scopes of greet are person:, \*/);
  const netOf = async (tools: readonly string[]) => {
    const config = { agents: { defaults: { availableTools: tools } } };
    await copy.write("home/config.json", JSON.stringify(config));
    const { stdout } = await copy.run(["status", "--permissions", "--json"]);
    const { walls } = JSON.parse(stdout);
    return walls.find(({ wall }: { wall: string }) => wall === "core").grants.net;
  };
  assert.equal(await netOf(["greet"]), true);
  assert.ok(Array.isArray(await netOf(["time"])));
}

async function tryCommand(copy: Copy): Promise<void> {
  assert.match((await copy.run(["--help"])).stdout, /^ {2}greet <name> +Greet somebody$/m);
  assert.match((await copy.run(["greet", "--help"])).stdout, /Examples:\n {2}\$ clambot greet Ada/);
  assert.match((await copy.run(["completions", "bash"])).stdout, /\|greet\|/);
  const env = { OPENROUTER_API_KEY: "the-key" };
  assert.equal((await copy.run(["greet", "Eve"], env)).stdout, "Hello Eve, the-key\n");
  assert.match(await copy.read("home/config.json"), /"userName": "Eve"/);
  await copy.write("home/config.json", "{");
  const { code, stdout } = await copy.run(["greet", "Ada"], env);
  assert.deepEqual([code, stdout], [0, "Hello Ada, the-key\n"]);
}
