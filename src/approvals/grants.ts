import type { JsonObject } from "../domain/json.ts";
import type { Effect, Resource } from "../domain/tool_call.ts";
import type { Clock, Files, Random } from "../platform/platform.ts";
import { openKeptList } from "./_kept_list.ts";
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
  /** The conversation in which the person gave it. */
  readonly conversation?: string;
}

/** What is known of the answer by which a grant was given. */
export interface Giving {
  /** It counts for so many milliseconds. */
  readonly forMs?: number;
  readonly conversation?: string;
}

/** All standing grants. */
export interface Grants {
  list(): Promise<readonly StandingGrant[]>;
  /** A sentence for each kept grant that is not understood whole; it allows nothing. */
  dropped(): Promise<readonly string[]>;
  /** Keeps a grant that the person gave in answer to a question. */
  add(grant: Grant, giving?: Giving): Promise<StandingGrant>;
  /** Takes a kept grant away by its id; `false` when there is none. */
  revoke(id: string): Promise<boolean>;
}

/** Milliseconds of each unit in which a person says how long a grant counts. */
const UNITS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Reads a span such as `30m`, `12h`, `7d` or `2w` into milliseconds; `undefined` when it is none. */
export function parseSpan(text: string): number | undefined {
  const [, count, unit = ""] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0);
}

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
    if (grant.tool !== call.tool && !isOfServer(grant)) return false;
    if (grant.effect === "read" && call.effect !== "read") return false;
    if (hasExpired(grant, now)) return false;
    const scope = parseScope(grant.scope, base);
    return scope !== undefined && call.resources.every((resource) => covers(scope, resource));
  });
}

/** What was given for a server counts for each of its tools, whichever it was asked for. */
function isOfServer({ scope }: Grant): boolean {
  return scope.startsWith("server:");
}

/** Whether a grant counts no more. */
export function hasExpired({ expiresAt }: Pick<Grant, "expiresAt">, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

/**
 * Opens the grant file in `approvals/`. `fixed` are the grants of the configuration;
 * they are listed first and never written here.
 * @throws {Error} from `list` when the file does not parse; it is left as it is.
 */
export function openGrants(
  files: Files,
  fixed: readonly StandingGrant[],
  clock: Clock,
  random: Random,
): Grants {
  const kept = openKeptList(files, "grants", readKept);
  return {
    list: async () => [...fixed, ...await kept.all()],
    dropped: async () =>
      (await kept.strange()).map((one) =>
        `${files.path}/grants.json: the grant ${
          JSON.stringify(one)
        } is not understood whole, so it ` +
        "is dropped and allows nothing; give it anew."
      ),
    async add(grant, { forMs, conversation } = {}) {
      const createdAt = clock.now();
      const added: StandingGrant = {
        ...grant,
        ...(forMs === undefined ? {} : { expiresAt: createdAt + forMs }),
        source: "approvals",
        id: random.id(),
        createdAt,
        ...(conversation === undefined ? {} : { conversation }),
      };
      await kept.add(added);
      return added;
    },
    revoke: kept.remove,
  };
}

/** What a kept grant may say; with anything else in it, it might mean less than it would allow. */
const KEPT_KEYS = [
  ...["tool", "scope", "effect", "expiresAt"],
  ...["source", "id", "createdAt", "conversation"],
];

/** A kept grant; `undefined` when it is not understood whole. */
function readKept(one: JsonObject): StandingGrant | undefined {
  if (!Object.keys(one).every((name) => KEPT_KEYS.includes(name))) return undefined;
  const { tool, scope, effect, expiresAt } = one;
  const isUnderstood = typeof tool === "string" && typeof scope === "string" &&
    (effect === undefined || effect === "read") &&
    (expiresAt === undefined || typeof expiresAt === "number");
  return isUnderstood ? { ...one, source: "approvals" } as unknown as StandingGrant : undefined;
}
