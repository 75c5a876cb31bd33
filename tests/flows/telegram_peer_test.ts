import assert from "node:assert/strict";
import TelegramServer from "telegram-test-api";
import type { Flow } from "./faulty_house.ts";
import { clam, GENERATE, worded } from "./pipeline.ts";
import { TelegramHouse } from "./telegram_house.ts";

// The same with a server of the Bot API that somebody else wrote. It is not as strict as ours.

/** A CommonJS module, whose types say more than comes. */
const PeerServer = TelegramServer as unknown as typeof TelegramServer.default;

const TOKEN = "1234567:an-independent-token-abcdef";

const ASKING: Flow = {
  name: "a program that asks",
  text: "",
  grants: [],
  script(model, server) {
    model.on("selection", GENERATE);
    const script = `async function run() {
      await http_request({method: "POST", url: "${server}/effect/asked"});
      return "It was sent.";
    }`;
    const more = { declared_tools: ["http_request"], result_schema: worded("sent") };
    model.on("clam", clam(script, more));
  },
};

interface PeerMessage {
  readonly message: {
    readonly text: string;
    readonly reply_markup?: {
      readonly inline_keyboard: { readonly text: string; readonly callback_data: string }[][];
    };
  };
  readonly messageId: number;
}

Deno.test({
  name: "an independent server of the Bot API: asked without a model, approved by a button",
  sanitizeResources: false,
  sanitizeOps: false,
  async fn() {
    const place = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = place.addr as Deno.NetAddr;
    place.close();
    const peer = new PeerServer({ port, host: "127.0.0.1", storeTimeout: 600 });
    await peer.start();
    const apiRoot = `http://127.0.0.1:${port}`;
    try {
      await using house = await TelegramHouse.open(ASKING, { apiRoot, token: TOKEN });
      const client = peer.getClient(TOKEN, { userId: 1, chatId: 1, timeout: 60_000, interval: 20 });
      const find = async (isIt: (one: PeerMessage) => boolean): Promise<PeerMessage> => {
        for (;;) {
          const all = await client.getUpdatesHistory() as unknown as readonly PeerMessage[];
          const found = all.filter(({ message }) => message?.text !== undefined).findLast(isIt);
          if (found) return found;
          await new Promise((go) => setTimeout(go, 20));
        }
      };
      await client.sendMessage(client.makeMessage("what is 17% of 230?"));
      await find(({ message }) => message.text.includes("39.1"));
      await client.sendMessage(client.makeMessage("send the report"));
      const question = await find(({ message }) => message.reply_markup !== undefined);
      const [[button] = []] = question.message.reply_markup?.inline_keyboard ?? [];
      assert.equal(button?.text, "Allow once");
      const press = client.makeCallbackQuery(button?.callback_data ?? "", {
        message: { message_id: question.messageId },
      });
      await client.sendCallback(press);
      await find(({ message }) => message.text.includes("It was sent."));
      assert.equal(house.world.effects, 1);
    } finally {
      await peer.stop();
    }
  },
});
