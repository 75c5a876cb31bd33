import assert from "node:assert/strict";
import { createKeyGate } from "./_key_gate.ts";

const ENTER = "\r";

/** A gate, and a way to let time pass with a beat at every 20 milliseconds. */
function bench() {
  let now = 0;
  const gate = createKeyGate(() => now);
  const pass = (ms: number) => {
    for (const end = now + ms; now < end;) {
      now += 20;
      gate.beat();
    }
  };
  return { gate, pass, freeze: (ms: number) => now += ms };
}

Deno.test("no key counts before the question was written, however long that takes", () => {
  const { gate, pass } = bench();
  pass(10_000);
  assert.equal(gate.filter(ENTER), "");
});

Deno.test("no key counts in the dead time; after it each does", () => {
  const { gate, pass } = bench();
  gate.written();
  pass(200);
  assert.equal(gate.filter(ENTER), "");
  pass(300);
  assert.equal(gate.filter(ENTER), ENTER);
});

Deno.test("more of the question begins the dead time anew", () => {
  const { gate, pass } = bench();
  gate.written();
  pass(300);
  gate.written();
  pass(300);
  assert.equal(gate.filter(ENTER), "");
});

Deno.test("a burst that begins in the dead time is never let in by half", () => {
  const { gate, pass } = bench();
  gate.written();
  pass(320);
  for (let piece = 0; piece < 20; piece++) {
    assert.equal(gate.filter("y"), "");
    pass(20);
  }
  pass(60);
  assert.equal(gate.filter("y"), "y");
});

Deno.test("a process that stood still reads first what was typed meanwhile", () => {
  const { gate, pass, freeze } = bench();
  gate.written();
  pass(100);
  freeze(5_000);
  gate.beat(); // the beat comes before the keys that lie unread
  assert.equal(gate.filter(ENTER), "");
  pass(80);
  assert.equal(gate.filter(ENTER), ENTER);
});

Deno.test("a key that was begun too early does not count by its rest", () => {
  for (const [early, late] of [["\x1b", "[B"], ["\x1b[", "B"], ["\x1bO", "B"], ["\x1b[1;", "2B"]]) {
    const { gate, pass } = bench();
    gate.written();
    gate.filter(early ?? "");
    pass(500);
    assert.equal(gate.filter(`${late}x`), "x");
    assert.equal(gate.filter("[B"), "[B");
  }
});

Deno.test("what follows a key that was thrown away whole counts whole", () => {
  const { gate, pass } = bench();
  gate.written();
  gate.filter("\x1b[B");
  pass(500);
  assert.equal(gate.filter("\x1b[B\r"), "\x1b[B\r");
});
