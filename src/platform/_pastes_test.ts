import assert from "node:assert/strict";
import fc from "fast-check";
import { createPasteReader, type Typed } from "./_pastes.ts";

const PASTE = "\x1b[200~one\r\ntwo\x1b[201~";

function readAll(pieces: readonly string[]): Typed[] {
  const reader = createPasteReader();
  return [...pieces.flatMap((piece) => reader.read(piece)), ...reader.rest()];
}

/** Neighbouring keys in one. */
function joined(all: readonly Typed[]): Typed[] {
  const found: Typed[] = [];
  for (const one of all) {
    const last = found.at(-1);
    if (one.kind === "keys" && last?.kind === "keys") {
      found.splice(-1, 1, { kind: "keys", text: last.text + one.text });
    } else found.push(one);
  }
  return found;
}

Deno.test("keys and pastes are told apart, wherever the pieces are cut", () => {
  const all = `ab\x1b[B${PASTE}\r\x1b[2~${PASTE}c\x1b[C`;
  const expected = [
    { kind: "keys", text: "ab\x1b[B" },
    { kind: "paste", text: "one\r\ntwo" },
    { kind: "keys", text: "\r\x1b[2~" },
    { kind: "paste", text: "one\r\ntwo" },
    { kind: "keys", text: "c\x1b[C" },
  ];
  fc.assert(fc.property(fc.array(fc.nat(all.length)), (cuts) => {
    const places = [0, ...cuts.toSorted((a, b) => a - b), all.length];
    const pieces = places.slice(1).map((end, index) => all.slice(places[index], end));
    assert.deepEqual(joined(readAll(pieces.filter((piece) => piece !== ""))), expected);
  }));
});

Deno.test("an end without a beginning is no key", () => {
  assert.deepEqual(readAll(["a\x1b[201~b"]).map(({ text }) => text), ["a", "b"]);
});

Deno.test("Escape alone is a key once nothing follows it", () => {
  const reader = createPasteReader();
  assert.deepEqual(reader.read("\x1b"), []);
  assert.deepEqual(reader.rest(), [{ kind: "keys", text: "\x1b" }]);
  assert.deepEqual(reader.rest(), []);
});

Deno.test("Ctrl-C alone gets out of a paste that never ends", () => {
  const reader = createPasteReader();
  assert.deepEqual(reader.read("\x1b[200~half"), []);
  assert.deepEqual(reader.read("\x03"), [{ kind: "keys", text: "\x03" }]);
  assert.deepEqual(reader.read("a"), [{ kind: "keys", text: "a" }]);
});
