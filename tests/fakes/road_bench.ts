import { type ApprovalReply } from "../../src/approvals/approver.ts";
import { createGate } from "../../src/approvals/gate.ts";
import { openGrants } from "../../src/approvals/grants.ts";
import { type Audit, openAudit } from "../../src/audit/audit.ts";
import { type Capability } from "../../src/domain/clam.ts";
import { CodedError } from "../../src/domain/failure.ts";
import { type JsonObject } from "../../src/domain/json.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { createDispatch } from "../../src/tools/dispatch.ts";
import { type Tool } from "../../src/tools/tool.ts";
import { alone, CALLER, SOME_TURN } from "./alone.ts";
import { attemptOf, openTestRuns } from "./runs.ts";
import { plainly } from "./plainly.ts";

export const signal = new AbortController().signal;
export const SECRET = "canary-secret-value";

/** What a road is tried with. */
export interface Setting {
  readonly replies?: ApprovalReply[];
  readonly capabilities?: Capability[];
  /** What the tool does; it is called with the prepared arguments. */
  readonly act?: (args: JsonObject, signal: AbortSignal) => unknown;
  readonly callMs?: number;
  /** A further address that the tool would go on to. */
  readonly hop?: string;
  /** The tool fails when it may not go on, as those that follow redirects do. */
  readonly mustFollow?: boolean;
}

/** A road with one tool, `post`, that writes down what it did. */
export async function withRoad(
  setting: Setting,
  test: (world: ReturnType<typeof build>) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  const world = build(directory, setting);
  try {
    await test(world);
    await world.settled();
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** Builds such a road in a directory; `around` may stand in the way of the log. */
export function build(
  directory: string,
  { replies = [], capabilities = [], act, callMs = 60_000, hop, mustFollow = false }: Setting,
  around: (audit: Audit) => Audit = (audit) => audit,
) {
  const clock = createClock();
  const random = createRandom();
  const files = openFiles(directory);
  const done: JsonObject[] = [];
  const hops: string[] = [];
  const post: Tool = {
    name: "post",
    description: "",
    parameters: {},
    returns: {},
    foreign: true,
    guidance: "",
    prepare: (args) => {
      if (args.url === "bad") throw new CodedError("tool_arguments_invalid", 'argument "url"');
      return Promise.resolve({
        args,
        effect: "outward",
        resource: { kind: "url", method: "POST", url: String(args.url ?? "https://a.org/") },
        preview: { title: "post", fields: [] },
        run: async (approved, inner) => {
          done.push(args);
          if (hop !== undefined) {
            const further = { kind: "url", method: "GET", url: hop } as const;
            const followed = await approved.mayAlso(further, inner);
            if (followed) hops.push(hop);
            if (mustFollow && !followed) throw new CodedError("approval_denied", "not followed");
            return { followed };
          }
          return await (act?.(args, inner) ?? { n: done.length }) as JsonObject;
        },
      });
    },
  };
  const base = { root: directory, userHome: undefined };
  const gate = createGate({
    ...alone(),
    grants: openGrants(files.under("approvals"), [], clock, random),
    approver: { ask: () => Promise.resolve(replies.shift() ?? { kind: "unavailable" }) },
    policy: { enabled: true, interactive: true, allowAlways: true, askAlso: [] },
    base,
    clock,
  });
  const audit = plainly(openAudit(files.under("audit"), clock));
  const redactor = createRedactor([SECRET]);
  const dispatch = createDispatch({
    ...alone(),
    tools: [post],
    gate,
    audit: around(audit),
    redactor,
    clock,
    base,
    callMs,
  });
  const journal = openTestRuns().open(SOME_TURN);
  const roads: { settled(): Promise<void> }[] = [];
  const open = (declaredTools = ["post"]) => {
    const road = dispatch.open({
      context: { ...CALLER, turnId: "t1", conversation: "cli:x" },
      declaredTools,
      capabilities,
      attempt: attemptOf(journal),
      run: journal,
    });
    roads.push(road);
    return road;
  };
  return {
    open,
    done,
    followed: hops,
    audit,
    files,
    settled: async () => void await Promise.all(roads.map((road) => road.settled())),
  };
}

export const call = (args: JsonObject = {}, tool = "post") => ({ id: 1, tool, args });
export const once: ApprovalReply = { kind: "once" };
