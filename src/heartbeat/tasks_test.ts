import assert from "node:assert/strict";
import fc from "fast-check";
import { isOneShot, openTasks, tickOff } from "./tasks.ts";

const texts = (markdown: string) => openTasks(markdown).map(({ text }) => text);
const only = (markdown: string) => {
  const [task, ...others] = openTasks(markdown);
  assert(task && others.length === 0, JSON.stringify(openTasks(markdown)));
  return task;
};

Deno.test("A231: headings, blanks, empty boxes, quotes, comments, ticked boxes and rules are no tasks", () => {
  for (
    const nothing of [
      ...["", "\n\n", "# Tasks", "## - [ ] x", "#", "Tasks\n=====", "Tasks\n---", "---", "* * *"],
      ...["- [ ]", "- [ ]   ", "* []", "[ ]", "-", "1.", "> Look at the disk", "> - [ ] x", ">x"],
      ...["- [x] done", "- [X] done", "[x] done", "1. [x] done", "- [-] given up", "- [x]"],
      ...["<!-- - [ ] x -->", "<!--\n- [ ] x\n\n- [ ] y\n-->", "<!-- never closed\n- [ ] x"],
      ...["```\n- [ ] x\n```", "~~~\nLook at it\n~~~", "````\n```\n- [ ] x\n````", "\ufeff# x"],
      ...["- [x] done\n  - [ ] below it", "- [x] done\n  with details", "My tasks:\n- [ ]"],
    ]
  ) assert.deepEqual(texts(nothing), [], JSON.stringify(nothing));
});

Deno.test("A231: open boxes, points and plain lines are tasks, as they are written", () => {
  assert.deepEqual(
    texts("# Mine\r\n\r\n- [ ] Look at the disk\r\n* Read *the* mail\r\n3. [ ] Third\r\n"),
    ["Look at the disk", "Read *the* mail", "Third"],
  );
  assert.deepEqual(texts("Look at the disk\nand at the mail\n\nAnd this"), [
    "Look at the disk\nand at the mail",
    "And this",
  ]);
  assert.deepEqual(texts("[ ] without a point"), ["without a point"]);
  assert.deepEqual(texts("- [ ] Look <!-- hidden --> here"), ["Look  here"]);
  assert.deepEqual(texts("<!-- one --> - [ ] behind"), ["behind"]);
  assert.deepEqual(texts("- see [x](https://example.org)"), ["see [x](https://example.org)"]);
});

Deno.test("what stands indented below a task belongs to it, a fence too", () => {
  assert.deepEqual(
    texts(
      "- [ ] Look at these\n\n  - one\n  - two\n    more\n\n  ```\n  - [ ] three\n  ```\n- [ ] Next",
    ),
    ["Look at these\n```\n- [ ] three\n```\none\ntwo\nmore", "Next"],
  );
});

Deno.test("a point with boxes below it is their heading, whether they are ticked or not", () => {
  const markdown =
    "- [ ] Mornings:\n  - [ ] mail\n  - [x] disk\n  - [ ] deep\n    - [ ] er\n- Last";
  assert.deepEqual(texts(markdown), ["Mornings: mail", "Mornings: deep: er", "Last"]);
  assert.deepEqual(texts("- [ ] All of it\n  - [x] one\n  - [x] two"), []);
});

Deno.test("a task may carry its own time; other brackets are words of it", () => {
  const when = (line: string) => only(`- [ ] ${line}`).when;
  assert.deepEqual(when("x (every 2h)"), { kind: "every", text: "2h" });
  assert.deepEqual(when("x (daily 09:05)"), { kind: "cron", text: "5 9 * * *" });
  assert.deepEqual(when("x (Daily at 9:00)"), { kind: "cron", text: "0 9 * * *" });
  assert.deepEqual(when("x (cron 0 9 * * 1-5)"), { kind: "cron", text: "0 9 * * 1-5" });
  assert.deepEqual(when("x (at 2027-01-31T09:00)"), { kind: "at", text: "2027-01-31T09:00" });
  assert.deepEqual(when("x (once)"), { kind: "once" });
  for (const words of ["x (every week or so)", "x (at home)", "x (once more)", "x (daily)", "x"]) {
    assert.deepEqual(when(words), { kind: "always" });
    assert.equal(only(`- ${words}`).text, words);
  }
  assert.equal(only("- [ ] x (every 2h)").text, "x");
  assert.deepEqual(openTasks("- (once)"), []);
  assert.deepEqual(openTasks("- a (once)\n- b (at 2027-01-01)\n- c").map(isOneShot), [
    true,
    true,
    false,
  ]);
});

Deno.test("a task is ticked off, and everything else stays as it is, byte by byte", () => {
  const markdown = "# Mine\r\n- [ ] one (once)\r\n\r\n* two (once)\r\n";
  const key = (text: string, of = markdown) =>
    openTasks(of).find((task) => task.text === text)?.key ?? "";
  assert.equal(tickOff(markdown, key("one")), markdown.replace("- [ ] one", "- [x] one"));
  assert.equal(tickOff(markdown, key("two")), markdown.replace("* two", "* [x] two"));
  assert.equal(tickOff("three (once)", key("three", "three (once)")), "[x] three (once)");
});

Deno.test("a task that the person changed, moved or took away meanwhile is found by its words alone", () => {
  const { key } = only("- [ ] water the plants (once)");
  assert.equal(
    tickOff("- [ ] new\n\n  - [ ] x\n1. [ ] water the plants (once)\n", key),
    "- [ ] new\n\n  - [ ] x\n1. [x] water the plants (once)\n",
  );
  assert.equal(tickOff("- [ ] water the roses (once)", key), undefined);
  assert.equal(tickOff("- [x] water the plants (once)", key), undefined);
});

Deno.test("two tasks of the same words are two, and each is ticked off alone", () => {
  const twice = "- [ ] a (once)\n- [ ] a (once)";
  const [first, second] = openTasks(twice);
  assert.notEqual(first?.key, second?.key);
  assert.equal(tickOff(twice, second?.key ?? ""), "- [ ] a (once)\n- [x] a (once)");
});

Deno.test("whatever stands in the file, a task that is ticked off is none any more, and no other one goes", () => {
  const line = fc.constantFrom(
    ...["- [ ] a", "- [ ] b (once)", "  - [ ] c", "    - d", "e", "", "# f", "> g", "- [x] h"],
    ...["```", "<!--", "-->", "- [ ]", "1. i (once)", "\t* [ ] j", "---", "k:", "- l <!-- m -->"],
  );
  fc.assert(fc.property(fc.array(line, { maxLength: 12 }), fc.nat(), (lines, which) => {
    const markdown = lines.join("\n");
    const tasks = openTasks(markdown);
    const task = tasks[which % Math.max(1, tasks.length)];
    if (!task) return;
    const after = tickOff(markdown, task.key);
    assert(after !== undefined && after !== markdown);
    const others = tasks.filter((one) => one !== task).map(({ text }) => text);
    assert.deepEqual(openTasks(after).map(({ text }) => text), others);
  }));
});
