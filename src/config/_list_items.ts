import * as z from "zod";
import type { Json, JsonObject } from "../domain/json.ts";

// The items of lists that give something, such as grants. One that is not understood whole is
// dropped: a limit that somebody wrote must never count as none.

/** Why an item is not understood, as the second half of a sentence; `undefined` when it is. */
export function findItemProblem(item: z.ZodType, value: Json): string | undefined {
  const parsed = item.safeParse(value);
  if (parsed.success) return undefined;
  const issue = parsed.error.issues[0];
  const [unknown] = issue?.code === "unrecognized_keys" ? issue.keys : [];
  const field = unknown ?? issue?.path[0];
  if (field === undefined) return "it is none";
  const isThere = typeof value === "object" && value !== null && String(field) in value;
  return isThere || unknown !== undefined
    ? `"${String(field)}" in it is not understood`
    : `its "${String(field)}" is missing`;
}

/** A moment with its zone, or a day, which ends the grant where the day begins in UTC. */
const MOMENT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

const moment = z.union([
  z.int().min(0),
  z.string().regex(MOMENT).transform((text) => Date.parse(text))
    .refine((at) => !Number.isNaN(at)),
]);

const oneText = z.string().min(1);

/**
 * `{"tool": "fs", "scope": "workspace"}`, or `"fs:workspace"`: the tool ends at the colon. The
 * original kept a `fingerprint` beside the scope, which allowed one more call and narrowed nothing.
 */
export const grantItem = z.preprocess(
  spellGrant,
  z.strictObject({
    tool: oneText,
    scope: oneText,
    effect: z.literal("read").optional(),
    expiresAt: moment.optional(),
    fingerprint: z.string().optional(),
  }).transform(({ fingerprint: _, ...grant }) => grant),
);

const oneOrMore = z.union([oneText, z.array(oneText).min(1)]);

/** `{"url": "http://nas.local:8080", "addresses": "192.168.1.0/24", "tools": ["http_request"]}`. */
export const allowedHostItem = z.strictObject({
  url: z.string(),
  addresses: oneOrMore,
  tools: oneOrMore,
});

/** `{"name": "GITHUB_TOKEN", "hosts": ["api.github.com"], "place": "bearer"}`. */
export const listedVariableItem = z.strictObject({
  name: oneText,
  hosts: z.union([oneText.transform((host) => [host]), z.array(oneText).min(1)]),
  place: oneText.optional(),
});

function spellGrant(value: unknown): unknown {
  if (typeof value === "string") {
    const [, tool, scope] = /^(\w+):(.+)$/s.exec(value) ?? [];
    return tool === undefined ? value : { tool, scope };
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const { expires_at: snake, ...grant } = value as JsonObject;
  const spelled = snake === undefined || "expiresAt" in grant
    ? value as JsonObject
    : { ...grant, expiresAt: snake };
  return Object.fromEntries(Object.entries(spelled).filter(([, one]) => one !== null));
}
