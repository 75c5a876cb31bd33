import assert from "node:assert/strict";
import fc from "fast-check";
import { formatItem, parseNotes, withItems, withoutNotes } from "./_notes.ts";

const LINES = [
  "# Memory",
  "## Learned",
  "> Notes about you.",
  "",
  "   ",
  "- Lives in Berlin",
  "* Speaks German <!-- marked -->",
  "  and some Dutch",
  "<!-- marked -->",
  "<!-- an aside -->",
  "<!--",
  "-->",
  "a --> b <!-- c",
  "Some words of mine.",
  "- [ ]",
  "---",
  "\ufeff# Title",
  "```",
  "1. first",
];
const file = fc.tuple(
  fc.array(fc.constantFrom(...LINES), { maxLength: 14 }),
  fc.constantFrom("\n", "\r\n"),
  fc.boolean(),
).map(([lines, end, last]) => lines.join(end) + (last ? end : ""));

function factsOf(text: string) {
  return parseNotes(text).notes.filter((note) => note.kind === "fact").map((note) => note.text);
}

Deno.test("parseNotes() takes headings, quotes, comments and empty boxes for no notes", () => {
  const seed = "# Memory\n\n> What I know about you. Edit me.\n\n- [ ]\n---\n<!-- a\n- b\n-->\n";
  assert.deepEqual(parseNotes(seed).notes, []);
});

Deno.test("parseNotes() reads items of all bullets with their headings and further lines", () => {
  const notes =
    parseNotes("- a\n# Work\n* b\n  goes on\n+ c\n\nA paragraph\nof two lines.\n").notes;
  assert.deepEqual(notes.map(({ kind, text, heading }) => [kind, text, heading]), [
    ["fact", "a", ""],
    ["fact", "b goes on", "# Work"],
    ["fact", "c", "# Work"],
    ["paragraph", "A paragraph of two lines.", "# Work"],
  ]);
});

Deno.test("parseNotes() finds the marker after hand edits: case, space, further lines", () => {
  for (
    const text of [
      "- a <!-- marked -->",
      "- a <!--MARKED-->  and more",
      "- a\n  more <!-- marked -->",
      "- a\n<!-- Marked -->\n",
    ]
  ) {
    assert.ok(parseNotes(text).notes[0]?.marked, text);
    assert.ok(!parseNotes(text).notes[0]?.text.includes("<!--"), text);
  }
});

Deno.test("parseNotes() keeps every byte of the file", () => {
  fc.assert(fc.property(file, (text) => assert.equal(parseNotes(text).lines.join(""), text)));
});

Deno.test("withItems() adds facts that are read back and loses no line of the file", () => {
  fc.assert(fc.property(file, fc.boolean(), (text, marked) => {
    const after = withItems(text, "## Learned", [formatItem("new one", marked)]);
    const trimmed = (lines: string) => lines.split("\n").map((line) => line.trim());
    const found = parseNotes(after).notes.filter((note) => note.text === "new one");
    assert.equal(found.length, 1);
    assert.equal(found[0]?.marked, marked);
    const rest = trimmed(after);
    for (const line of trimmed(text).filter((line) => line !== "")) {
      const place = rest.indexOf(line);
      assert.notEqual(place, -1, line);
      rest.splice(place, 1);
    }
    assert.deepEqual(factsOf(after).toSorted(), [...factsOf(text), "new one"].toSorted());
  }));
});

Deno.test("withItems() keeps one section for learnt facts, in order", () => {
  const once = withItems("# Memory\n\n## Learned\n\n## Work\n\n- c\n", "## Learned", ["- a"]);
  const twice = withItems(once, "## Learned", ["- b"]);
  assert.equal(twice, "# Memory\n\n## Learned\n\n- a\n- b\n\n## Work\n\n- c\n");
});

Deno.test("withoutNotes() takes out exactly the lines of the notes", () => {
  const text = "# A\n- one\n  more\n- two\n\nThree\n";
  const parsed = parseNotes(text);
  const gone = parsed.notes.filter((note) => note.text.startsWith("one"));
  assert.equal(withoutNotes(parsed, gone), "# A\n- two\n\nThree\n");
});
