import assert from "node:assert/strict";
import { testAtTerminal } from "./at_terminal.ts";
import { Clambot } from "./clambot.ts";
import { formatTable, Leads, prepare, type Sample, tryKeys, type Way, WAYS } from "./type_ahead.ts";

// Keys that come before a question can have been read answer nothing; later ones do.
// CLAMBOT_TYPE_AHEAD=full presses them at every ten milliseconds (about 20 minutes) and prints the
// table; CLAMBOT_TYPE_AHEAD=table prints the table of the short run.

const MODE = Deno.env.get("CLAMBOT_TYPE_AHEAD") ?? "";

/** One row per start of the program, one offset per question. */
const SHORT: readonly (readonly [Way, readonly number[]])[] = [
  [WAYS.run, [-120, -60, -20, 150]],
  [WAYS.once, [-40, -115, -10, 60]],
];
const BUSY: readonly (readonly [Way, readonly number[]])[] = [
  [WAYS.conversation, [-80, -10, 700]],
];

/** Keys before this many milliseconds answer nothing; keys this late do what they say. */
const EARLY = 250;
const LATE = 600;

testAtTerminal(
  "keys pressed before a question stood there answer nothing, the first and later ones",
  async () => {
    await check(MODE === "full" ? everyTen() : SHORT, EARLY);
  },
);

testAtTerminal(
  "keys pressed too early answer nothing on a busy machine, in a conversation",
  async () => {
    const busy = Array.from({ length: 3 }, burn);
    try {
      await check(BUSY, 0);
    } finally {
      busy.forEach((worker) => worker.terminate());
    }
  },
);

async function check(
  plan: readonly (readonly [Way, readonly number[]])[],
  early: number,
): Promise<void> {
  const leads = new Leads();
  await using clambot = await Clambot.inEmptyHome();
  await prepare(clambot);
  const samples: Sample[] = [];
  for (const [way, offsets] of plan) samples.push(...await tryKeys(clambot, way, offsets, leads));
  if (MODE !== "") console.log(formatTable(samples));
  for (const sample of samples) {
    const told = JSON.stringify(sample);
    if (sample.at < early) assert.equal(sample.outcome, "nothing", told);
    if (sample.at >= LATE) assert.equal(sample.outcome, "allowed", told);
  }
}

/** Every ten milliseconds, each once for a first question and once for a later one. */
function everyTen(): (readonly [Way, readonly number[]])[] {
  const offsets = Array.from({ length: 61 }, (_, step) => -300 + 10 * step);
  const starts = offsets.map((
    first,
    index,
  ) => [first, ...[1, 2, 3, 4].map((later) => offsets[(index * 4 + later) % 61] ?? 0)]);
  return Object.values(WAYS).flatMap((way) => starts.map((start) => [way, start] as const));
}

/** A thread that computes until it is ended. */
function burn(): Worker {
  const source = URL.createObjectURL(new Blob(["for (;;);"], { type: "text/javascript" }));
  return new Worker(source, { type: "module" });
}
