import type { JsonObject } from "../../../src/domain/json.ts";
import { openTelegram } from "../../../src/app/telegram.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import { createClock, createRandom } from "../../../src/platform/deno.ts";
import { createRedactor } from "../../../src/secrets/redactor.ts";
import { FakeBotApi } from "../../fakes/bot_api/bot_api.ts";
import type { Pipeline } from "../pipeline.ts";
import { alone, type Cases } from "./cases.ts";

// Who is let in from elsewhere, told by the list of people; and how Telegram is reached, told by a
// server that takes its place.

const TOKEN = "4711:CANARYTOKEN-abcdefghijklmnopqrstu";

/** What a server is told by the channel that a configuration opens; `undefined` when there is none. */
async function tellOnce({ clambot }: Pipeline, given: JsonObject) {
  await using server = FakeBotApi.start({ token: TOKEN });
  const { channels } = JSON.parse(await Deno.readTextFile(`${clambot.home}/config.json`));
  const place = (text: string) => text.replace("http://server.example", server.url);
  const telegram = JSON.parse(place(JSON.stringify({ ...given, ...channels?.telegram })));
  const read = parseConfig(JSON.stringify({ channels: { telegram } }), "config.json");
  if (read.kind !== "ok") throw new TypeError("The configuration cannot be read.");
  const reveal = () => Promise.reject(new TypeError("Nothing lies in the vault."));
  const stores = {
    clock: createClock(),
    random: createRandom(),
    vault: { reveal },
    redactor: createRedactor([]),
  };
  const log = { debug() {}, warn() {} };
  const channel = openTelegram(read.config, stores as never, log);
  const soFar = {
    ...{ parts: [], replaced: [], statuses: [], tells() {}, notTold() {}, told() {} },
  };
  const more = { answers: "5", form: "markdown" } as const;
  const message = { ...more, key: "k", conversation: "telegram:1", text: "**hello**" as never };
  const sent = await channel?.send(message, new AbortController().signal, soFar)
    .then(() => "told", ({ trouble }) => String(trouble));
  const mode = server.called("sendMessage")[0]?.fields.parse_mode ?? "none";
  return {
    mode: String(mode),
    sent: sent ?? "no channel",
    repliesTo: server.in(1)[0]?.repliesTo ?? 0,
  };
}

const GIVEN = { enabled: true, token: TOKEN, apiRoot: "http://server.example" };
/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:2";

export const channels: Cases = {
  ...alone("channels.telegram.allowFrom", {
    values: [[], ["12", 34]],
    observe: async ({ clambot }) => {
      const { stdout } = await clambot.here.run(["channels", "list", "--json"]);
      return JSON.parse(stdout).map(({ id }: { id: string }) => id);
    },
    expected: [[], ["12", "34"]],
  }),
  ...alone("channels.telegram.enabled", {
    values: [true, false],
    observe: async (pipeline) => (await tellOnce(pipeline, GIVEN)).sent,
    expected: ["told", "no channel"],
  }),
  ...alone("channels.telegram.token", {
    values: [TOKEN, "4711:another-token-abcdefghijkl"],
    observe: async (pipeline) => (await tellOnce(pipeline, GIVEN)).sent,
    expected: ["told", "token_rejected"],
  }),
  ...alone("channels.telegram.apiRoot", {
    values: ["http://server.example", NOWHERE],
    observe: async (pipeline) => (await tellOnce(pipeline, GIVEN)).sent,
    expected: ["told", "unreachable"],
  }),
  ...alone("channels.telegram.proxy", {
    values: ["", "socks5://127.0.0.1:2"],
    observe: async (pipeline) => (await tellOnce(pipeline, GIVEN)).sent,
    expected: ["told", "unreachable"],
  }),
  ...alone("channels.telegram.format", {
    values: ["entities", "markdownv2"],
    observe: async (pipeline) => (await tellOnce(pipeline, GIVEN)).mode,
    expected: ["none", "MarkdownV2"],
  }),
  ...alone("channels.telegram.replyToMessage", {
    values: [true, false],
    observe: async (pipeline) => (await tellOnce(pipeline, GIVEN)).repliesTo,
    expected: [5, 0],
  }),
};
