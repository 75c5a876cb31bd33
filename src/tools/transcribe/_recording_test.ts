import assert from "node:assert/strict";
import fc from "fast-check";
import { makeWave } from "../../../tests/fakes/recordings.ts";
import { readRecordingKind } from "./_recording.ts";

/** Bytes from texts, numbers (a byte each) and `[value, width]` (big endian; little with -width). */
function bytesOf(...parts: readonly (string | number | readonly [bigint | number, number])[]) {
  return new Uint8Array(parts.flatMap((part) => {
    if (typeof part === "string") return [...part].map((one) => one.charCodeAt(0));
    if (typeof part === "number") return [part];
    const [value, width] = part;
    const low = Array.from(
      { length: Math.abs(width) },
      (_, index) => Number(BigInt(value) >> BigInt(8 * index) & 0xffn),
    );
    return width < 0 ? low : low.toReversed();
  }));
}
const zeros = (length: number) => Array.from({ length }, () => 0);

Deno.test("A153: a recording tells its format and length without being decoded", () => {
  assert.deepEqual(readRecordingKind(makeWave(3)), { ending: "wav", seconds: 3 });

  // 48,000 samples a second, 10 seconds
  const flac = bytesOf("fLaC", 0, [34, 3], ...zeros(10), [48_000 * 4096, 4], [480_000, 4]);
  assert.deepEqual(readRecordingKind(flac), { ending: "flac", seconds: 10 });

  const page = (granule: number, body: readonly (string | number | readonly [number, number])[]) =>
    bytesOf("OggS", 0, 0, [granule, -8], ...zeros(12), 1, 19, ...body);
  const head = page(0, ["OpusHead", 1, 1, [312, -2], [16_000, -4], ...zeros(3)]);
  const opus = new Uint8Array([...head, ...page(48_000 * 7 + 312, [])]);
  assert.deepEqual(readRecordingKind(opus), { ending: "ogg", seconds: 7 });

  const mvhd = bytesOf([32, 4], "mvhd", ...zeros(12), [1000, 4], [2500, 4], ...zeros(4));
  const m4a = bytesOf([16, 4], "ftypM4A ", [0, 4], [8 + mvhd.length, 4], "moov", ...mvhd);
  assert.deepEqual(readRecordingKind(m4a), { ending: "m4a", seconds: 2.5 });

  // 128 kbit/s: 16,000 bytes a second
  const tag = bytesOf("ID3", 4, 0, 0, [10, 4], ...zeros(10));
  const frames = new Uint8Array(32_000);
  frames.set([0xff, 0xfb, 0x90, 0xc0]);
  const mp3 = new Uint8Array([...tag, ...frames]);
  assert.deepEqual(readRecordingKind(mp3), { ending: "mp3", seconds: 2 });
  frames.set(bytesOf("Xing", [1, 4], [441, 4]), 4 + 17);
  assert.deepEqual(readRecordingKind(frames), { ending: "mp3", seconds: 441 * 1152 / 44_100 });

  const webm = bytesOf(0x1a, 0x45, 0xdf, 0xa3, ...zeros(20));
  assert.deepEqual(readRecordingKind(webm), { ending: "webm", seconds: undefined });
});

Deno.test("A153: what is no recording, or ends early, is told and never thrown", () => {
  const text = new TextEncoder().encode("<!doctype html><title>A podcast</title>");
  assert.equal(readRecordingKind(text), undefined);
  assert.equal(readRecordingKind(new Uint8Array()), undefined);
  const beginnings = ["fLaC", "OggS", "RIFF....WAVE", "....ftyp", "ID3", "\xff\xfb\x90\xc0"]
    .map((beginning) => [...beginning].map((one) => one.charCodeAt(0)));
  fc.assert(fc.property(
    fc.constantFrom(...beginnings),
    fc.uint8Array({ maxLength: 200 }),
    (beginning, rest) => {
      const kind = readRecordingKind(new Uint8Array([...beginning, ...rest]));
      assert.ok(kind);
      assert.ok(kind.seconds === undefined || kind.seconds > 0);
    },
  ));
});
