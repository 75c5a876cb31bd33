import type { Clam, Draft } from "../../src/domain/clam.ts";
import { type Library, openLibrary } from "../../src/clams/library.ts";
import { createMatcher, type Matcher } from "../../src/clams/match.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import type { Files } from "../../src/platform/platform.ts";

/** A home of its own on disk, with a clock that stands unless moved, and counted reads. */
export interface ClamHome extends AsyncDisposable {
  readonly path: string;
  readonly workspace: Files;
  readonly state: Files;
  /** Milliseconds since 1970; may be moved. */
  now: number;
  /** Names of the files read so far through `workspace`. */
  readonly reads: string[];
  /** A library as another process would open it. */
  open(starters?: readonly Clam[]): { library: Library; matcher: Matcher };
}

export async function createClamHome(): Promise<ClamHome> {
  const path = await Deno.makeTempDir({ prefix: "clams-" });
  const reads: string[] = [];
  const opened: Library[] = [];
  const home: ClamHome = {
    path,
    now: Date.UTC(2026, 10, 24, 9, 5),
    reads,
    workspace: counted(openFiles(`${path}/workspace`), reads),
    state: openFiles(`${path}/state`),
    open(starters = []) {
      const clock = { ...createClock(), now: () => home.now };
      const { workspace, state } = home;
      const library = openLibrary({ workspace, state, clock, random: createRandom(), starters });
      opened.push(library);
      return { library, matcher: createMatcher({ library }) };
    },
    async [Symbol.asyncDispose]() {
      opened.forEach((library) => library.close());
      await Deno.remove(path, { recursive: true });
    },
  };
  return home;
}

function counted(files: Files, reads: string[]): Files {
  return {
    ...files,
    under: (name) => counted(files.under(name), reads),
    readText: (name) => {
      reads.push(name);
      return files.readText(name);
    },
    readBytes: (name, from) => {
      reads.push(name);
      return files.readBytes(name, from);
    },
  };
}

/** A small draft; `change` overrides fields of its manifest. */
export function draftOf(script: string, change: Partial<Draft["manifest"]> = {}): Draft {
  return {
    script,
    manifest: {
      name: "Price",
      description: "The price of a coin.",
      language: "javascript",
      declaredTools: [],
      inputs: { symbol: "BTC" },
      inputSchema: {
        type: "object",
        properties: { symbol: { type: "string", pattern: "^[A-Za-z]{2,6}$" } },
      },
      capabilities: [],
      secrets: [],
      limits: {},
      requests: ["price of BTC"],
      templates: ["price of {symbol:word}"],
      reusable: true,
      ...change,
    },
  };
}
