import type { Lease } from "../../../approvals/lease.ts";
import { describeRule } from "../../../approvals/lease_text.ts";
import { escapeLine } from "../../../text/escape.ts";
import { formatTime } from "../../../text/local_time.ts";
import { formatTable } from "../../print.ts";
import { formatEnd } from "./grant_text.ts";

/** Leases as a table. */
export function formatLeases(leases: readonly Lease[], now: number): string {
  const rows = leases.map((lease) => [
    lease.id,
    escapeLine(lease.clam ?? lease.name),
    Object.keys(lease.pins).join(","),
    formatEnd(lease, now),
  ]);
  return formatTable([["LEASE", "CLAM", "TOOLS", ""], ...rows]);
}

/** Everything that is known of one lease. */
export function formatLease(lease: Lease, now: number, zone: string): string {
  const { id, clam, name, sha256, pins, rules, secrets, callsPerRun, createdAt } = lease;
  const tools = Object.entries(pins).map(([tool, pin]) => `${tool} (${pin})`);
  return formatTable([
    ["lease", id],
    ["clam", clam === undefined ? escapeLine(name) : `${clam} (${escapeLine(name)})`],
    ["script", sha256],
    ["manifest", lease.manifest],
    ["tools", escapeLine(tools.join(", ")) || "none"],
    ...rules.map((rule) => [`${rule.method} with`, escapeLine(describeRule(rule))]),
    ["may use", secrets.map((one) => `the secret ${one}`).join(", ") || "no secret"],
    ["calls in a run", `${callsPerRun} at most`],
    ["given", `${formatTime(createdAt, zone)} by ${escapeLine(lease.person)} (${lease.source})`],
    ...(lease.conversation === undefined ? [] : [["in", escapeLine(lease.conversation)]]),
    ["counts", formatEnd(lease, now)],
  ]);
}
