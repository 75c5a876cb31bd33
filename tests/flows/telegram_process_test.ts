import assert from "node:assert/strict";
import { FakeBotApi } from "../fakes/bot_api/bot_api.ts";
import { Clambot } from "./clambot.ts";
import { GatewayProcess } from "./gateway_process.ts";

// The program itself, with its walls, and a strict server of the Bot API.

/** Every file of a home that holds a text. */
async function holding(directory: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) found.push(...await holding(path, text));
    const isHolding = isFile &&
      new TextDecoder("latin1").decode(await Deno.readFile(path)).includes(text);
    if (isHolding) found.push(path);
  }
  return found;
}

const CONFIG = {
  agents: { defaults: { availableTools: [] } }, // so that the network is no more than what is needed
};

async function configure(clambot: Clambot, telegram: object): Promise<void> {
  const config = { ...CONFIG, channels: { telegram } };
  await clambot.write(".clambot/config.json", JSON.stringify(config));
}

Deno.test({
  name:
    "A201, A233, P062: connect, press Start, ask, stop; the token stands nowhere but in the vault",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using server = FakeBotApi.start();
    await using clambot = await Clambot.inEmptyHome();
    await configure(clambot, { apiRoot: server.url });
    const connected = await clambot.run(["channels", "connect", "telegram"], {
      stdin: `${server.token}\n`,
    });
    assert.equal(connected.code, 0, connected.stderr);
    assert.match(connected.stdout, /The bot is @clambot_bot/);
    assert.match(connected.stdout, /Now run clambot gateway/);
    const [, code = ""] = /https:\/\/t\.me\/clambot_bot\?start=(\w+)/.exec(connected.stdout) ?? [];
    const written = JSON.parse(await Deno.readTextFile(`${clambot.home}/config.json`));
    assert.deepEqual(written.channels.telegram, {
      apiRoot: server.url,
      token: "vault:channels.telegram.token",
      enabled: true,
    });
    await using gateway = await GatewayProcess.start(clambot);
    server.say({ id: 7, first_name: "Ann" }, `/start ${code}`);
    assert.match((await server.answer(7, 0)).text, /You are an owner now/);
    server.say(7, "what is 17% of 230?");
    assert.match((await server.answer(7, 1)).text, /39\.1/);
    const { object } = await clambot.json(["status"]);
    const [standing] = (object.gateway as { servers: Record<string, unknown>[] }).servers;
    assert.equal(standing?.channel, "telegram");
    assert.equal(standing?.trouble, undefined);
    const doctor = async () => {
      const { object, stdout } = await clambot.json(["doctor"]);
      assert.ok(!stdout.includes("CANARYTOKEN"));
      const all = object.findings as { name: string; wrong: string[]; advice: string[] }[];
      return all.find(({ name }) => name === "telegram");
    };
    // A46, P011: doctor asks whose the token is, and names another poller
    assert.deepEqual(await doctor(), {
      name: "telegram",
      wrong: [],
      advice: ["The bot is @clambot_bot."],
    });
    const polls = server.called("getUpdates").length;
    server.fault("getUpdates", ...Array(20).fill({ kind: "refused", code: 409 }));
    server.say(7, "hello"); // it ends the poll that waits
    await server.until(() => server.called("getUpdates").length > polls + 1);
    const twoPollers = await doctor();
    assert.deepEqual(twoPollers?.wrong.map((one) => /another program receives/.test(one)), [true]);
    server.revoke();
    assert.match(String((await doctor())?.wrong), /does not accept the bot's token \(401\)/);
    for (const args of [["logs"], ["status", "--json"], ["channels", "list", "--json"]]) {
      const { stdout, stderr } = await clambot.here.run(args);
      assert.ok(!`${stdout}${stderr}`.includes("CANARYTOKEN"), args.join(" "));
    }
    assert.equal(await gateway.stop(), 0);
    assert.deepEqual(await holding(clambot.home, "CANARYTOKEN"), []);
    assert.ok(!`${connected.stdout}${connected.stderr}`.includes("CANARYTOKEN"));
    const gone = await clambot.here.run(["channels", "disconnect", "telegram", "--json"]);
    assert.deepEqual(JSON.parse(gone.stdout), { channel: "telegram", disconnected: true });
    const after = JSON.parse(await Deno.readTextFile(`${clambot.home}/config.json`));
    assert.deepEqual(after.channels.telegram, { apiRoot: server.url });
  },
});

Deno.test("A201: what is no token, or none of Telegram's, is one sentence and changes nothing", async () => {
  await using server = FakeBotApi.start();
  await using clambot = await Clambot.inEmptyHome();
  await configure(clambot, { apiRoot: server.url });
  const config = await Deno.readTextFile(`${clambot.home}/config.json`);
  const wrong = server.token.replace("CANARY", "CANRAY");
  for (
    const [stdin, args, code, sentence] of [
      ["", ["telegram"], 2, /No token was given/],
      ["hello\n", ["telegram"], 2, /This is no token of a bot/],
      [wrong, ["telegram"], 1, /Telegram does not accept the bot's token \(401\)/],
      [server.token, ["signal"], 2, /no channel "signal" to connect/],
    ] as const
  ) {
    const ended = await clambot.here.run(["channels", "connect", ...args], { stdin });
    assert.equal(ended.code, code, ended.stderr);
    assert.match(ended.stderr, sentence);
    assert.doesNotMatch(ended.stderr, /^\s+at |CAN/m);
  }
  server.fault("getMe", { kind: "page", status: 502 });
  const { code, stderr } = await clambot.here.run(["channels", "connect", "telegram"], {
    stdin: server.token,
  });
  assert.deepEqual([code, /answered with 502/.test(stderr)], [1, true], stderr);
  assert.equal(await Deno.readTextFile(`${clambot.home}/config.json`), config);
  assert.equal(
    JSON.parse((await clambot.here.run(["channels", "pending", "--json"])).stdout).length,
    0,
  );
});

Deno.test("the README's configuration of Telegram, pasted as it stands, works for the person who pasted it", async () => {
  await using server = FakeBotApi.start({ token: "YOUR_BOT_TOKEN" });
  await using clambot = await Clambot.inEmptyHome();
  const telegram = { enabled: true, token: "YOUR_BOT_TOKEN", allowFrom: [7], apiRoot: server.url };
  await configure(clambot, telegram);
  await using gateway = await GatewayProcess.start(clambot);
  server.say(7, "what is 17% of 230?");
  assert.match((await server.answer(7, 0)).text, /39\.1/);
  server.say(7, "/clams");
  assert.match((await server.answer(7, 1)).text, /No clam was kept yet/);
  assert.equal(await gateway.stop(), 0);
});

Deno.test("Telegram that is enabled without a token is one sentence", async () => {
  await using clambot = await Clambot.inEmptyHome();
  await configure(clambot, { enabled: true });
  const { code, stderr } = await clambot.run(["gateway"]);
  assert.equal(code, 1);
  assert.match(stderr, /there is no token of a bot.*clambot channels connect telegram/s);
});
