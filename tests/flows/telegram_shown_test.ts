import assert from "node:assert/strict";
import { once, Told } from "../fakes/scripted_model.ts";
import type { Flow } from "./faulty_house.ts";
import { chatting } from "./pipeline.ts";
import { TelegramHouse } from "./telegram_house.ts";

// What a chat shows while a turn is under way, over HTTP with a strict server of the Bot API.

const talk = (reply: Told): Flow => ({
  ...{ name: "a slow chat", text: "", grants: [] },
  script(model) {
    model.on("selection", chatting(null));
    model.on("chat", reply);
  },
});

Deno.test("A206, A207: a slow turn types, says what it does, and its message becomes the answer", async () => {
  const shown = Promise.withResolvers<void>();
  const reply = once(shown.promise, "A crab is an **animal**, see [page](https://a.example/x).");
  await using house = await TelegramHouse.open(talk(reply));
  const { server } = house;
  server.say(1, "what is a crab?");
  const status = await house.reads(1, /^⏳ /);
  assert.ok(server.called("sendChatAction").length > 0);
  shown.resolve();
  const answer = await house.reads(1, /^A crab is an animal, see page \(a\.example\)\.$/);
  assert.equal(answer.message_id, status.message_id);
  assert.deepEqual(answer.entities.map(({ type }) => type), ["bold", "text_link"]);
  assert.equal(server.in(1).length, 1);
});

Deno.test("A268, A269: an answer grows in the chat, and can be cancelled there", async () => {
  // a model that has not told its thoughts yet is not shown: what it says may be one
  const reply = new Told({
    kind: "stall",
    pieces: ["<think>a crab</think>", "It is **big** ", "and "],
  });
  await using house = await TelegramHouse.open(talk(reply));
  house.server.say(1, "what is a crab?");
  const growing = await house.reads(1, /^It is big and$/);
  assert.deepEqual(growing.entities.map(({ type }) => type), ["bold"]);
  house.server.say(1, "/cancel");
  const ended = await house.server.until(() =>
    house.server.in(1).find(({ message_id, text }) =>
      message_id === growing.message_id && !text.startsWith("It is")
    )
  );
  assert.match(ended.text, /cancel/i);
});
