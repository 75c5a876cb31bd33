import { hasExpired, type StandingGrant } from "../../../approvals/grants.ts";
import type { ExplainedCall } from "../../../app/explain.ts";
import { describePlace } from "../../../approvals/gate.ts";
import { escapeLine } from "../../../text/escape.ts";
import { formatTable } from "../../print.ts";
import { formatTime } from "../../../text/local_time.ts";

/** Grants as a table, with the id by which each is shown and taken back. */
export function formatGrants(grants: readonly StandingGrant[], now: number): string {
  const rows = grants.map((grant) => [
    grant.id ?? "-",
    grant.tool,
    escapeLine(grant.scope),
    [grant.effect === "read" ? "reading only" : "", formatEnd(grant, now)].filter(Boolean)
      .join(", "),
    grant.source,
  ]);
  return formatTable([["ID", "TOOL", "SCOPE", "", "FROM"], ...rows]);
}

/** When something that was allowed ends; empty when it does not. */
export function formatEnd({ expiresAt }: Pick<StandingGrant, "expiresAt">, now: number): string {
  if (expiresAt === undefined) return "";
  const end = new Date(expiresAt);
  const text = Number.isNaN(end.getTime()) ? "ever" : end.toISOString();
  return hasExpired({ expiresAt }, now) ? `expired at ${text}` : `until ${text}`;
}

/** Everything that is known of one grant. */
export function formatGrant(grant: StandingGrant, now: number, zone: string): string {
  const { id, tool, scope, effect, source, createdAt, conversation } = grant;
  return formatTable([
    ["grant", id ?? "-"],
    ["tool", tool],
    ["scope", escapeLine(scope)],
    ["covers", effect === "read" ? "reading only" : "every effect"],
    ["from", source],
    ...(createdAt === undefined ? [] : [["given", formatTime(createdAt, zone)]]),
    ...(conversation === undefined ? [] : [["in", escapeLine(conversation)]]),
    ["counts", formatEnd(grant, now) || "for good"],
  ]);
}

/** What would become of a call, for people. */
export function formatExplanation(explained: ExplainedCall): string {
  const { tool, resources, effect, reason, passedOver, grants, unleased } = explained;
  const places = resources.map(describePlace).filter((place) => place !== "").map(escapeLine);
  return [
    `${[tool, ...places].join(" ")} (effect: ${effect})`,
    escapeLine(reason),
    ...(unleased === undefined ? [] : [`- not by a lease: ${escapeLine(unleased)}.`]),
    ...passedOver.map(({ rule, why }) =>
      `- not by ${escapeLine(`${rule.tool}:${rule.scope}`)} (${rule.id ?? rule.source}): ${why}.`
    ),
    ...(grants.length === 0 ? [] : ["Grants that would allow it, narrowest first:"]),
    ...grants.map((grant) => `  ${escapeLine(grant)}`),
  ].map((line) => `${line}\n`).join("");
}
