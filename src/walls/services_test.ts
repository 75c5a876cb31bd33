import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { addressesToOpen } from "../cli/commands.ts";
import type { HostedWorker } from "../platform/worker_host.ts";
import { answerRequest, SERVICES } from "./services.ts";

const docs = new URL("../../docs/security.md", import.meta.url);

async function ask(args: readonly string[], service: string, order: unknown) {
  const places = { home: "/h", config: "/h/config.json", envFile: "/h/.env" };
  const startWorker = (): HostedWorker => assert.fail("a worker was started");
  const endWorker = () => assert.fail("a worker was ended");
  const startServer = (): MessagePort => assert.fail("a server was started");
  const means = { args, places, startWorker, endWorker, startServer };
  return await answerRequest({ kind: "request", id: 1, service, order }, means);
}

Deno.test("docs/security.md lists what the launcher does for the core, word for word", async () => {
  const text = await Deno.readTextFile(docs);
  const table = text.slice(text.indexOf("## What the launcher does for the core"));
  const rows = [
    ...table.slice(0, table.indexOf("\n## ", 1)).matchAll(/^\| `(\w+)` +\| (.+?) +\|$/gm),
  ];
  assert.deepEqual(
    rows.map(([, name, does]) => [name, does]),
    SERVICES.map(({ name, does }) => [name, does]),
  );
});

Deno.test("every file of services/ is in the list", async () => {
  const directory = fileURLToPath(new URL("./services/", import.meta.url));
  const files = (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name);
  const exported = files.filter((name) => !name.endsWith("_test.ts")).map(async (name) => {
    const module: Record<string, unknown> = await import(new URL(name, `file://${directory}`).href);
    return Object.values(module);
  });
  const tasks = (await Promise.all(exported)).flat();
  assert.deepEqual(new Set(tasks), new Set(SERVICES));
});

Deno.test("a service that does not exist, and an order that is none, are refused", async () => {
  for (const service of ["", "run", "toString", "__proto__"]) {
    assert.equal((await ask([], service, {})).kind, "refusal", service);
  }
  for (const { name } of SERVICES.filter((one) => one.name !== "try_given_up")) {
    for (const order of [undefined, null, 7, "x", [], {}, { path: 1, kind: 1, changes: [1] }]) {
      assert.equal((await ask(["run", "x"], name, order)).kind, "refusal", `${name} ${order}`);
    }
  }
});

Deno.test("only the file that stands as the argument of `run` is read", async () => {
  const directory = await Deno.makeTempDir();
  const [file, other] = [`${directory}/a.js`, `${directory}/other.txt`];
  await Deno.writeTextFile(file, "return 1");
  await Deno.writeTextFile(other, "a secret");
  const lines: readonly (readonly [readonly string[], string, boolean])[] = [
    [["run", file], file, true],
    [["--home", other, "run", file], file, true],
    [["run", "--input", other, file, "--json"], file, true],
    [["run", "--tools", "fs", "--grant", "fs:*", "--timeout", "1", "--", file], file, true],
    [["run", "--input", other, file], other, false],
    [["run", "--grant", other, file], other, false],
    [["--home", other, "run", file], other, false],
    [["run", file, other], other, false],
    [["agent", "-m", other], other, false],
    [["config", "set", "agents.defaults.userName", other], other, false],
    [["run", `--input=${other}`, file], other, false],
    [["run"], other, false],
  ];
  for (const [args, path, isRead] of lines) {
    const answer = await ask(args, "read_argument", { path });
    assert.equal(answer.kind, isRead ? "answer" : "refusal", args.join(" "));
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("only the clam that stands as the argument of `clams import` is read", async () => {
  const directory = await Deno.makeTempDir();
  await Deno.writeTextFile(`${directory}/CLAM.md`, "theirs");
  const lines: readonly (readonly [readonly string[], boolean])[] = [
    [["clams", "import", directory], true],
    [["--home", "/x", "clams", "import", "--", directory], true],
    [["clams", "import", "/else", directory], false],
    [["clams", "show", directory], false],
    [["run", "import", directory], false],
    [["--home", directory, "clams", "import"], false],
  ];
  for (const [args, isRead] of lines) {
    const answer = await ask(args, "read_clam", { path: directory });
    assert.equal(answer.kind, isRead ? "answer" : "refusal", args.join(" "));
  }
  await Deno.remove(directory, { recursive: true });
});

Deno.test("A44: no browser is opened but for the login, at its own address", async () => {
  const { ISSUER } = await import("../providers/openai_codex/endpoints.ts");
  const login = ["provider", "login", "openai-codex"];
  assert.deepEqual(addressesToOpen(login), [`${ISSUER}/oauth/authorize`]);
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [["agent"], `${ISSUER}/oauth/authorize?a=b`],
    [["provider", "list", "login"], `${ISSUER}/oauth/authorize?a=b`],
    [login, "https://evil.example/oauth/authorize"],
    [login, `${ISSUER}/oauth/authorize/../elsewhere`],
    [login, `${ISSUER}.evil.example/oauth/authorize`],
    [login, `http://auth.openai.com/oauth/authorize`],
    [login, "file:///etc/passwd"],
    [login, "--version"],
    [["mcp", "login", "x"], "http://issuer.example/authorize"],
    [["mcp", "login", "x"], "https://you@issuer.example/authorize"],
    [["mcp", "login", "x"], "file:///etc/passwd"],
    [["mcp", "tools", "login"], "https://issuer.example/authorize"],
  ];
  for (const [args, url] of wrong) {
    assert.equal((await ask(args, "open_address", { url })).kind, "refusal", url);
  }
});

Deno.test("the options of `run` that take a value are the ones that it has", async () => {
  const { Command } = await import("@commander-js/extra-typings");
  const { registerRun } = await import("../cli/commands/run/run.ts");
  const { runCommand } = await import("../cli/commands/run/facts.ts");
  const program = new Command();
  registerRun(program as never, {} as never, () => {});
  const options = program.commands.flatMap(({ options }) => options);
  assert.deepEqual(
    options.filter(({ required, optional }) => required || optional).flatMap((one) =>
      [one.short, one.long].filter((name) => name !== undefined)
    ),
    runCommand.readsFile?.valued,
  );
});

Deno.test("only the file that --show-prompts names is written, and by its owner alone read", async () => {
  const directory = await Deno.makeTempDir();
  const [file, other] = [`${directory}/p.md`, `${directory}/other`];
  const lines: readonly (readonly [readonly string[], boolean])[] = [
    [["agent", "-m", "hello", "--show-prompts", file], true],
    [["agent", `--show-prompts=${file}`], true],
    [["agent", "--show-prompts", other, "--show-prompts", file], true],
    [["agent", "-m", `--show-prompts=${file}`], false],
    [["agent", "--session", "--show-prompts", file], false],
    [["agent", "--", "--show-prompts", file], false],
    [["run", "x.js", "--show-prompts", file], false],
    [["agent"], false],
  ];
  for (const [args, isWritten] of lines) {
    const answer = await ask(args, "write_prompts", { text: "asked" });
    assert.equal(answer.kind, isWritten ? "answer" : "refusal", args.join(" "));
    const text = await Deno.readTextFile(file).catch(() => undefined);
    assert.equal(text, isWritten ? "asked" : undefined, args.join(" "));
    if (isWritten) {
      assert.equal((await Deno.stat(file)).mode! & 0o777, 0o600);
      await Deno.remove(file);
    }
  }
  assert.equal(await Deno.stat(other).catch(() => undefined), undefined);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("the options of `agent` that take a value are known where the file of prompts is", async () => {
  const { Command } = await import("@commander-js/extra-typings");
  const { registerAgent } = await import("../cli/commands/agent/agent.ts");
  const source = await Deno.readTextFile(new URL("./services/write_prompts.ts", import.meta.url));
  const program = new Command();
  registerAgent(program as never, {} as never, () => {});
  for (const { required, optional, short, long } of program.commands[0]?.options ?? []) {
    if (!required && !optional) continue;
    for (const name of [short, long]) if (name) assert.ok(source.includes(`"${name}"`), name);
  }
});

Deno.test("programs are started and units made for `service` alone, by fixed names", async () => {
  const { programLine } = await import("./unit_programs.ts");
  const unit = { scope: "user", name: "clambot" } as const;
  for (const args of [["run", "service"], ["agent", "-m", "service"], ["--home", "service"], []]) {
    for (const service of ["start_program", "unit_file"]) {
      const answer = await ask(args, service, { ...unit, deed: "show" });
      assert.equal(answer.kind, "refusal", `${args} ${service}`);
    }
  }
  for (const deed of ["", "systemctl", "toString", ["reload"], "edit"]) {
    assert.throws(() => programLine(unit, { deed }), /No program is started for this/);
  }
  for (const name of ["", "-H", "a/b", "a b", "x.service", "a@b@c", 7]) {
    const answer = await ask(["service", "status"], "start_program", {
      ...unit,
      name,
      deed: "show",
    });
    assert.equal(answer.kind, "refusal", `${name}`);
  }
});
