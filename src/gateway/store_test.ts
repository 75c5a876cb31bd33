import assert from "node:assert/strict";
import { turnOf } from "../channels/channel.ts";
import type { Redacted } from "../domain/redacted.ts";
import {
  type GatewayStore,
  type KeptUpdate,
  openGatewayDatabase,
  openGatewayStore,
} from "./store.ts";

async function inStore(
  test: (store: GatewayStore, again: () => GatewayStore) => Promise<void> | void,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/gateway.sqlite`;
  let store = openGatewayStore(openGatewayDatabase(path));
  try {
    await test(store, () => {
      store.close();
      return store = openGatewayStore(openGatewayDatabase(path));
    });
    store.close();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function updateOf(update: string, conversation = "loopback:a"): Promise<KeptUpdate> {
  const said = { channel: "loopback", update, conversation, text: `text ${update}`, at: 1 };
  const turn = await turnOf(said);
  return { ...said, place: "private", person: { id: "a" }, turn };
}

const message = (key: string) => ({
  channel: "loopback",
  message: { key, conversation: "loopback:a", text: "hello" as Redacted },
});

Deno.test("P005: what is known already is not kept twice, after a restart neither", () =>
  inStore(async (store, again) => {
    const [one, two, three] = await Promise.all(["1", "2", "3"].map((n) => updateOf(n)));
    assert.ok(one && two && three);
    assert.deepEqual(store.accept([one, two], 5), [one, two]);
    assert.deepEqual(store.accept([two, three, three], 6), [three]);
    store.finish(one.turn, [message("answer:1")], 7);
    const later = again();
    assert.deepEqual(later.accept([one, two, three], 8), []);
    assert.deepEqual(later.unanswered(), [two, three]);
    assert.deepEqual(later.unsent().map(({ key }) => key), ["answer:1"]);
  }));

Deno.test("a turn is new once, and only where the store was there before it was said", () =>
  inStore(async (store, again) => {
    const said = async (n: string, at: number) => ({ ...await updateOf(n), at });
    const [early, one, two, done] = await Promise.all([
      said("early", 99),
      said("one", 100),
      said("two", 101),
      said("done", 102),
    ]);
    store.accept([early, one], 100);
    assert.equal(store.takeNew(early.turn), false, "a store that was lost may have had it");
    assert.deepEqual([store.takeNew(one.turn), store.takeNew(one.turn)], [true, false]);
    store.accept([two, done], 103);
    store.accept([one], 104);
    assert.equal(store.takeNew(one.turn), false, "it was known");
    store.finish(done.turn, [], 105);
    assert.equal(store.takeNew(done.turn), false, "it is dealt with");
    const later = again();
    assert.equal(later.takeNew(two.turn), false, "the process before may have begun it");
    const three = await said("three", 106);
    later.accept([three, await said("long ago", 99)], 106);
    assert.equal(later.takeNew(three.turn), true);
    assert.equal(later.takeNew((await said("long ago", 99)).turn), false);
  }));

Deno.test("an answer and the end of its update are one step; a key is told once", () =>
  inStore(async (store) => {
    const update = await updateOf("1");
    store.accept([update], 1);
    store.park(update.turn, [message("question:q")], 2);
    assert.deepEqual(store.findParked(update.turn), update);
    assert.deepEqual(store.unanswered(), []);
    store.park(update.turn, [message("question:q")], 3);
    store.finish(update.turn, [message("answer:1")], 4);
    assert.deepEqual(store.unsent().map(({ key }) => key), ["question:q", "answer:1"]);
    store.delivered("question:q");
    store.failed("answer:1", 99);
    assert.deepEqual(store.unsent().map(({ key, tries, nextAt }) => [key, tries, nextAt]), [
      ["answer:1", 1, 99],
    ]);
    store.failed("answer:1", undefined);
    assert.deepEqual(store.deadLetters().map(({ update, reason, at }) => [update, reason, at]), [
      ["answer:1", "message_not_taken", 4],
    ]);
    assert.deepEqual(store.counts(), { waiting: 0, parked: 0, unsent: 0, dead: 1 });
    store.tellAgain(update.turn);
    assert.equal(store.unsent().length, 0, "the key of this answer is of another turn");
  }));

Deno.test("P008: what nobody could deal with is kept with its reason", () =>
  inStore(async (store) => {
    const update = await updateOf("1");
    store.accept([update], 1);
    store.bury(
      update.turn,
      "internal",
      [message(`answer:${update.turn}`)],
      Date.parse("2026-11-28T00:00:00Z"),
    );
    const [letter] = store.deadLetters();
    assert.deepEqual([letter?.update, letter?.reason], ["1", "internal"]);
    assert.equal(letter?.at, Date.parse("2026-11-28T00:00:00Z"));
    assert.deepEqual(store.unanswered(), []);
  }));

Deno.test("old things go, what is not dealt with stays", () =>
  inStore(async (store) => {
    const [one, two] = await Promise.all(["1", "2"].map((n) => updateOf(n)));
    assert.ok(one && two);
    store.accept([one, two], 1);
    store.finish(one.turn, [message("answer:1"), message("answer:x")], 1);
    store.delivered("answer:1");
    store.sweep(100);
    assert.deepEqual(store.unanswered(), [two]);
    assert.deepEqual(store.unsent().map(({ key }) => key), ["answer:x"]);
  }));

Deno.test("P129: a damaged store is refused and left as it is", async () => {
  const path = await Deno.makeTempFile();
  try {
    const broken = new TextEncoder().encode("this is no database ".repeat(500));
    await Deno.writeFile(path, broken);
    assert.throws(() => openGatewayStore(openGatewayDatabase(path)), {
      code: "file_failed",
      message: /is no store/,
    });
    assert.deepEqual(await Deno.readFile(path), broken);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("the parts of a message are known in order, after a restart too, and lead back to it", () =>
  inStore(async (store, again) => {
    const update = await updateOf("1");
    store.accept([update], 1);
    store.finish(update.turn, [message("answer:1"), message("answer:2")], 7);
    const told = { key: "answer:1", channel: "loopback", conversation: "loopback:a" };
    store.toldPart(told, "20");
    store.toldPart(told, "9");
    const later = again();
    assert.deepEqual(later.partsOf("answer:1"), ["20", "9"]);
    assert.deepEqual(later.partsOf("answer:2"), []);
    assert.equal(later.findTold("loopback", "loopback:a", "9")?.key, "answer:1");
    assert.equal(later.findTold("loopback", "loopback:b", "9"), undefined);
    assert.equal(later.findTold("loopback", "loopback:a", "10"), undefined);
    later.delivered("answer:1");
    later.sweep(8);
    assert.deepEqual(later.partsOf("answer:1"), []);
  }));

Deno.test("a part that is being told is unclear until it is settled, after a kill too", () =>
  inStore((store, again) => {
    const told = { key: "answer:1", channel: "loopback", conversation: "loopback:a" };
    store.tellsPart(told);
    assert.deepEqual(store.unclearPart(told), { after: [] });
    store.notToldPart(told);
    assert.equal(store.unclearPart(told), undefined);
    store.toldPart(told, "9");
    store.toldPart({ ...told, conversation: "loopback:b" }, "70");
    store.tellsPart(told);
    store.toldPart({ ...told, key: "status:2" }, "11");
    const later = again();
    const after = [
      { conversation: "loopback:a", part: "9" },
      { conversation: "loopback:b", part: "70" },
    ];
    assert.deepEqual(later.unclearPart(told), { after });
    assert.deepEqual(later.partsOf("answer:1").length, 2);
    assert.deepEqual([later.isTold(told, "11"), later.isTold(told, "70")], [true, false]);
    later.toldPart(told, "10");
    assert.equal(later.unclearPart(told), undefined);
    return Promise.resolve();
  }));

Deno.test("what shows a turn stays known while the turn is under way, and can become its answer", () =>
  inStore(async (store) => {
    const update = await updateOf("1");
    store.accept([update], 1);
    const place = { channel: "loopback", conversation: "loopback:a" };
    store.toldPart({ ...place, key: `status:${update.turn}` }, "20");
    store.sweep(8);
    assert.deepEqual(store.statusesOf(update.turn, place), ["20"]);
    assert.deepEqual(store.statusesOf(update.turn, { ...place, conversation: "loopback:b" }), []);
    const answer = message("answer:1");
    const kept = { ...answer, message: { ...answer.message, turn: update.turn } };
    store.finish(update.turn, [message("other:1"), kept], 7);
    store.sweep(8); // a kill came between the end of the turn and its answer
    assert.deepEqual(store.statusesOf(update.turn, place), ["20"]);
    store.toldPart({ ...place, key: "answer:1" }, "20");
    store.sweep(8);
    assert.deepEqual(store.statusesOf(update.turn, place), []);
    assert.deepEqual(store.partsOf("answer:1"), ["20"]);
  }));

Deno.test("of what was dealt with, neither its words nor those of others stay", () =>
  inStore(async (store) => {
    const update = await updateOf("1");
    const quoted = [{ how: "forwarded", text: "somebody else's words" }] as const;
    store.accept([{ ...update, quoted }], 1);
    store.park(update.turn, [], 2);
    assert.deepEqual(store.parked().map((one) => one.quoted), [quoted]);
    store.bury(update.turn, "internal", [], 3);
    assert.equal(store.deadLetters().length, 1);
    store.accept([{ ...update, update: "2", turn: "m2", quoted }], 4);
    store.finish("m2", [], 5);
    store.park("m2", [], 6); // what is parked is shown as it stands on disk
    assert.deepEqual(store.parked().map(({ text, quoted }) => [text, quoted]), [["", undefined]]);
  }));

Deno.test("what was joined is one update, whole after a restart, and its parts are known again", () =>
  inStore(async (store, again) => {
    const parts = [await updateOf("1"), await updateOf("2"), await updateOf("3")] as const;
    store.accept(parts, 1);
    store.join({ ...parts[0], text: "all of it", joined: true }, [parts[1].turn, parts[2].turn]);
    const later = again();
    assert.deepEqual(later.unanswered().map(({ text, joined }) => [text, joined]), [[
      "all of it",
      true,
    ]]);
    assert.deepEqual(later.accept(parts, 2), []);
  }));

Deno.test("what was heard last of somebody is had by one yes, the same after a restart, and then gone", () =>
  inStore(async (store, again) => {
    const [first, second, yes, another] = [
      await updateOf("1"),
      await updateOf("2"),
      await updateOf("3"),
      await updateOf("4"),
    ];
    store.accept([first, second, yes, another], 1);
    store.keepHeard({ ...first, heard: "buy milk" }, [message("answer:1")], 5);
    store.keepHeard({ ...second, heard: "buy bread" }, [message("answer:2")], 6);
    assert.equal(store.unsent().length, 2);
    const stranger = { ...yes, person: { id: "eve" } };
    assert.equal(store.takeHeard(stranger, 0), undefined);
    assert.equal(store.takeHeard({ ...yes, conversation: "loopback:b" }, 0), undefined);
    assert.equal(store.takeHeard(yes, 7), undefined, "too long ago");
    assert.equal(store.takeHeard(yes, 0)?.heard, "buy bread");
    const later = again();
    assert.equal(later.takeHeard(another, 0), undefined);
    assert.equal(later.takeHeard(yes, 0)?.heard, "buy bread");
    later.finish(yes.turn, [], 8);
    assert.equal(later.takeHeard(yes, 0), undefined);
  }));
