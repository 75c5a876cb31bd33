import type { Command } from "@commander-js/extra-typings";
import type { StandingGrant } from "../approvals/grants.ts";
import { CodedError } from "../domain/failure.ts";
import { escapeLine } from "../text/escape.ts";
import type { CliContext, End } from "./context.ts";
import { formatTable } from "./print.ts";

/** `clambot approvals`: what may happen without a question. */
export function registerApprovals(program: Command, context: CliContext, end: End): void {
  const approvals = program.command("approvals")
    .description("List and take back standing grants")
    .addHelpText(
      "after",
      "\nExamples:\n  $ clambot approvals list\n  $ clambot approvals revoke ID\n",
    );
  approvals.command("list")
    .description("List the standing grants and where each stands")
    .option("--json", "print a JSON array")
    .action(async (options) => {
      const { openStores } = await import("../app/stores.ts");
      const stores = openStores(context);
      const grants = await stores.grants.list();
      if (options.json) context.terminal.out(`${JSON.stringify(grants)}\n`);
      else {context.terminal.out(
          grants.length === 0 ? "No standing grants.\n" : formatGrants(grants),
        );}
      end(0);
    });
  approvals.command("revoke")
    .description("Take a grant back, by the id that `approvals list` shows")
    .argument("<id>")
    .action(async (id) => {
      const { openStores } = await import("../app/stores.ts");
      const stores = openStores(context);
      const before = await stores.grants.list();
      const { tool = "", scope = "" } = before.find((grant) => grant.id === id) ?? {};
      if (!await stores.grants.revoke(id)) throw unknownGrant(id, before);
      await stores.audit.record("grant_revoked", { id, tool, scope });
      context.terminal.out(`Took back the grant ${id}.\n`);
      end(0);
    });
}

function formatGrants(grants: readonly StandingGrant[]): string {
  const rows = grants.map((grant) => [
    grant.id ?? "-",
    grant.tool,
    escapeLine(grant.scope),
    grant.effect === "read" ? "reading only" : "",
    grant.source,
  ]);
  return formatTable([["ID", "TOOL", "SCOPE", "", "FROM"], ...rows]);
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
