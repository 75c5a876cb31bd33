import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../src/domain/json.ts";
import { ACCEPT, clam, GENERATE, Pipeline } from "./pipeline.ts";

// The protocol's own example servers, called from clams. They are packages from npm, run by Deno. The
// test command takes two of them; the binary's tests, and CLAMBOT_SERVERS=full, all.

const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const packageOf = (name: string) => `npm:@modelcontextprotocol/server-${name}@2026.8.31`;

const had = await new Deno.Command(Deno.execPath(), {
  args: [
    "cache",
    "--quiet",
    `--config=${CONFIG}`,
    ...["everything", "filesystem", "memory"].map(packageOf),
  ],
  stdout: "null",
  stderr: "null",
}).output();
const LEFT_OUT = had.success ? "" : " (left out: npm cannot be reached)";

const ALL = Deno.env.has("CLAMBOT_BINARY") || Deno.env.get("CLAMBOT_SERVERS") === "full";

/** Registers a test that needs the packages. */
function test(name: string, fn: () => Promise<void>, isInSample = false): void {
  if (ALL || isInSample) {
    Deno.test({ name: `${name}${LEFT_OUT}`, ignore: !had.success, fn });
  }
}

/** Arguments with which Deno runs one of the packages. */
const runOf = (name: string, ...args: readonly string[]) => [
  ...["run", "--quiet", "--no-prompt", `--config=${CONFIG}`, "--allow-all", packageOf(name)],
  ...args,
];

/** An entry of `tools.mcpServers` that runs one of the packages, which finds Deno's store. */
function server(name: string, args: readonly string[] = [], env: JsonObject = {}): JsonObject {
  const DENO_DIR = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  return {
    command: Deno.execPath(),
    args: [...runOf(name, ...args)],
    env: { PATH: "", DENO_DIR, ...env },
  };
}

/** A home whose programs may call every tool of the server `s`, which is approved. */
async function openWith(
  entry: JsonObject,
  more: JsonObject = {},
  programOf = ({ clambot: { here } }: Pipeline) => here,
): Promise<Pipeline> {
  const pipeline = await Pipeline.open({
    ...more,
    agents: { approvals: { alwaysGrants: ["s_any:server:s"] } },
    tools: { mcpServers: { s: entry } },
  });
  pipeline.model.on("selection", GENERATE);
  pipeline.model.on("verdict", ACCEPT);
  const { code, stderr } = await programOf(pipeline).run(["mcp", "approve", "s", "--yes"]);
  assert.equal(code, 0, stderr);
  return pipeline;
}

/** What a clam that calls these tools returns. */
async function valueOf(
  pipeline: Pipeline,
  tools: readonly string[],
  body: string,
  program = pipeline.clambot.here,
) {
  const declared_tools = [...tools];
  pipeline.model.on("clam", clam(`async function run() { ${body} }`, { declared_tools }));
  const { object } = await program.json(["agent", "-m", `do ${body}`]);
  assert.equal(object.error, undefined, JSON.stringify(object));
  return object.value;
}

test(
  "server-filesystem: a clam reads a file that a person wrote, and nothing outside",
  async () => {
    const directory = await Deno.realPath(await Deno.makeTempDir());
    await Deno.writeTextFile(`${directory}/note.txt`, "the words of the note");
    await using pipeline = await openWith(server("filesystem", [directory]));
    const read = (path: string) =>
      `const { ok, text } = await s_read_text_file({ path: ${JSON.stringify(path)} });
     return { ok, text };`;
    const inside = await valueOf(pipeline, ["s_read_text_file"], read(`${directory}/note.txt`));
    assert.deepEqual(inside, { ok: true, text: "the words of the note" });
    const outside = await valueOf(pipeline, ["s_read_text_file"], read(pipeline.clambot.home)) as {
      readonly ok: boolean;
    };
    assert.equal(outside.ok, false);
    await Deno.remove(directory, { recursive: true });
  },
  true,
);

test("server-memory: what one clam keeps there another finds, in another run of the server", async () => {
  const directory = await Deno.makeTempDir();
  const env = { MEMORY_FILE_PATH: `${directory}/memory.jsonl` };
  await using pipeline = await openWith(server("memory", [], env));
  const entities = [{ name: "Ada", entityType: "person", observations: ["likes engines"] }];
  const made = `return (await s_create_entities({ entities: ${JSON.stringify(entities)} })).ok;`;
  assert.equal(await valueOf(pipeline, ["s_create_entities"], made), true);
  const found = await valueOf(
    pipeline,
    ["s_search_nodes"],
    'return (await s_search_nodes({ query: "engines" })).structured.entities;',
  );
  assert.deepEqual(found, entities);
  await Deno.remove(directory, { recursive: true });
});

/** Calls tools of server-everything, whichever way it is reached. */
async function callEverything(pipeline: Pipeline): Promise<void> {
  const tools = ["echo", "get_sum", "get_tiny_image", "get_structured_content"]
    .map((name) => `s_${name}`);
  const value = await valueOf(
    pipeline,
    tools,
    `const image = await s_get_tiny_image({});
     return {
       echo: (await s_echo({ message: "häuser" })).text,
       sum: (await s_get_sum({ a: 2, b: 3 })).text,
       image: image.files.map(({ type }) => type),
       weather: typeof (await s_get_structured_content({ location: "New York" })).structured.temperature,
     };`,
  );
  assert.deepEqual(value, {
    echo: "Echo: häuser",
    sum: "The sum of 2 and 3 is 5.",
    image: ["image/png"],
    weather: "number",
  });
  const long = "return (await s_trigger_long_running_operation({ duration: 1, steps: 4 })).text;";
  const done = await valueOf(pipeline, ["s_trigger_long_running_operation"], long);
  assert.match(String(done), /completed/);
}

test("server-everything over its pipes: texts, numbers, a picture, structure, progress", async () => {
  await using pipeline = await openWith(server("everything", ["stdio"]));
  await callEverything(pipeline);
  const env = await valueOf(pipeline, ["s_get_env"], "return (await s_get_env({})).text;");
  const names = Object.keys(JSON.parse(String(env))).toSorted()
    .filter((name) => name === "DENO_DIR" || !/^(DENO|npm)_/.test(name)); // what Deno itself adds
  assert.deepEqual(names, ["DENO_DIR", "HOME", "PATH"], "no other variables");
});

for (const way of ["streamableHttp", "sse"] as const) {
  test(`server-everything at an address that is opened (${way}): the same`, async () => {
    await using site = await Site.of(way);
    const path = way === "sse" ? "/sse" : "/mcp";
    const allowHosts = [{ url: site.origin, addresses: "127.0.0.1", tools: ["mcp"] }];
    await using pipeline = await openWith({ url: `${site.origin}${path}` }, {
      network: { allowHosts },
    });
    await callEverything(pipeline);
  }, way === "streamableHttp");
}

const npx = (Deno.env.get("PATH") ?? "").split(":").map((one) => `${one}/npx`).find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
});

if (ALL) {
  Deno.test({
    name: `the README's example, as pasted, works after one yes${npx ? "" : " (left out: no npx)"}`,
    ignore: npx === undefined || !had.success,
    async fn() {
      const directory = await Deno.realPath(await Deno.makeTempDir());
      await Deno.writeTextFile(`${directory}/note.txt`, "pasted");
      const args = ["-y", "@modelcontextprotocol/server-filesystem", directory];
      await using pipeline = await openWith({ command: "npx", args }, {}, ({ clambot }) => clambot);
      const value = await valueOf(
        pipeline,
        ["s_read_text_file"],
        `return (await s_read_text_file({ path: "${directory}/note.txt" })).text;`,
        pipeline.clambot,
      );
      assert.equal(value, "pasted");
      await Deno.remove(directory, { recursive: true });
    },
  });
}

/** server-everything on a port of loopback. */
class Site implements AsyncDisposable {
  private constructor(readonly origin: string, private readonly child: Deno.ChildProcess) {}

  static async of(way: string): Promise<Site> {
    const port = freePort();
    const child = new Deno.Command(Deno.execPath(), {
      args: runOf("everything", way),
      env: { PORT: `${port}` },
      stdout: "null",
      stderr: "piped",
    }).spawn();
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      if (/on port/.test(text)) break;
    }
    return new Site(`http://127.0.0.1:${port}`, child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill("SIGKILL");
    await this.child.status;
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
