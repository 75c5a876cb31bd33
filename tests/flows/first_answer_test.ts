import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

Deno.test("a fresh machine answers what time it is in Tokyo, without key, network or model (A25, A249)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const before = Date.now();
  const { object, code, stderr } = await clambot.json(["agent", "-m", "what time is it in Tokyo?"]);
  assert.equal(code, 0, stderr);
  assert.equal(object.status, "completed");
  assert.equal(object.modelCalls, 0);
  const clock = (at: number) =>
    new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", hour: "2-digit", minute: "2-digit" })
      .format(at);
  const reply = object.reply as string;
  assert.ok([clock(before), clock(Date.now())].some((time) => reply.includes(time)), reply);
  assert.match(reply, /Tokyo/);
  assert.deepEqual((object.calls as { tool: string }[]).map(({ tool }) => tool), ["time"]);
});

Deno.test("without a model and a matching clam the answer says what works and how to add one (A251)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const { code, stdout, stderr } = await clambot.run(["agent", "-m", "write me a poem on crabs"]);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /no model is set up/);
  assert.match(stderr, /clambot onboard/);
});

Deno.test("the home is the person's alone, and what was said is in the session", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await clambot.here.run(["agent", "-m", "what time is it in Tokyo?"]);
  assert.equal((await Deno.stat(clambot.home)).mode! & 0o777, 0o700);
  const sessions = `${clambot.home}/workspace/sessions`;
  const files = [...Deno.readDirSync(sessions)].filter(({ name }) => name.endsWith(".jsonl"));
  assert.equal(files.length, 1);
  const lines = (await Deno.readTextFile(`${sessions}/${files[0]?.name}`)).trim().split("\n");
  const roles = lines.map((line) => JSON.parse(line)).filter((line) => line.role)
    .map(({ role, content }) => [role, content]);
  assert.deepEqual(roles[0], ["user", "what time is it in Tokyo?"]);
  assert.equal(roles[1]?.[0], "assistant");
});
