import type { Command } from "@commander-js/extra-typings";
import type { Lease } from "../../../approvals/lease.ts";
import { parseSpan } from "../../../approvals/grants.ts";
import type { Stores } from "../../../app/stores.ts";
import type { Clam } from "../../../domain/clam.ts";
import { CodedError } from "../../../domain/failure.ts";
import { escapeLine } from "../../../text/escape.ts";
import type { CliContext, End } from "../../context.ts";
import { findClamId } from "../../find_clam_id.ts";
import { leftOpen } from "../../options.ts";
import { formatJson, withStores } from "../../stores.ts";

interface LeaseOptions {
  readonly expires?: string | undefined;
  readonly yes?: true | undefined;
  readonly json?: true | undefined;
}

/** `clambot approvals lease`: allows a kept clam as a whole. */
export function registerLease(approvals: Command, context: CliContext, end: End): void {
  approvals.command("lease")
    .description("Allow a clam as a whole: inside its rules nothing is asked any more")
    .argument("<clam>", "id, its beginning, or name")
    .option("--expires <span>", "how long it counts: 30m, 12h, 7d or 2w; 90d when left out")
    .option("--yes", "do not ask")
    .option("--json", "print one JSON object; needs --yes")
    .action(async (name, options) => {
      const forMs = readSpan(options.expires);
      if (options.json && !options.yes) throw new CodedError("usage", "--json needs --yes here.");
      await withStores(context, end, async (stores) => {
        const clam = await stores.library.get(await findClamId(stores.library, name));
        const lease = await giveLease(clam, forMs, options, stores, context);
        context.terminal.out(
          options.json
            ? formatJson({ kind: "lease", ...lease })
            : `The clam ${clam.id} is allowed as a whole: lease ${lease.id}.\n`,
        );
      });
    });
}

/**
 * Allows a kept clam as a whole, after the person's yes.
 * @throws {CodedError} `lease_unbounded`, `approval_needed`, or `cancelled` when they say no
 */
export async function giveLease(
  { id, manifest }: Clam,
  span: number | undefined,
  { yes }: Pick<LeaseOptions, "yes">,
  stores: Stores,
  context: CliContext,
): Promise<Lease> {
  const { listLeaseProblems, pinOfTools } = await import("../../../app/turn_leases.ts");
  const { callsPerRunOf, LEASE_MS } = await import("../../../approvals/turn_leases.ts");
  const program = { id, name: manifest.name, sha256: manifest.sha256, manifest };
  const problems = listLeaseProblems(program, stores, context);
  if (problems.length > 0) throw unbounded(id, problems);
  const forMs = span ?? LEASE_MS;
  const callsPerRun = callsPerRunOf(program, context.config.agents.defaults.maxToolIterations);
  if (!yes) await askYes(id, manifest, { callsPerRun, forMs }, context);
  const terms = { forMs, callsPerRun, person: "cli", source: "command" } as const;
  const lease = await stores.leases.give(program, terms, pinOfTools(context));
  const { name, sha256, expiresAt } = lease;
  const given = { id: lease.id, clam: id, name, sha256, expiresAt, by: "cli" };
  try {
    await stores.audit.record("lease_given", stores.redactor.clean(given));
  } catch (error) {
    await stores.leases.revoke(lease.id); // one that nobody could be told of is none
    throw error;
  }
  return lease;
}

async function askYes(
  id: string,
  manifest: Clam["manifest"],
  terms: { readonly callsPerRun: number; readonly forMs: number },
  { terminal }: CliContext,
): Promise<void> {
  const { describeLease } = await import("../../../approvals/lease_text.ts");
  const lines = describeLease(manifest, terms).map(({ name, value }) =>
    `${escapeLine(name)}: ${escapeLine(value)}\n`
  );
  if (!terminal.interactive) {
    const message = `Allowing the clam ${id} as a whole needs your yes.`;
    throw new CodedError("approval_needed", message, "Run it in a terminal, or add --yes.");
  }
  const { confirmed } = await import("../../../channels/terminal.ts");
  const above = `The clam ${id} may then, without a question:\n${lines.join("")}`;
  if (!await confirmed(`Allow ${id} as a whole?`, above)) throw leftOpen();
}

function readSpan(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const span = parseSpan(text);
  if (span !== undefined) return span;
  const message = `--expires ${text}: this is no span of time.`;
  throw new CodedError("usage", message, "Write 30m, 12h, 7d or 2w.");
}

function unbounded(id: string, problems: readonly string[]): CodedError {
  return new CodedError(
    "lease_unbounded",
    `The clam ${id} cannot be allowed as a whole: ${problems.join("; ")}.`,
    "Each thing that its calls reach needs a bound in its capabilities: is_in, starts_with or <=.",
  );
}
