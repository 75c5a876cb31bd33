import assert from "node:assert/strict";
import { BlockList } from "node:net";
import fc from "fast-check";
import { findSpecialPurpose, isInRange, parseAddress, parseRange } from "./_ranges.ts";

/** The IANA registries once more, in the hands of another implementation. */
const V4_RANGES: readonly (readonly [string, number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.31.196.0", 24],
  ["192.52.193.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["192.175.48.0", 24],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
];
const blockedV4 = new BlockList();
for (const [net, bits] of V4_RANGES) blockedV4.addSubnet(net, bits, "ipv4");

const toDotted = (value: number) =>
  [24, 16, 8, 0].map((shift) => (value / 2 ** shift) & 255).join(".");

/** An IPv4 number inside one of the blocked ranges. */
const blockedNumber = fc.constantFrom(...V4_RANGES).chain(([net, bits]) => {
  const base = Number(parseAddress(net)?.value);
  return fc.integer({ min: 0, max: 2 ** (32 - bits) - 1 }).map((offset) => base + offset);
});

/** The ways in which URLs may spell an IPv4 address (URL standard, "IPv4 parser"). */
const spellings: readonly ((value: number) => string)[] = [
  toDotted,
  (value) => `${toDotted(value)}.`,
  (value) => String(value),
  (value) => `0x${value.toString(16)}`,
  (value) => `0${value.toString(8)}`,
  (value) => toDotted(value).split(".").map((part) => `0x${Number(part).toString(16)}`).join("."),
  (value) => toDotted(value).split(".").map((part) => `0${Number(part).toString(8)}`).join("."),
  (value) => `${Math.floor(value / 2 ** 24)}.${value % 2 ** 24}`,
  (value) => `${Math.floor(value / 2 ** 24)}.${(value >>> 16) & 255}.${value & 65535}`,
  (value) => toDotted(value).replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d))),
  (value) => toDotted(value).replaceAll(".", "。"),
  (value) => toDotted(value).replaceAll(".", "%2E"),
  (value) => `[::ffff:${toDotted(value)}]`,
  (value) => `[64:ff9b::${toDotted(value)}]`,
];

Deno.test("any IPv4 address of a blocked range is special in every spelling that URLs know", () => {
  fc.assert(
    fc.property(blockedNumber, fc.constantFrom(...spellings), (value, spell) => {
      const host = new URL(`http://${spell(value)}/`).hostname.replace(/^\[|\]$/g, "");
      const address = parseAddress(host);
      assert.ok(address, host);
      assert.notEqual(findSpecialPurpose(address), undefined, host);
    }),
    { numRuns: 2000 },
  );
});

Deno.test("an IPv4 address is special exactly when another implementation says so", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
      const dotted = toDotted(value);
      const address = parseAddress(dotted);
      assert.ok(address);
      assert.equal(findSpecialPurpose(address) !== undefined, blockedV4.check(dotted, "ipv4"));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("an IPv6 address outside 2000::/3 is never public", () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  const outside = fc.integer({ min: 0, max: 0xffff }).filter((first) => first >> 13 !== 1);
  fc.assert(fc.property(outside, fc.array(group, { minLength: 7, maxLength: 7 }), (first, rest) => {
    const address = parseAddress([first.toString(16), ...rest].join(":"));
    assert.ok(address);
    assert.notEqual(findSpecialPurpose(address), undefined);
  }));
});

Deno.test("well-known public addresses are public", () => {
  for (
    const text of [
      "1.1.1.1",
      "8.8.8.8",
      "93.184.216.34",
      "172.15.255.255",
      "172.32.0.1",
      "100.128.0.1",
      "198.17.255.255",
      "223.255.255.255",
      "2606:4700:4700::1111",
      "2a00:1450:4001:81b::200e",
      "2001:200::1",
      "2003::1",
    ]
  ) {
    const address = parseAddress(text);
    assert.ok(address, text);
    assert.equal(findSpecialPurpose(address), undefined, text);
  }
});

Deno.test("an IPv6 address reads the same in its short and long spelling", () => {
  const groups = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), {
    minLength: 8,
    maxLength: 8,
  });
  fc.assert(fc.property(groups, (eight) => {
    const long = eight.map((group) => group.toString(16).padStart(4, "0")).join(":");
    const short = new URL(`http://[${long}]/`).hostname.slice(1, -1);
    assert.deepEqual(parseAddress(short), parseAddress(long));
    assert.notEqual(parseAddress(long), undefined);
  }));
});

Deno.test("what is no address is not read as one", () => {
  for (
    const text of [
      "",
      "127.1",
      "256.1.1.1",
      "1.2.3.4.5",
      "0x7f.0.0.1",
      "fe80::1%eth0",
      "[::1]",
      ":::",
      "1::2::3",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1.2.3.4::",
      "::12345",
      "localhost",
    ]
  ) assert.equal(parseAddress(text), undefined, text);
});

Deno.test("a range holds its first and last address and not their neighbours", () => {
  const range = parseRange("192.168.1.0/24");
  assert.ok(range);
  const holds = (text: string) => isInRange(parseAddress(text)!, range);
  assert.deepEqual(
    ["192.168.0.255", "192.168.1.0", "192.168.1.255", "192.168.2.0", "::c0a8:101"].map(holds),
    [false, true, true, false, false],
  );
  assert.equal(parseRange("10.0.0.0/33"), undefined);
  assert.equal(parseRange("10.0.0.0/"), undefined);
});
