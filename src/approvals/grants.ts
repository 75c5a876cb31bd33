import type { Effect, Resource } from "../domain/tool_call.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { covers, parseScope, type PathBase, SCOPE_GRAMMAR } from "./scopes.ts";

/** A standing permission: this tool, within this scope. */
export interface Grant {
  readonly tool: string;
  readonly scope: string;
  /** `read`: given while reading, so it does not cover changes. Absent: covers every effect. */
  readonly effect?: "read";
  /** Milliseconds since 1970 after which it counts no more. */
  readonly expiresAt?: number;
}

/** A grant with its place: where it stands decides who may take it away. */
export interface StandingGrant extends Grant {
  /** `config` and `command line` grants are the person's own text; `approvals` ones have an id. */
  readonly source: "config" | "command line" | "approvals";
  readonly id?: string;
  /** Milliseconds since 1970. */
  readonly createdAt?: number;
}

/** All standing grants. */
export interface Grants {
  list(): Promise<readonly StandingGrant[]>;
  /** Keeps a grant that the person gave in answer to a question. */
  add(grant: Grant): Promise<StandingGrant>;
  /** Takes a kept grant away by its id; `false` when there is none. */
  revoke(id: string): Promise<boolean>;
}

const FILE = "grants.json";

/**
 * Reads `TOOL:SCOPE`; the tool ends at the first colon.
 * @returns the grant, or a sentence that says what is wrong
 */
export function parseGrant(text: string, base: PathBase): Grant | string {
  const colon = text.indexOf(":");
  const tool = text.slice(0, colon);
  const scope = text.slice(colon + 1);
  if (colon < 1 || !/^[A-Za-z0-9_]+$/.test(tool)) {
    return `"${text}" is no grant: write TOOL:SCOPE, for example fs:workspace.`;
  }
  if (parseScope(scope, base) === undefined) {
    return `"${scope}" is no scope: write ${SCOPE_GRAMMAR}.`;
  }
  return { tool, scope };
}

/** The first grant that lets a tool touch all of these resources, if any. */
export function findGrant<T extends Grant>(
  grants: readonly T[],
  call: {
    readonly tool: string;
    readonly effect: Effect;
    readonly resources: readonly Resource[];
  },
  base: PathBase,
  now: number,
): T | undefined {
  return grants.find((grant) => {
    if (grant.tool !== call.tool) return false;
    if (grant.effect === "read" && call.effect !== "read") return false;
    if (grant.expiresAt !== undefined && grant.expiresAt <= now) return false;
    const scope = parseScope(grant.scope, base);
    return scope !== undefined && call.resources.every((resource) => covers(scope, resource));
  });
}

/**
 * Opens the grant file in `approvals/`. `fixed` are the grants of the configuration and of the
 * command line; they are listed first and never written here.
 * @throws {Error} from `list` when the file does not parse; it is left as it is.
 */
export function openGrants(
  files: Files,
  fixed: readonly StandingGrant[],
  clock: Clock,
  random: Random,
): Grants {
  const kept = async (): Promise<StandingGrant[]> => {
    const text = await files.readText(FILE);
    if (text === undefined) return [];
    return readGrantFile(text, `${files.path}/${FILE}`);
  };
  const save = (grants: readonly StandingGrant[]) =>
    files.replace(FILE, `${JSON.stringify({ grants }, null, 2)}\n`);
  return {
    list: async () => [...fixed, ...await kept()],
    add: (grant) =>
      files.locked("grants", async () => {
        const added: StandingGrant = {
          ...grant,
          source: "approvals",
          id: random.id(),
          createdAt: clock.now(),
        };
        await save([...await kept(), added]);
        return added;
      }),
    revoke: (id) =>
      files.locked("grants", async () => {
        const before = await kept();
        const after = before.filter((grant) => grant.id !== id);
        if (after.length === before.length) return false;
        await save(after);
        return true;
      }),
  };
}

function readGrantFile(text: string, path: string): StandingGrant[] {
  try {
    const { grants } = JSON.parse(text) as { grants: StandingGrant[] };
    if (
      !grants.every((grant) => typeof grant.tool === "string" && typeof grant.scope === "string")
    ) {
      throw new TypeError("a grant without tool or scope");
    }
    return grants.map((grant) => ({ ...grant, source: "approvals" }));
  } catch (error) {
    throw new Error(`Cannot read the grants in ${path}: the file is damaged. Mend or remove it.`, {
      cause: error,
    });
  }
}
