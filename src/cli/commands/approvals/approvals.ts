import type { Command } from "@commander-js/extra-typings";
import { hasExpired, type StandingGrant } from "../../../approvals/grants.ts";
import { CodedError } from "../../../domain/failure.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext, End } from "../../context.ts";
import { tellDroppedGrants } from "../../dropped_grants.ts";
import { formatTable } from "../../print.ts";

/** `clambot approvals`: what may happen without a question. */
export function registerApprovals(program: Command, context: CliContext, end: End): void {
  const approvals = program.command("approvals")
    .description("List and take back standing grants");
  approvals.command("list")
    .description("List the standing grants and where each stands")
    .option("--json", "print a JSON array")
    .action(async (options) => {
      const { openStores } = await import("../../../app/stores.ts");
      const stores = openStores(context);
      await tellDroppedGrants(stores, context);
      const grants = await stores.grants.list();
      if (options.json) context.terminal.out(`${JSON.stringify(grants)}\n`);
      else if (grants.length === 0) context.terminal.out("No standing grants.\n");
      else context.terminal.out(formatGrants(grants, stores.clock.now()));
      end(0);
    });
  approvals.command("revoke")
    .description("Take a grant back, by the id that `approvals list` shows")
    .argument("<id>")
    .action(async (id) => {
      const { openStores } = await import("../../../app/stores.ts");
      const stores = openStores(context);
      const before = await stores.grants.list();
      const { tool = "", scope = "" } = before.find((grant) => grant.id === id) ?? {};
      if (!await stores.grants.revoke(id)) throw unknownGrant(id, before);
      const { audit, redactor } = stores;
      await audit.record("grant_revoked", redactor.clean({ id, tool, scope }));
      context.terminal.out(`Took back the grant ${id}.\n`);
      end(0);
    });
}

function formatGrants(grants: readonly StandingGrant[], now: number): string {
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

function formatEnd(grant: StandingGrant, now: number): string {
  if (grant.expiresAt === undefined) return "";
  const end = new Date(grant.expiresAt);
  const text = Number.isNaN(end.getTime()) ? "ever" : end.toISOString();
  return hasExpired(grant, now) ? `expired at ${text}` : `until ${text}`;
}

function unknownGrant(id: string, grants: readonly StandingGrant[]): CodedError {
  const inConfig = grants.some((grant) => `${grant.tool}:${grant.scope}` === id);
  return new CodedError(
    "grant_not_found",
    `There is no kept grant with the id "${id}".`,
    inConfig
      ? "It stands in config.json: take it out of agents.approvals.alwaysGrants."
      : "See clambot approvals list.",
  );
}
