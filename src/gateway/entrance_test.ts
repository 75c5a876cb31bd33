import assert from "node:assert/strict";
import { createEntrance } from "./entrance.ts";
import type { KeptUpdate } from "./store.ts";

const updateOf = (turn: string, conversation: string): KeptUpdate => ({
  ...{ channel: "loopback", update: turn, turn, conversation, text: "", at: 0 },
  ...{ place: "private", person: { id: "a" } },
});

Deno.test("turns enter in the order of their conversation, however long each is looked at", async () => {
  const looks = new Map<string, PromiseWithResolvers<KeptUpdate | undefined>>();
  const entered: string[] = [];
  const failed: string[] = [];
  const entrance = createEntrance({
    admit({ turn }) {
      const look = Promise.withResolvers<KeptUpdate | undefined>();
      looks.set(turn, look);
      return look.promise;
    },
    enter: ({ turn }) => void entered.push(turn),
    fail: ({ turn }) => void failed.push(turn),
  });
  for (const turn of ["a1", "a2", "a3", "a4"]) entrance.take(updateOf(turn, "a"));
  entrance.take(updateOf("b1", "b"));
  assert.equal(looks.size, 5, "each is looked at as it comes");
  looks.get("a2")?.reject(new Error("down"));
  looks.get("a4")?.resolve(updateOf("a4", "a"));
  looks.get("a3")?.resolve(undefined);
  looks.get("b1")?.resolve(updateOf("b1", "b"));
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual([entered, failed], [["b1"], ["a2"]]);
  looks.get("a1")?.resolve(updateOf("a1", "a"));
  await entrance.settled();
  assert.deepEqual(entered, ["b1", "a1", "a4"]);
});
