import { dirname, join } from "node:path";
import { codeOf, functionsOf, importsOf, lineOf } from "./source_text.ts";

// The rules of the house: each is a function from sources to complaints. architecture_test.ts runs
// them. Change a table here only together with the page in docs/ that says the same to people.

/** Rooms from the ground up. A room imports only rooms of lower floors. */
export const FLOORS: readonly (readonly string[])[] = [
  ["domain"],
  ["platform", "text"],
  [
    ...["approvals", "artefacts", "audit", "clams", "memory", "net", "providers", "sandbox"],
    ...["secrets", "sessions", "usage"],
  ],
  ["config"],
  ["channels", "cron", "mcp", "runs"],
  ["tools"],
  ["agent"],
  ["cleanup", "gateway", "heartbeat"],
  ["app"],
  ["cli"],
  ["walls"],
];

/** Packages, and the rooms that know them. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  "@clack/prompts": ["channels"],
  "@commander-js/extra-typings": ["cli"],
  "@modelcontextprotocol/client": ["mcp"],
  "@modelcontextprotocol/server": ["cli"],
  "acorn": ["agent", "sandbox"],
  "croner": ["cron"],
  "diff": ["text"],
  "grammy": ["channels"],
  "html-to-text": ["tools"],
  "js-yaml": ["clams"],
  "markdown-it": ["text"],
  "openai": ["providers"],
  "quickjs-wasi": ["sandbox"],
  "tokenx": ["text"],
  "unpdf": ["tools"],
  "zod": ["agent", "artefacts", "clams", "config", "memory", "tools"],
};

/** Pinned for another package, or for tests. */
export const UNIMPORTED = ["commander"];
export const FOR_TESTS = [
  "@copilotkit/aimock",
  "@modelcontextprotocol/conformance",
  "@modelcontextprotocol/server-everything",
  "@modelcontextprotocol/server-filesystem",
  "@modelcontextprotocol/server-memory",
  "@xterm/headless",
  "dns2",
  "fast-check",
  "oauth2-mock-server",
  "quickjs-emscripten",
  "telegram-test-api",
];

/** Parts of the runtime that go by the name of `node:`, and the rooms that may know them. */
export const NODE: Readonly<Record<string, readonly string[]>> = {
  // scrypt, which the web's own cryptography has not
  "node:crypto": ["secrets"],
  "node:path": ["approvals", "clams", "config", "tools"],
  // The line editor wants the streams of the process itself.
  "node:process": ["cli"],
  "node:readline/promises": ["cli"],
  "node:sqlite": ["clams", "cron", "gateway", "memory"],
  // A time limit that works where a worker cannot be ended from outside.
  "node:vm": ["sandbox", "tools"],
};

/** Rooms that are the door to the runtime; they may name all of it. */
const RUNTIME_DOORS = ["src/platform/", "src/walls/", "src/sandbox/worker.ts"];

/** Where the person is asked, and where keys are read. */
const QUESTIONS = "src/channels/terminal/questions.ts";
const KEYBOARD = ["src/platform/keyboard.ts", "src/platform/deno.ts", "src/cli/lines.ts"];

/** Proof types and the only file that may make one by a cast. */
const PROOFS: Readonly<Record<string, string>> = {
  Approved: "src/approvals/gate.ts",
  PublicFetch: "src/net/public_fetch.ts",
  Redacted: "src/secrets/redactor.ts",
  Clean: "src/secrets/redactor.ts",
};

/** Files over 400 lines, each with its reason. */
const LONG: Readonly<Record<string, string>> = {};

/** Sources by their path from the root of the repository. */
export type House = ReadonlyMap<string, string>;

/** A rule, with what shows that it can fail. */
export interface Rule {
  readonly name: string;
  readonly check: (house: House) => string[];
  /** A house that breaks the rule, and every complaint it must bring. */
  readonly bad: Readonly<Record<string, string>>;
  readonly complaints: readonly string[];
  /** Sources that look bad and are good. */
  readonly good: Readonly<Record<string, string>>;
}

/** An import, with both ends as paths from the root of the repository. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
}

export function importsIn(house: House): readonly Import[] {
  return [...house].flatMap(([from, source]) =>
    importsOf(source).map(({ specifier, line }) => ({
      from,
      to: specifier.startsWith(".") ? join(dirname(from), specifier) : specifier,
      line,
    }))
  );
}

export const isTest = (path: string) => /_test\.ts$|\/testdata\//.test(path);
/** JavaScript runs in the engine alone, where time and chance are those of the run. */
const isGuest = (path: string) => path.endsWith(".js");
export const roomOf = (path: string) => path.split("/")[1] ?? "";
const floorOf = (room: string) => FLOORS.findIndex((floor) => floor.includes(room));
const inHouse = ({ to }: Import) => to.startsWith("src/");
/** Imports between two rooms. Tests may look everywhere. */
const crossing = (house: House) =>
  importsIn(house).filter((one) =>
    inHouse(one) && !isTest(one.from) && roomOf(one.from) !== roomOf(one.to)
  );

export function everyRoomHasAFloor(house: House): string[] {
  const rooms = new Set([...house.keys()].map(roomOf));
  return [...rooms].filter((room) => floorOf(room) < 0)
    .map((room) => `src/${room} stands on no floor; add it to FLOORS`);
}

export function importsGoDown(house: House): string[] {
  return crossing(house).filter(({ from, to }) => floorOf(roomOf(from)) <= floorOf(roomOf(to)))
    .map(({ from, to, line }) => `${from}:${line} imports ${to}, which is on no lower floor`);
}

export function privateFilesStayPrivate(house: House): string[] {
  return crossing(house).filter(({ to }) => /\/_[^/]*$/.test(to))
    .map(({ from, to, line }) => `${from}:${line} imports the private ${to}`);
}

export function innerFoldersStayInside(house: House): string[] {
  return crossing(house).filter(({ to }) => to.split("/").length > 3)
    .map(({ from, to, line }) => `${from}:${line} imports ${to} past the front of its room`);
}

export function noBarrels(house: House): string[] {
  return [...house].flatMap(([path, source]) => {
    const named = /\/(mod|index)\.[jt]s$/.test(path) ? [`${path} is a barrel by its name`] : [];
    const all = /\bexport\s*\*/.test(codeOf(source)) ? [`${path} passes on another file`] : [];
    return [...named, ...all];
  });
}

export function noCircles(house: House): string[] {
  const next = Map.groupBy(importsIn(house).filter(inHouse), ({ from }) => from);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (path: string, way: readonly string[]) => {
    const start = way.indexOf(path);
    if (start >= 0) circles.push([...way.slice(start), path].join(" → "));
    if (start >= 0 || done.has(path)) return;
    for (const { to } of next.get(path) ?? []) visit(to, [...way, path]);
    done.add(path);
  };
  for (const path of house.keys()) visit(path, []);
  return circles;
}

export function filesAreShort(house: House): string[] {
  const lengths = [...house].map(([path, source]) =>
    [path, source.split("\n").length - 1] as const
  );
  const long = new Map(lengths.filter(([, lines]) => lines > 400));
  return [
    ...[...long].filter(([path]) => !LONG[path])
      .map(([path, lines]) => `${path} has ${lines} lines and no reason in LONG`),
    ...Object.keys(LONG).filter((path) => house.has(path) && !long.has(path))
      .map((path) => `${path} is not long any more; take it out of LONG`),
  ];
}

const RUNTIME_NAMES =
  /(?<![\w$.])(?:Deno\s*\.|fetch\s*\(|new\s+Date\s*(?:\(\s*\)|(?![\w$\s(]))|(?:Date\s*\.\s*now|Math\s*\.\s*random)\b)|\bglobalThis\s*\.\s*(?:Deno|fetch)\b/g;

export function runtimeHasItsDoors(house: House): string[] {
  return [...house].flatMap(([path, source]) => {
    if (isTest(path) || isGuest(path) || RUNTIME_DOORS.some((door) => path.startsWith(door))) {
      return [];
    }
    const code = codeOf(source);
    return [...code.matchAll(RUNTIME_NAMES)].map((match) =>
      `${path}:${lineOf(code, match.index)} names the runtime: ${match[0]}`
    );
  });
}

/** The bundler's minifier loses them: what they should close stays open in the binary. */
export function nothingIsUsed(house: House): string[] {
  return [...house].flatMap(([path, source]) => {
    if (isTest(path)) return [];
    const code = codeOf(source);
    return [...code.matchAll(/^[ \t]*(?:await[ \t]+)?using[ \t]+\w+[ \t]*=/gm)].map((match) =>
      `${path}:${lineOf(code, match.index)} has a using declaration`
    );
  });
}

/** In the binary all of zod, every language of its messages included, is 300 KB per thread. */
export function zodComesInParts(house: House): string[] {
  return [...house].flatMap(([path, source]) => {
    if (isTest(path)) return [];
    const whole = /import\s*\{[^}]*\bz\b[^}]*\}\s*from\s*"zod"|import\(\s*"zod"\s*\)/g;
    return [...source.matchAll(whole)].map((match) =>
      `${path}:${lineOf(source, match.index)} brings all of zod; write: import * as z from "zod"`
    );
  });
}

/**
 * How long something took says what else the machine did. Tests show the order of what happens, or
 * compare with the same work done at the same time (tests/pace.ts).
 */
export function testsTakeNoTime(house: House): string[] {
  const spans =
    /\b(?:performance|Date)\s*\.\s*now\s*\(\s*\)\s*-|-\s*(?:performance|Date)\s*\.\s*now\b/g;
  return [...house].filter(([path]) => isTest(path)).flatMap(([path, source]) => {
    const code = codeOf(source);
    return [...code.matchAll(spans)].map(({ index }) =>
      `${path}:${lineOf(code, index)} takes the time; show what comes first, or use tests/pace.ts`
    );
  });
}

export function packagesHaveTheirRooms(house: House): string[] {
  const foreign = importsIn(house).filter((one) => !inHouse(one) && !isTest(one.from));
  return foreign.filter(({ from, to }) => {
    if (to.startsWith("node:") && RUNTIME_DOORS.some((door) => from.startsWith(door))) return false;
    return !(PACKAGES[packageOf(to)] ?? NODE[to])?.includes(roomOf(from));
  }).map(({ from, to, line }) => `${from}:${line} imports ${to}, which is not for this room`);
}

/** Elsewhere a question would take keys that were typed before it could be read. */
export function questionsHaveOneDoor(house: House): string[] {
  const past = importsIn(house)
    .filter(({ from, to }) => to === "@clack/prompts" && from !== QUESTIONS && !isTest(from))
    .map(({ from, line }) => `${from}:${line} asks past ${QUESTIONS}`);
  const own = [...house].filter(([path]) => !isTest(path)).flatMap(([path, source]) => {
    const code = codeOf(source);
    const reads = KEYBOARD.includes(path) ? [] : [...code.matchAll(READS_KEYS)];
    // platform/ has a function of this name
    const isFree = path === QUESTIONS || path.startsWith("src/platform/");
    const asks = isFree ? [] : [...code.matchAll(ASKS_NATIVELY)];
    return [...reads, ...asks].map((match) =>
      `${path}:${lineOf(code, match.index)} reads keys itself: ${match[0]}`
    );
  });
  return [...past, ...own];
}

const READS_KEYS = /\bprocess\s*\.\s*stdin\b|\{\s*stdin\s*\}|\bstdin\s*\.\s*(?!isTerminal\b)\w+/g;
const ASKS_NATIVELY = /(?<![\w$])(?<!(?<!globalThis)\s*\.\s*)(?:confirm|prompt|alert)\s*\(/g;

export function packageOf(specifier: string): string {
  return specifier.split("/").slice(0, specifier.startsWith("@") ? 2 : 1).join("/");
}

/** Names that one room means in two ways would have to be told apart at every reading. */
export function exportedNamesMeanOneThing(house: House): string[] {
  const exported = [...house].filter(([path]) => !isTest(path)).flatMap(([path, source]) =>
    [...codeOf(source).matchAll(EXPORTED)].map(([, name = ""]) => ({ name, path }))
  );
  return [...Map.groupBy(exported, ({ name }) => name)].flatMap(([name, all]) => {
    const paths = [...new Set(all.map(({ path }) => path))];
    return paths.length > 1 ? [`${name} is exported by ${paths.join(" and ")}`] : [];
  });
}

const EXPORTED =
  /^export\s+(?:async\s+)?(?:declare\s+)?(?:abstract\s+)?(?:function\*?|const|let|class|interface|type|enum)\s+([\w$]+)/gm;

const ONE_SCOPE = "all of a file of the guest, in a scope of its own instead of the global one";
const CLOSURES = "one object; its methods are short closures over what it was made with";

/** Functions over 80 lines, each with its reason. */
const LONG_FUNCTIONS: Readonly<Record<string, string>> = {
  "src/approvals/gate.ts:createGate": CLOSURES,
  "src/clams/_lookup.ts:openLookup": CLOSURES,
  "src/mcp/_connection.ts:createConnection": CLOSURES,
  "src/memory/memory.ts:openMemory": CLOSURES,
  "src/net/public_fetch.ts:createPublicFetch": CLOSURES,
  "src/sandbox/_guest.ts:createGuest": CLOSURES,
  "src/sandbox/_run.ts:createRun": CLOSURES,
  "src/sandbox/_vm.ts:createVm": CLOSURES,
  "src/sandbox/guest/prelude.js:prelude": ONE_SCOPE,
  "src/sandbox/guest/text.js:text": ONE_SCOPE,
  "src/sandbox/guest/url.js:urls": ONE_SCOPE,
  "src/cli/commands/clams/clams.ts:registerClams": "a list of sub-commands, one after the other",
};

/** A function of more than a screen tells more than one story. */
export function functionsAreShort(house: House): string[] {
  return [...house].filter(([path]) => !isTest(path)).flatMap(([path, source]) =>
    functionsOf(source).filter(({ name, lines }) =>
      lines > 80 && !LONG_FUNCTIONS[`${path}:${name}`]
    )
      .map(({ name, line, lines }) =>
        `${path}:${line} ${name} has ${lines} lines and no reason in LONG_FUNCTIONS`
      )
  );
}

/** Where a turn comes from is said by whoever brings it; the rooms below are told. */
export function originsComeFromAbove(house: House): string[] {
  return [...house].filter(([path]) =>
    !isTest(path) && !KNOW_CLI.some((one) => path.startsWith(one))
  )
    .flatMap(([path, source]) =>
      [...source.matchAll(/origin\s*:\s*"cli"|"cli:[\w-]*"/g)].map((match) =>
        `${path}:${lineOf(source, match.index)} says that a turn comes from the command line`
      )
    );
}

const KNOW_CLI = ["src/cli/", "src/domain/"];

export function proofsHaveOneMaker(house: House): string[] {
  const cast = new RegExp(`\\bas\\s+(${Object.keys(PROOFS).join("|")})\\b`, "g");
  return [...house].filter(([path]) => !isTest(path)).flatMap(([path, source]) => {
    const code = codeOf(source);
    return [...code.matchAll(cast)].filter(([, proof = ""]) => PROOFS[proof] !== path)
      .map((match) => `${path}:${lineOf(code, match.index)} makes ${match[1]} by a cast`);
  });
}
