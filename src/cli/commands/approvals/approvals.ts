import type { Command } from "@commander-js/extra-typings";
import type { StandingGrant } from "../../../approvals/grants.ts";
import type { Stores } from "../../../app/stores.ts";
import { CodedError } from "../../../domain/failure.ts";
import type { CliContext, End } from "../../context.ts";
import { tellDroppedGrants } from "../../dropped_grants.ts";
import { formatJson, withStores } from "../../stores.ts";
import { registerExplain } from "./explain.ts";
import { registerLease } from "./lease.ts";
import { formatGrant, formatGrants } from "./grant_text.ts";
import { formatLease, formatLeases } from "./lease_text.ts";
import { registerQuestions } from "./questions.ts";

/** `clambot approvals`: what may happen without a question. */
export function registerApprovals(program: Command, context: CliContext, end: End): void {
  const approvals = program.command("approvals")
    .description("Answer questions that wait; list, explain and take back what needs none");
  registerQuestions(approvals as unknown as Command, context, end);
  registerList(approvals as unknown as Command, context, end);
  registerShow(approvals as unknown as Command, context, end);
  registerExplain(approvals as unknown as Command, context, end);
  registerLease(approvals as unknown as Command, context, end);
  registerRevoke(approvals as unknown as Command, context, end);
}

function registerList(approvals: Command, context: CliContext, end: End): void {
  approvals.command("list")
    .description("List the standing grants and where each stands, and the leases")
    .option("--json", "print a JSON array")
    .action(({ json }) =>
      withStores(context, end, async (stores) => {
        await tellDroppedGrants(stores, context);
        const [grants, leases] = [await stores.grants.list(), await stores.leases.list()];
        const now = stores.clock.now();
        const print = (text: string) => context.terminal.out(text);
        if (json) {
          const told = leases.map((lease) => ({ kind: "lease", ...lease }));
          print(formatJson([...grants.map((one) => ({ kind: "grant", ...one })), ...told]));
          return;
        }
        print(grants.length === 0 ? "No standing grants.\n" : formatGrants(grants, now));
        if (leases.length > 0) print(`\n${formatLeases(leases, now)}`);
      })
    );
}

function registerShow(approvals: Command, context: CliContext, end: End): void {
  approvals.command("show")
    .description("Show everything about one grant or lease")
    .argument("<id>", "as `approvals list` shows it; TOOL:SCOPE for a grant of config.json")
    .option("--json", "print one JSON object")
    .action((id, { json }) =>
      withStores(context, end, async (stores) => {
        const [now, zone] = [stores.clock.now(), stores.clock.zone()];
        const lease = (await stores.leases.list()).find((one) => one.id === id);
        if (lease) {
          const shown = json
            ? formatJson({ kind: "lease", ...lease })
            : formatLease(lease, now, zone);
          return context.terminal.out(shown);
        }
        const grants = await stores.grants.list();
        const grant = grants.find((one) => one.id === id || isWritten(one, id));
        if (!grant) throw unknownGrant(id, grants);
        context.terminal.out(
          json ? formatJson({ kind: "grant", ...grant }) : formatGrant(grant, now, zone),
        );
      })
    );
}

function registerRevoke(approvals: Command, context: CliContext, end: End): void {
  approvals.command("revoke")
    .description("Take a grant or lease back, by the id that `approvals list` shows")
    .argument("<id>")
    .option("--json", "print one JSON object")
    .action((id, { json }) =>
      withStores(context, end, async (stores) => {
        const taken = await takeBackLease(id, stores) ?? await takeBackGrant(id, stores);
        context.terminal.out(
          json
            ? formatJson({ id, revoked: true, ...taken })
            : `Took back the ${taken.kind} ${id}.\n`,
        );
      })
    );
}

async function takeBackLease(id: string, { leases, audit, redactor }: Stores) {
  const { name } = (await leases.list()).find((lease) => lease.id === id) ?? {};
  if (name === undefined || !await leases.revoke(id)) return undefined;
  await audit.record("lease_revoked", redactor.clean({ id, name, by: "person" }));
  return { kind: "lease", name } as const;
}

async function takeBackGrant(id: string, { grants, audit, redactor }: Stores) {
  const before = await grants.list();
  const { tool = "", scope = "" } = before.find((grant) => grant.id === id) ?? {};
  if (!await grants.revoke(id)) throw unknownGrant(id, before);
  await audit.record("grant_revoked", redactor.clean({ id, tool, scope, by: "person" }));
  return { kind: "grant", tool, scope } as const;
}

/** Grants of the configuration have no id; they are named by their own text. */
function isWritten({ id, tool, scope }: StandingGrant, text: string): boolean {
  return id === undefined && `${tool}:${scope}` === text;
}

function unknownGrant(id: string, grants: readonly StandingGrant[]): CodedError {
  return new CodedError(
    "grant_not_found",
    `There is no kept grant or lease with the id "${id}".`,
    grants.some((grant) => isWritten(grant, id))
      ? "It stands in config.json: take it out of agents.approvals.alwaysGrants."
      : "See clambot approvals list.",
  );
}
