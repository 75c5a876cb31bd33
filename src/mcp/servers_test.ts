import assert from "node:assert/strict";
import { McpWorld, QUIET, serverConfig } from "../../tests/fakes/mcp.ts";

const named = (...names: string[]) =>
  names.map((name) => ({ name, inputSchema: { type: "object" } }));
const textOf = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text;

Deno.test("servers of both eras are spoken to, however they say that they are of the other (P174)", async () => {
  const config = {
    old: serverConfig({ era: "legacy" }),
    strict: serverConfig({ era: "invalid" }),
    fragile: serverConfig({ era: "ends" }),
    silent: serverConfig({ era: "silent" }),
    young: serverConfig({ era: "modern" }),
  };
  await using world = await McpWorld.of(config);
  await Promise.all(
    Object.keys(config).map(async (name) => {
      const echo = await world.approve(name, "echo");
      const result = await world.servers.call(echo, { a: 1 }, QUIET);
      assert.equal(textOf(result), '{"a":1}', name);
    }),
  );
});

Deno.test("banners, empty lines, ANSI, CR LF and a byte order mark are noise, not an error (P142)", async () => {
  const banner = '\ufeffServer started!\n\u001b[32mready\u001b[0m\n\n{"not":"rpc"}\n[1]\nnull\n';
  const log = await Deno.makeTempFile();
  await using world = await McpWorld.of({ loud: serverConfig({ banner, end: "\r\n" }, log) });
  await world.approve("loud", "echo");
  assert.equal(await Deno.readTextFile(log), "start\n");
  assert.ok(world.notes.some((note) => note.includes("Server started!")), world.notes.join());
  await Deno.remove(log);
});

Deno.test("every page of the tools is read, and one that goes round comes to an end (P148)", async () => {
  const tools = named(...Array.from({ length: 101 }, (_, index) => `t${index}`));
  await using world = await McpWorld.of({
    many: serverConfig({ tools, page: 50 }),
    round: serverConfig({ sameCursor: true }),
  });
  assert.equal((await world.servers.survey("many", QUIET)).tools.length, 101);
  assert.equal((await world.servers.survey("round", QUIET)).tools.length, 1);
});

Deno.test("one tool that cannot be used takes no other away (P152, P153, P155)", async () => {
  const long = "a".repeat(80);
  let deep: object = { type: "string" };
  for (let depth = 0; depth < 200; depth++) deep = { type: "object", properties: { a: deep } };
  const tools = [
    ...named("ok", "fs/read.file", "日本", "__proto__", "constructor", "toString", "delete", "1x"),
    ...named("a".repeat(90), `${long}1`, `${long}2`, "recall"),
    { name: "bomb", inputSchema: deep },
    { name: "textual", inputSchema: { type: "string" } },
    { name: 7 },
    { name: "ok", inputSchema: { type: "object" } },
  ];
  await using world = await McpWorld.of({ memory: serverConfig({ tools }) });
  const survey = await world.servers.survey("memory", QUIET);
  const names = survey.tools.map(({ name }) => name);
  assert.equal(new Set(names).size, 12);
  for (const name of names) assert.match(name ?? "", /^[A-Za-z_][A-Za-z0-9_]{0,63}$/);
  assert.ok(!names.includes("memory_recall")); // that is another tool
  assert.equal(survey.left.length, 4, survey.left.join("\n"));
  await world.servers.approve(survey, false);
  for (const { definition } of survey.tools) {
    const tool = await world.find("memory", definition.name);
    assert.equal(textOf(await world.servers.call(tool, {}, QUIET)), `called ${definition.name}`);
  }
  assert.equal(({} as Record<string, unknown>)["description"], undefined);
});

Deno.test("a tool that changed is refused until it is approved again; others go on (P160, T37)", async () => {
  const changes: readonly (readonly [string, object])[] = [
    ["description", { description: "Reads." }],
    ["annotations", { annotations: { readOnlyHint: false } }],
    ["output", { outputSchema: { type: "object", properties: { b: { type: "string" } } } }],
    ["input", { inputSchema: { type: "object", properties: { path: { type: "number" } } } }],
  ];
  const first = { name: "read", inputSchema: { type: "object" } };
  for (const [what, change] of changes) {
    const config = { files: serverConfig({ tools: [first, ...named("other")] }) };
    await using world = await McpWorld.of(config);
    const read = await world.approve("files", "read");
    const other = await world.find("files", "other");
    // the same server, whose program says something else now
    config.files.args.splice(
      -1,
      1,
      JSON.stringify({ tools: [{ ...first, ...change }, ...named("other")] }),
    );
    await using again = await McpWorld.of(config);
    const call = again.servers.call(read, {}, QUIET);
    await assert.rejects(call, /not as you approved it/, what);
    assert.equal(textOf(await again.servers.call(other, {}, QUIET)), "called other", what);
  }
});

Deno.test("a change that a server announces counts from the next call on", async () => {
  await using world = await McpWorld.of({ sly: serverConfig({ tools: named("echo", "change") }) });
  const change = await world.approve("sly", "change");
  const echo = await world.find("sly", "echo");
  await world.servers.call(echo, {}, QUIET);
  await world.servers.call(change, {}, QUIET);
  await assert.rejects(world.servers.call(echo, {}, QUIET), /not as you approved it/);
  const survey = await world.servers.survey("sly", QUIET);
  assert.deepEqual(survey.tools.map(({ state }) => state), ["changed", "approved", "new"]);
});

Deno.test("another order of keys, tools or writing of numbers asks nothing (P163)", async () => {
  const one = {
    name: "a",
    inputSchema: { type: "object", properties: { n: { type: "number", minimum: 1 } } },
  };
  const other = {
    inputSchema: { properties: { n: { minimum: 1.0, type: "number" } }, type: "object" },
    name: "\u0061",
  };
  await using world = await McpWorld.of({ s: serverConfig({ tools: [one, ...named("b")] }) });
  const tool = await world.approve("s", "a");
  const pinned = await world.pins.all();
  await using again = await McpWorld.of({ s: serverConfig({ tools: [...named("b"), other] }) });
  for (const [name, pins] of pinned) await again.pins.put(name, pins);
  for (let count = 0; count < 3; count++) await again.servers.call(tool, {}, QUIET);
});

Deno.test("a pin file that is damaged is no trust, and no new trust (P161)", async () => {
  await using world = await McpWorld.of({ s: serverConfig({}) });
  await world.approve("s", "echo");
  const path = `${world.directory}/mcp_tools.json`;
  const whole = await Deno.readTextFile(path);
  const forged = whole.replace('"title":null', '"title":"x"').replace(
    '"title": null',
    '"title": "x"',
  );
  assert.notEqual(forged, whole);
  for (const text of [whole.slice(0, -20), "", "{}", "[]", forged]) {
    await Deno.writeTextFile(path, text);
    await assert.rejects(world.servers.approved(), /is damaged/);
    await assert.rejects(world.approve("s", "echo"), /is damaged/);
    assert.equal(await Deno.readTextFile(path), text);
  }
});

Deno.test("another command is another server: nothing of it is approved", async () => {
  await using world = await McpWorld.of({ s: serverConfig({}) });
  await world.approve("s", "echo");
  await using other = await McpWorld.of({ s: serverConfig({ page: 3 }) });
  for (const [name, pins] of await world.pins.all()) await other.pins.put(name, pins);
  assert.deepEqual(await other.servers.approved(), []);
  assert.equal((await other.servers.undecided()).length, 1);
});

Deno.test("a server that crashes in a call leaves it in doubt, and is started again later", async () => {
  const log = await Deno.makeTempFile();
  await using world = await McpWorld.of({
    s: serverConfig({ tools: named("echo", "crash") }, log),
  });
  const crash = await world.approve("s", "crash");
  const echo = await world.find("s", "echo");
  await assert.rejects(world.servers.call(crash, {}, QUIET), /Nobody knows whether it was done/);
  assert.equal(textOf(await world.servers.call(echo, {}, QUIET)), "{}");
  assert.equal(await Deno.readTextFile(log), "start\ncall crash\nstart\ncall echo\n");
  await Deno.remove(log);
});

Deno.test("a line without end, and a flood, end with a sentence and harm no other server", async () => {
  await using world = await McpWorld.of({
    bad: serverConfig({ tools: named("endless", "flood") }),
    good: serverConfig({}),
  });
  const echo = await world.approve("good", "echo");
  const endless = await world.approve("bad", "endless");
  await assert.rejects(world.servers.call(endless, {}, QUIET), /broke off/);
  const flood = await world.find("bad", "flood");
  const stop = new AbortController();
  const flooding = world.servers.call(flood, {}, stop.signal);
  assert.equal(textOf(await world.servers.call(echo, {}, QUIET)), "{}");
  stop.abort(new Error("stopped"));
  await assert.rejects(flooding, /stopped/);
});

Deno.test("stopping a call tells the server, and does not wait for it", async () => {
  const log = await Deno.makeTempFile();
  await using world = await McpWorld.of({ s: serverConfig({ tools: named("hang", "echo") }, log) });
  const hang = await world.approve("s", "hang");
  const echo = await world.find("s", "echo");
  const stop = new AbortController();
  const hanging = world.servers.call(hang, {}, stop.signal);
  while (!(await Deno.readTextFile(log)).includes("call hang")) {
    await new Promise((r) => setTimeout(r, 5));
  }
  stop.abort(new Error("stopped"));
  await assert.rejects(hanging, /stopped/);
  await world.servers.call(echo, {}, QUIET);
  assert.match(await Deno.readTextFile(log), /cancelled\ncall echo/);
  await Deno.remove(log);
});

Deno.test("progress lengthens a call, silence ends it (P150)", async () => {
  const tools = named("progress", "hang");
  await using world = await McpWorld.of({ s: { ...serverConfig({ tools }), timeoutSeconds: 1 } });
  const progress = await world.approve("s", "progress");
  const done = await world.servers.call(progress, { steps: 8, ms: 250 }, QUIET);
  assert.equal(textOf(done), "done");
  const hang = await world.find("s", "hang");
  await assert.rejects(world.servers.call(hang, {}, QUIET), /did not answer the call in time/);
});

Deno.test("only the tools that the configuration names can be used", async () => {
  const tools = named("echo", "other");
  await using world = await McpWorld.of({
    s: { ...serverConfig({ tools }), tools: ["echo", "absent"] },
  });
  const survey = await world.servers.survey("s", QUIET);
  assert.deepEqual(survey.tools.map(({ definition }) => definition.name), ["echo"]);
  assert.match(survey.left.join(), /"absent"/);
});

Deno.test("a program that ends at once, or says nothing, is told with how it ended (P172)", async () => {
  await using world = await McpWorld.of({
    ends: {
      command: Deno.execPath(),
      args: ["eval", "console.error('no such thing'); Deno.exit(127)"],
    },
  });
  await assert.rejects(world.servers.survey("ends", QUIET), /ended with exit code 127/);
  assert.ok(world.notes.some((note) => note === "ends: no such thing"), world.notes.join());
});
