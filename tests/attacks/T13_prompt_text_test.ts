import assert from "node:assert/strict";
import { formatRequest } from "../../src/channels/terminal/request_text.ts";
import type { ApprovalRequest } from "../../src/approvals/approver.ts";

// T13 (GHSA-pcqg-f7rg-xfvv, GHSA-9r3v-37xh-2cf6, GHSA-4hmj-39m8-jwc7): the question shows what will
// run, whatever characters stand in it.

function question(value: string, diff?: string): string {
  const request: ApprovalRequest = {
    turnId: "t",
    conversation: "cli:x",
    call: { id: 1, tool: "http_request", args: { url: value } },
    effect: "outward",
    resource: { kind: "url", method: "GET", url: "https://a.org/" },
    preview: {
      title: `GET ${value}`,
      fields: [{ name: "url", value }],
      ...(diff === undefined ? {} : { diff }),
    },
    offers: [],
    standing: true,
    foreign: false,
    derived: [],
    fingerprint: "0".repeat(64),
  };
  return formatRequest(request, COLUMNS).join("\n");
}

const COLUMNS = 100;

/** What stands in the lines, put together again. */
const joined = (text: string) => text.replaceAll(/\n│ /g, "");

const HIDDEN: Readonly<Record<string, string>> = {
  "escape sequence": "\u001b[2K\u001b[1A",
  "terminal title": "\u001b]0;x\u0007",
  "C1 control": "\u009b2K",
  "right-to-left override": "\u202e",
  "isolate": "\u2066",
  "zero-width space": "\u200b",
  "zero-width joiner": "\u200d",
  "soft hyphen": "\u00ad",
  "byte order mark": "\ufeff",
  "line separator": "\u2028",
  "tag character": "\u{e0041}",
  "variation selector": "\u{e0100}",
  "carriage return": "\r",
  "backspace": "\b",
  "Hangul filler": "\u3164",
};

for (const [name, character] of Object.entries(HIDDEN)) {
  Deno.test(`T13: a ${name} in a question is made visible`, () => {
    const text = question(`https://a.org/${character}evil`, `+ ${character}line`);
    assert.ok(!text.includes(character), JSON.stringify(text));
    const code = character.codePointAt(0)?.toString(16);
    assert.ok(text.includes(`\\u{${code}}`), text);
  });
}

Deno.test("T13: a value of several lines cannot pose as a further field", () => {
  const text = question("x\n  tool: fs\nClamBot asks: nothing");
  const lines = text.split("\n");
  assert.equal(lines.filter((line) => line.startsWith("ClamBot asks:")).length, 1);
  assert.equal(lines.filter((line) => line.startsWith("│ tool:")).length, 1);
});

Deno.test("T13: a value padded to the terminal's width cannot pose as a line of ours", () => {
  const posing = ["ClamBot asks:", "│ tool: web_fetch", "│ url: https://en.wikipedia.org/"];
  const text = question(`x${posing.map((line) => " ".repeat(COLUMNS) + line).join("")}`);
  for (const line of text.split("\n")) assert.ok(line.length < COLUMNS, line);
  assert.deepEqual(text.split("\n").filter((line) => !line.startsWith("│ ")), ["ClamBot asks:"]);
});

Deno.test("T13: what differs never looks the same", () => {
  const alike = [
    ["a b", "a\u00a0b", "a\u3000b", "a\u2800b"],
    ["x", "x ", "x\t", "x\\t"],
    ["\u202e", "\\u{202e}", "\\\\u{202e}"],
    ["caf\u00e9", "cafe\u0301"],
  ];
  for (const texts of alike) {
    assert.equal(new Set(texts.map((one) => question(one))).size, texts.length);
  }
});

Deno.test("T13: a question is complete, however long", () => {
  const long = `https://a.org/?q=${"x".repeat(20_000)}end`;
  assert.ok(joined(question(long)).includes(`${"x".repeat(20_000)}end`));
});
