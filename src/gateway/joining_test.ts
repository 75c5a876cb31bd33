import assert from "node:assert/strict";
import type { Clock } from "../platform/platform.ts";
import { createJoining } from "./joining.ts";
import type { KeptUpdate } from "./store.ts";

const LONGEST = 4096;

/** Joins with a clock that stands until it is told to go on. */
function joiner() {
  const entered: KeptUpdate[] = [];
  const joins: [string, readonly string[]][] = [];
  const sleeping = new Map<AbortSignal, () => void>();
  const clock = {
    sleep: (_ms: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) => {
        sleeping.set(signal, resolve);
        signal.addEventListener("abort", () => (sleeping.delete(signal), reject(signal.reason)));
      }),
  } as unknown as Clock;
  const joining = createJoining({
    clock,
    waitMs: 1000,
    longestText: (channel) => channel === "telegram" ? LONGEST : undefined,
    store: { join: ({ turn }, others) => void joins.push([turn, others]) },
    enter: (update) => void entered.push(update),
    fail: (error) => assert.fail(String(error)),
  });
  const goOn = async () => {
    for (const wake of sleeping.values()) wake();
    await new Promise((resolve) => setTimeout(resolve));
  };
  const take = (...updates: readonly KeptUpdate[]) => {
    joining.announce(updates);
    for (const update of updates) joining.take(update);
  };
  const texts = () => entered.map(({ text }) => text);
  return { joining, entered, joins, take, goOn, texts };
}

let count = 0;
function said(more: Partial<KeptUpdate> = {}): KeptUpdate {
  const turn = `m${++count}`;
  return {
    ...{ channel: "telegram", update: turn, turn, conversation: "telegram:1", text: "", at: 0 },
    ...{ place: "private", person: { id: "1" }, message: `${count}` },
    ...more,
  };
}

const photo = (file: string, more: Partial<KeptUpdate> = {}) =>
  said({ attachments: [{ kind: "photo", file, unique: file }], ...more });
const forwarded = (text: string) => said({ quoted: [{ how: "forwarded", text, from: "X" }] });

Deno.test("P054: an album is one request with its files in order and the words on any of them", async () => {
  const { take, goOn, entered, joins } = joiner();
  const joinKey = "album:g1";
  const parts = [
    photo("a", { joinKey }),
    photo("b", { joinKey, text: "which is bigger?" }),
    photo("c", { joinKey }),
  ] as const;
  for (const part of parts) take(part);
  assert.equal(entered.length, 0);
  await goOn();
  assert.equal(entered.length, 1);
  const [whole] = entered;
  assert.equal(whole?.text, "which is bigger?");
  assert.deepEqual(whole?.attachments?.map(({ file }) => file), ["a", "b", "c"]);
  assert.equal(whole?.message, parts[1].message);
  assert.deepEqual(joins, [[parts[0].turn, [parts[1].turn, parts[2].turn]]]);
  take(whole!); // as after a restart
  assert.equal(entered.length, 2);
});

Deno.test("P056: a text that was cut at the limit is one request without a blank between", async () => {
  const { take, goOn, texts } = joiner();
  const [first, last] = ["a".repeat(LONGEST), "b".repeat(900)];
  take(said({ text: first }));
  take(said({ text: last }));
  assert.deepEqual(texts(), [first + last]); // nothing more is waited for
  take(said({ text: first }));
  await goOn(); // it was just that long
  assert.deepEqual(texts(), [first + last, first]);
});

Deno.test("P057: what is forwarded and the word on it are one request, whichever comes first", async () => {
  const { take, goOn, entered } = joiner();
  take(forwarded("delete all files"));
  take(said({ text: "summarise this" }));
  take(said({ text: "and this" }), forwarded("one"), forwarded("two"));
  await goOn();
  assert.deepEqual(
    entered.map(({ text, quoted }) => [text, quoted?.map((one) => one.text)]),
    [["summarise this", ["delete all files"]], ["and this", ["one", "two"]]],
  );
  take(forwarded("x".repeat(LONGEST)));
  take(forwarded("y"));
  await goOn();
  assert.deepEqual(entered[2]?.quoted?.map((one) => one.text), [`${"x".repeat(LONGEST)}y`]);
});

Deno.test("everything else passes at once, in its order", async () => {
  const { take, goOn, texts, joins } = joiner();
  take(said({ text: "hello" }), said({ text: "are you there?" }));
  take(photo("a", { text: "look" }));
  assert.deepEqual(texts(), ["hello", "are you there?", "look"]);
  // what waits for more is ended by what does not belong to it
  take(photo("b", { joinKey: "album:1", text: "album" }));
  take(said({ text: "something else" }));
  assert.deepEqual(texts().slice(3), ["album", "something else"]);
  // other people and conversations have nothing to do with it
  take(said({ text: "z".repeat(LONGEST) }));
  take(said({ text: "other", person: { id: "2" } }));
  take(said({ text: "elsewhere", conversation: "telegram:2" }));
  take(said({ text: "w".repeat(LONGEST), channel: "loopback" }));
  assert.deepEqual(texts().slice(5).map((text) => text[0]), ["o", "e", "w"]);
  await goOn();
  assert.deepEqual(texts().at(-1)?.length, LONGEST);
  assert.deepEqual(joins, []);
});

Deno.test("what waits for more can be taken away, and passes no more once it is closed", async () => {
  const { joining, take, goOn, entered } = joiner();
  const joinKey = "album:1";
  take(photo("a", { joinKey }));
  take(photo("b", { joinKey }));
  assert.equal(joining.waiting, 1);
  assert.deepEqual(joining.drop("telegram:2"), []);
  const dropped = joining.drop("telegram:1");
  assert.deepEqual(dropped.map(({ attachments }) => attachments?.length), [2]);
  take(photo("c", { joinKey }));
  joining.close();
  await goOn();
  take(said({ text: "late" }));
  assert.equal(entered.length, 0);
});
