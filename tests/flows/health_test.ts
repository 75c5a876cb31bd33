import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

// Health and metrics of a gateway as it is started, its walls around it.

const TOKEN = "0123456789abcdef0123456789abcdef";

function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

async function configured(clambot: Clambot, gateway: Record<string, unknown>): Promise<void> {
  const config = { agents: { defaults: { availableTools: [] } }, gateway };
  await clambot.write(".clambot/config.json", JSON.stringify(config));
}

Deno.test("a gateway with a token answers for its health, through the narrowest wall (A237)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const port = freePort();
  await configured(clambot, { port, token: TOKEN });
  const child = clambot.start(["gateway"]);
  await child.stdin.close();
  const output = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let told = "";
  while (!told.includes("listens")) {
    const { value, done } = await output.read();
    assert.ok(!done, told);
    told += value;
  }
  const ask = (path: string, token = TOKEN) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const health = await ask("/health");
  assert.equal(health.status, 200);
  assert.equal((await health.json()).ok, true);
  assert.match(await (await ask("/metrics")).text(), /^clambot_queue_length 0$/m);
  const refused = await ask("/health", "wrong");
  assert.equal(refused.status, 401);
  await refused.body?.cancel();
  child.kill("SIGTERM");
  while (!(await output.read()).done);
  const complaints = await new Response(child.stderr).text();
  assert.ok(!complaints.includes(TOKEN), complaints);
  await child.status;
});

Deno.test("T5, T9: without a token nothing listens; nor where others reach it, or a token can be guessed", async () => {
  await using clambot = await Clambot.inEmptyHome();
  for (
    const [gateway, sentence] of [
      [{ token: TOKEN, host: "0.0.0.0" }, /which others can reach.*gateway\.exposed/s],
      [{ token: "short" }, /can be guessed.*openssl rand/s],
    ] as const
  ) {
    await configured(clambot, { port: freePort(), ...gateway });
    const { code, stderr } = await clambot.run(["gateway"]);
    assert.equal(code, 1, stderr);
    assert.match(stderr, sentence);
    assert.ok(!stderr.includes(TOKEN) && !/^\s+at /m.test(stderr), stderr);
  }
});
