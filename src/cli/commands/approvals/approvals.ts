import type { Command } from "@commander-js/extra-typings";
import type { StandingGrant } from "../../../approvals/grants.ts";
import type { Stores } from "../../../app/stores.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { CliContext, End } from "../../context.ts";
import { tellDroppedGrants } from "../../dropped_grants.ts";
import { formatJson, withStores } from "../../stores.ts";
import { registerExplain } from "./explain.ts";
import { formatGrant, formatGrants } from "./grant_text.ts";

/** `clambot approvals`: what may happen without a question. */
export function registerApprovals(program: Command, context: CliContext, end: End): void {
  const approvals = program.command("approvals")
    .description("List, explain and take back what may happen without a question");
  registerList(approvals as unknown as Command, context, end);
  registerShow(approvals as unknown as Command, context, end);
  registerExplain(approvals as unknown as Command, context, end);
  registerRevoke(approvals as unknown as Command, context, end);
}

function registerList(approvals: Command, context: CliContext, end: End): void {
  approvals.command("list")
    .description("List the standing grants and where each stands")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      withStores(context, end, async (stores) => {
        await tellDroppedGrants(stores, context);
        const grants = await stores.grants.list();
        if (json) context.terminal.out(formatJson(grants));
        else if (grants.length === 0) context.terminal.out("No standing grants.\n");
        else context.terminal.out(formatGrants(grants, stores.clock.now()));
      })
    );
}

function registerShow(approvals: Command, context: CliContext, end: End): void {
  approvals.command("show")
    .description("Show everything about one grant")
    .argument("<id>", "as `approvals list` shows it; TOOL:SCOPE for one of config.json")
    .option("--json", "print one JSON object")
    .action((id, { json }) =>
      withStores(context, end, async (stores) => {
        const grants = await stores.grants.list();
        const grant = grants.find((one) => one.id === id || isWritten(one, id));
        if (!grant) throw unknownGrant(id, grants);
        const { clock } = stores;
        context.terminal.out(
          json ? formatJson(grant) : formatGrant(grant, clock.now(), clock.zone()),
        );
      })
    );
}

function registerRevoke(approvals: Command, context: CliContext, end: End): void {
  approvals.command("revoke")
    .description("Take a grant back, by the id that `approvals list` shows")
    .argument("<id>")
    .option("--json", "print one JSON object")
    .action((id, { json }) =>
      withStores(context, end, async (stores) => {
        const taken = await takeBack(id, stores);
        context.terminal.out(
          json ? formatJson({ id, revoked: true, ...taken }) : `Took back the grant ${id}.\n`,
        );
      })
    );
}

async function takeBack(
  id: string,
  { grants, audit, redactor }: Stores,
): Promise<{ readonly tool: string; readonly scope: string }> {
  const before = await grants.list();
  const { tool = "", scope = "" } = before.find((grant) => grant.id === id) ?? {};
  if (!await grants.revoke(id)) throw unknownGrant(id, before);
  await audit.record("grant_revoked", redactor.clean({ id, tool, scope, by: "person" }));
  return { tool, scope };
}

/** Grants of the configuration have no id; they are named by their own text. */
function isWritten({ id, tool, scope }: StandingGrant, text: string): boolean {
  return id === undefined && `${tool}:${scope}` === text;
}

function unknownGrant(id: string, grants: readonly StandingGrant[]): CodedError {
  return new CodedError(
    "grant_not_found",
    `There is no kept grant with the id "${id}".`,
    grants.some((grant) => isWritten(grant, id))
      ? "It stands in config.json: take it out of agents.approvals.alwaysGrants."
      : "See clambot approvals list.",
  );
}
