import assert from "node:assert/strict";
import {
  everyRoomHasAFloor,
  exportedNamesMeanOneThing,
  filesAreShort,
  FLOORS,
  FOR_TESTS,
  functionsAreShort,
  type House,
  importsGoDown,
  importsIn,
  innerFoldersStayInside,
  noBarrels,
  noCircles,
  NODE,
  nothingIsUsed,
  originsComeFromAbove,
  packageOf,
  PACKAGES,
  packagesHaveTheirRooms,
  privateFilesStayPrivate,
  proofsHaveOneMaker,
  questionsHaveOneDoor,
  roomOf,
  type Rule,
  runtimeHasItsDoors,
  testsTakeNoTime,
  UNIMPORTED,
  zodComesInParts,
} from "./house_rules.ts";
import { LIST_RULES } from "./list_rules.ts";

// Every rule is run over the house itself, and over a small bad example, so that it is known to be
// able to fail.

const RULES: readonly Rule[] = [
  {
    name: "every room stands on a floor",
    check: everyRoomHasAFloor,
    bad: { "src/cellar/a.ts": "" },
    complaints: ["src/cellar stands on no floor; add it to FLOORS"],
    good: { "src/net/a.ts": "", "src/app/app.ts": "" },
  },
  {
    name: "rooms import lower floors only, types included",
    check: importsGoDown,
    bad: {
      "src/net/a.ts": 'import type { A } from "../tools/tool.ts";\n' +
        'import {\n  b,\n} from "../clams/b.ts";\ntype C = import("../agent/c.ts").C;',
      "src/domain/a.ts": 'export { x } from "../text/x.ts";',
    },
    complaints: [
      "src/net/a.ts:1 imports src/tools/tool.ts, which is on no lower floor",
      "src/net/a.ts:2 imports src/clams/b.ts, which is on no lower floor",
      "src/net/a.ts:5 imports src/agent/c.ts, which is on no lower floor",
      "src/domain/a.ts:1 imports src/text/x.ts, which is on no lower floor",
    ],
    good: {
      "src/net/a.ts": 'import "../domain/a.ts";\nimport "./b.ts";\n// import "../agent/a.ts";\n' +
        'const text = `import "../agent/a.ts"`;',
      "src/net/a_test.ts": 'import "../agent/a.ts";',
    },
  },
  {
    name: "private files are imported in their room only",
    check: privateFilesStayPrivate,
    bad: { "src/agent/a.ts": 'import "../net/_ranges.ts";\nawait import("../tools/fs/_b.ts");' },
    complaints: [
      "src/agent/a.ts:1 imports the private src/net/_ranges.ts",
      "src/agent/a.ts:2 imports the private src/tools/fs/_b.ts",
    ],
    good: { "src/tools/fs/a.ts": 'import "../_b.ts";\nimport "./_c.ts";' },
  },
  {
    name: "inner folders are imported by their own room only",
    check: innerFoldersStayInside,
    bad: { "src/app/app.ts": 'import "../tools/fs/tool.ts";' },
    complaints: ["src/app/app.ts:1 imports src/tools/fs/tool.ts past the front of its room"],
    good: {
      "src/app/app.ts": 'import "../tools/tool.ts";',
      "src/tools/a.ts": 'import "./fs/tool.ts";',
    },
  },
  {
    name: "there are no barrels",
    check: noBarrels,
    bad: { "src/net/mod.ts": "", "src/net/all.ts": 'export * from "./a.ts";' },
    complaints: ["src/net/mod.ts is a barrel by its name", "src/net/all.ts passes on another file"],
    good: { "src/net/model.ts": "// export * from here", "src/net/a_mod.ts": "" },
  },
  {
    name: "imports make no circle, types included",
    check: noCircles,
    bad: {
      "src/net/a.ts": 'import "./b.ts";',
      "src/net/b.ts": 'import type { C } from "./c.ts";',
      "src/net/c.ts": 'import "./b.ts";',
    },
    complaints: ["src/net/b.ts → src/net/c.ts → src/net/b.ts"],
    good: {
      "src/net/a.ts": 'import "./b.ts"; import "./c.ts";',
      "src/net/b.ts": 'import "./c.ts";',
    },
  },
  {
    name: "files over 400 lines give a reason",
    check: filesAreShort,
    bad: { "src/net/a.ts": "\n".repeat(401) },
    complaints: ["src/net/a.ts has 401 lines and no reason in LONG"],
    good: { "src/net/a.ts": "\n".repeat(400) },
  },
  {
    name: "nothing is closed by a using declaration",
    check: nothingIsUsed,
    bad: { "src/net/a.ts": "const a = 1;\n  using file = open();\nawait using b = open();" },
    complaints: [
      "src/net/a.ts:2 has a using declaration",
      "src/net/a.ts:3 has a using declaration",
    ],
    good: { "src/net/a.ts": "const using = 1;" },
  },
  {
    name: "zod comes in parts",
    check: zodComesInParts,
    bad: { "src/net/a.ts": 'import { z } from "zod";\nconst a = await import("zod");' },
    complaints: [
      'src/net/a.ts:1 brings all of zod; write: import * as z from "zod"',
      'src/net/a.ts:2 brings all of zod; write: import * as z from "zod"',
    ],
    good: { "src/net/a.ts": 'import * as z from "zod";\nimport { fromJSONSchema } from "zod";' },
  },
  {
    name: "the runtime is named only where it is let in",
    check: runtimeHasItsDoors,
    bad: {
      "src/net/a.ts": "Deno.cwd();\nawait fetch(url);\nDate.now();\nMath.random();\nnew Date();\n" +
        "`${globalThis.fetch}`;\nconst now = Date.now;\nconst d = new Date;",
      "src/sandbox/pool.ts": "Deno.exit();",
    },
    complaints: [
      "src/net/a.ts:1 names the runtime: Deno.",
      "src/net/a.ts:2 names the runtime: fetch(",
      "src/net/a.ts:3 names the runtime: Date.now",
      "src/net/a.ts:4 names the runtime: Math.random",
      "src/net/a.ts:5 names the runtime: new Date()",
      "src/net/a.ts:6 names the runtime: globalThis.fetch",
      "src/net/a.ts:7 names the runtime: Date.now",
      "src/net/a.ts:8 names the runtime: new Date",
      "src/sandbox/pool.ts:1 names the runtime: Deno.",
    ],
    good: {
      "src/net/a.ts": "new Date(now); ports.fetch(url); prefetch(url); // Deno.cwd()\n" +
        'const text = "Date.now()"; const pattern = /Math.random()/; a / b; `Deno.cwd()`;',
      "src/net/a_test.ts": "Deno.cwd();",
      "src/walls/a.ts": "Deno.cwd();",
      "src/platform/a.ts": "Date.now();",
      "src/sandbox/worker.ts": "Deno.exit();",
      "src/clams/starter/a/run.js": "Math.random();",
    },
  },
  {
    name: "the person is asked in one place, and keys are read in one place",
    check: questionsHaveOneDoor,
    bad: {
      "src/channels/terminal/approver.ts": 'const { select } = await import("@clack/prompts");',
      "src/walls/a.ts": "await Deno.stdin.read(answer);\nif (confirm('?')) go();",
      "src/cli/a.ts":
        'const { stdin } = await import("node:process");\nprocess.stdin.on("data", f);',
      "src/cli/b.ts": "globalThis.prompt('?');",
    },
    complaints: [
      "src/channels/terminal/approver.ts:1 asks past src/channels/terminal/questions.ts",
      "src/walls/a.ts:1 reads keys itself: stdin.read",
      "src/walls/a.ts:2 reads keys itself: confirm(",
      "src/cli/a.ts:1 reads keys itself: { stdin }",
      "src/cli/a.ts:2 reads keys itself: process.stdin",
      "src/cli/b.ts:1 reads keys itself: prompt(",
    ],
    good: {
      "src/channels/terminal/questions.ts":
        'await import("@clack/prompts");\nconfirm({ message });',
      "src/walls/a.ts": "if (Deno.stdin.isTerminal()) go();\nchild.stdin = x; // confirm(",
      "src/cli/a.ts": "screen.prompt(); confirmed('Do it?');",
    },
  },
  {
    name: "tests compare no time that passed with a number",
    check: testsTakeNoTime,
    bad: {
      "src/net/a_test.ts": "const t = Date.now();\nassert.ok(Date.now() - t < 5);",
      "tests/flows/a_test.ts": "const took = -began + performance.now() - performance.now();",
    },
    complaints: [
      "src/net/a_test.ts:2 takes the time; show what comes first, or use tests/pace.ts",
      "tests/flows/a_test.ts:1 takes the time; show what comes first, or use tests/pace.ts",
    ],
    good: {
      "src/net/a_test.ts": '"Date.now() - t"; Date.now();',
      "tests/pace.ts": "Date.now() - 1",
    },
  },
  {
    name: "packages are imported in their rooms only",
    check: packagesHaveTheirRooms,
    bad: {
      "src/net/a.ts": 'import { z } from "zod";\nimport "left-pad";\nimport "node:fs";\n' +
        'import "@clack/prompts/x";',
      "src/config/a.ts": 'import "npm:zod@4";\nimport "https://example.com/a.ts";',
    },
    complaints: [
      "src/net/a.ts:1 imports zod, which is not for this room",
      "src/net/a.ts:2 imports left-pad, which is not for this room",
      "src/net/a.ts:3 imports node:fs, which is not for this room",
      "src/net/a.ts:4 imports @clack/prompts/x, which is not for this room",
      "src/config/a.ts:1 imports npm:zod@4, which is not for this room",
      "src/config/a.ts:2 imports https://example.com/a.ts, which is not for this room",
    ],
    good: {
      "src/config/a.ts": 'import { z } from "zod";\nimport "node:path";',
      "src/platform/a.ts": 'import "node:net";',
      "src/net/a_test.ts": 'import fc from "fast-check";',
    },
  },
  {
    name: "an exported name means one thing",
    check: exportedNamesMeanOneThing,
    bad: {
      "src/net/a.ts": "export interface Limits {}\nexport function fetchAt() {}",
      "src/usage/b.ts": "export type Limits = 1;",
    },
    complaints: ["Limits is exported by src/net/a.ts and src/usage/b.ts"],
    good: {
      "src/net/a.ts": "interface Limits {}\nexport function at(x: 1): 1;\nexport function at() {}",
      "src/usage/b.ts": "// export type at = 1;\nexport type Limits = 1;",
      "src/usage/b_test.ts": "export type Limits = 1;",
    },
  },
  {
    name: "functions over 80 lines give a reason",
    check: functionsAreShort,
    bad: {
      "src/net/a.ts": `export function long() {${"\n".repeat(80)}}\n` +
        `const also = async (a: string): Promise<void> => {${"\n".repeat(80)}};`,
    },
    complaints: [
      "src/net/a.ts:1 long has 81 lines and no reason in LONG_FUNCTIONS",
      "src/net/a.ts:82 also has 81 lines and no reason in LONG_FUNCTIONS",
    ],
    good: {
      "src/net/a.ts": `function short() {${"\n".repeat(79)}}\nconst list = {${"\n".repeat(90)}};`,
    },
  },
  {
    name: "origins come from above",
    check: originsComeFromAbove,
    bad: { "src/agent/a.ts": 'const message = { origin: "cli" };\nopen("cli:run");' },
    complaints: [
      "src/agent/a.ts:1 says that a turn comes from the command line",
      "src/agent/a.ts:2 says that a turn comes from the command line",
    ],
    good: { "src/cli/a.ts": 'say({ origin: "cli" });', "src/agent/a.ts": "say({ origin });" },
  },
  {
    name: "a proof is made in one file",
    check: proofsHaveOneMaker,
    bad: {
      "src/tools/a.ts": "run({} as Approved);\nrun(x as unknown as Redacted);",
      "src/net/a.ts": "return f as\n  PublicFetch;",
    },
    complaints: [
      "src/tools/a.ts:1 makes Approved by a cast",
      "src/tools/a.ts:2 makes Redacted by a cast",
      "src/net/a.ts:1 makes PublicFetch by a cast",
    ],
    good: {
      "src/approvals/gate.ts": "return {} as Approved;",
      "src/tools/a.ts": "// as Approved\nfunction run(approved: Approved) {} type A = asApproved;",
    },
  },
];

for (const { name, check, bad, complaints, good } of [...RULES, ...LIST_RULES]) {
  Deno.test(`house: ${name}`, async () => {
    assert.deepEqual(check(await readHouse()), []);
  });
  Deno.test(`house: ${name} (the rule can fail)`, () => {
    assert.deepEqual(check(new Map(Object.entries(bad))), complaints);
    assert.deepEqual(check(new Map(Object.entries(good))), []);
  });
}

Deno.test("house: every floor has only rooms that exist", async () => {
  const rooms = new Set([...(await readHouse()).keys()].map(roomOf));
  assert.deepEqual(FLOORS.flat().filter((room) => !rooms.has(room)), []);
});

Deno.test("house: every pinned package is for a room, for another package or for tests", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(at("deno.json")));
  const pinned = Object.keys(imports).filter((name) => !name.startsWith("@types/"));
  const known = [...Object.keys(PACKAGES), ...UNIMPORTED, ...FOR_TESTS];
  assert.deepEqual(pinned.sort(), known.sort());
  for (const target of Object.values<string>(imports)) assert.match(target, /@\d+\.\d+\.\d+$/);
});

Deno.test("house: no room is named for a package that it does not import", async () => {
  const imports = importsIn(await readHouse());
  const isUsed = (name: string, room: string) =>
    imports.some(({ from, to }) =>
      roomOf(from) === room && (packageOf(to) === name || to === name)
    );
  const idle = [...Object.entries(PACKAGES), ...Object.entries(NODE)].flatMap(([name, rooms]) =>
    rooms.filter((room) => !isUsed(name, room)).map((room) => `${name} in ${room}`)
  );
  assert.deepEqual(idle, []);
});

Deno.test("house: docs/dependencies.md names the same packages and rooms", async () => {
  const page = await Deno.readTextFile(at("docs/dependencies.md")).catch(() => undefined);
  if (page === undefined) return;
  const named = new Map(
    [...page.matchAll(/^\|\s*`([^`]+)`\s*\|(.*)$/gm)].map(([, name = "", row = ""]) => [name, row]),
  );
  for (const [name, rooms] of Object.entries(PACKAGES)) {
    for (const room of rooms) {
      assert(named.get(name)?.includes(`\`${room}/\``), `${name} is used in \`${room}/\``);
    }
  }
});

Deno.test("house: tests and scripts over 400 lines give a reason too", async () => {
  for (const directory of ["tests", "scripts"]) {
    assert.deepEqual(filesAreShort(new Map(await Array.fromAsync(sources(directory)))), []);
  }
});

Deno.test("house: tests of whole flows, contracts and attacks take no time either", async () => {
  assert.deepEqual(testsTakeNoTime(new Map(await Array.fromAsync(sources("tests")))), []);
});

let house: Promise<House> | undefined;

/** All sources under src/, read once. */
function readHouse(): Promise<House> {
  return house ??= Array.fromAsync(sources("src")).then((found) => new Map(found));
}

async function* sources(directory: string): AsyncGenerator<[string, string]> {
  for await (const { name, isDirectory } of Deno.readDir(at(directory))) {
    const path = `${directory}/${name}`;
    if (isDirectory) yield* sources(path);
    else if (/\.[jt]s$/.test(name)) yield [path, await Deno.readTextFile(at(path))];
  }
}

function at(path: string): URL {
  return new URL(`../${path}`, import.meta.url);
}
