import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import type { Approver } from "../../src/approvals/approver.ts";
import { createGate } from "../../src/approvals/gate.ts";
import { openGrants } from "../../src/approvals/grants.ts";
import { findOutside } from "../../src/approvals/lease_bounds.ts";
import { offerScopes, parseScope } from "../../src/approvals/scopes.ts";
import { openAudit } from "../../src/audit/audit.ts";
import { CodedError } from "../../src/domain/failure.ts";
import type { Json, JsonObject } from "../../src/domain/json.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { createRedactor } from "../../src/secrets/redactor.ts";
import { declareTools } from "../../src/tools/declarations.ts";
import { createDispatch } from "../../src/tools/dispatch.ts";
import { complainOfScope, sinksOf, TOOL_NAMES } from "../../src/tools/names.ts";
import type { Prepared, Tool } from "../../src/tools/tool.ts";
import { runApproved } from "../fakes/fs_world.ts";
import { ECHOING_MODEL, openToolWorld, type ToolWorld } from "../fakes/tool_world.ts";
import { alone, CALLER, SOME_CLAM } from "../fakes/alone.ts";
import { plainly } from "../fakes/plainly.ts";
import { someAttempt } from "../fakes/runs.ts";

// The exam of the port `Tool`. Every tool of the catalog sits it.

/** What the exam must know about a tool. */
export interface Candidate {
  readonly name: string;
  /** Which of several samples this is. */
  readonly label?: string;
  /** Arguments that succeed in a fresh world, after `arrange`. */
  readonly sample: (world: ToolWorld) => JsonObject;
  readonly arrange?: (world: ToolWorld) => Promise<void>;
}

const EFFECTS = ["none", "read", "write", "outward"];
const CONTEXT = { ...CALLER, mainModel: () => ECHOING_MODEL };
const calm = new AbortController().signal;
const SOME_LEASE = {
  ...{ id: "l", name: "x", sha256: "", manifest: "", secrets: [], person: "cli" },
  ...{ callsPerRun: 1, createdAt: 0, expiresAt: 1, source: "command" as const },
};

/** Registers a test for each promise of the port. */
export function examineTool(candidate: Candidate): void {
  const title = candidate.label ?? candidate.name;
  const promise = (words: string, check: (world: ToolWorld, tool: Tool) => Promise<void>) =>
    Deno.test(`${title} ${words}`, async () => {
      await using world = await openToolWorld();
      await candidate.arrange?.(world);
      const tool = world.tools.find(({ name }) => name === candidate.name);
      assert.ok(tool, "it is not in the catalog");
      await check(world, tool);
    });

  promise("has a name, a sentence and two schemas that models can read", (_, tool) => {
    assert.match(tool.name, /^[a-z][a-z0-9_]*$/);
    assert.match(tool.description, /^[A-Z].*\.$/);
    assert.equal(tool.parameters.type, "object");
    assert.equal(tool.parameters.additionalProperties, false);
    assert.equal(tool.returns.type, "object");
    for (const schema of [tool.parameters, tool.returns]) fromSchema(schema);
    assert.match(declareTools([tool]), new RegExp(`declare function ${tool.name}\\(args: `));
    return Promise.resolve();
  });

  promise("A109: names an argument that it does not know", async (world, tool) => {
    const args = { ...candidate.sample(world), xyzzy_plugh: 1 };
    assert.match(await complaint(tool, args), /"xyzzy_plugh"/);
  });

  promise("A109: names each argument that is missing", async (world, tool) => {
    const required = tool.parameters.required ?? [];
    assert.ok(Array.isArray(required));
    for (const field of required as string[]) {
      const { [field]: _, ...rest } = candidate.sample(world);
      assert.match(await complaint(tool, rest), new RegExp(`"${field}"`));
    }
  });

  promise("A109: names each argument of a wrong kind", async (world, tool) => {
    for (
      const [field, schema] of Object.entries((tool.parameters.properties ?? {}) as JsonObject)
    ) {
      if (fromSchema(schema as JsonObject).safeParse([[null]]).success) continue; // takes anything
      const args = { ...candidate.sample(world), [field]: [[null]] };
      assert.match(await complaint(tool, args), new RegExp(`"${field}"`));
    }
  });

  promise("tells a failure with a code, whatever it is sent", async (world, tool) => {
    await fc.assert(
      fc.asyncProperty(hostile(tool, candidate.sample(world)), (args) => prepareOrCode(tool, args)),
      { numRuns: 150 },
    );
  });

  promise("changes nothing before it is approved", async (world, tool) => {
    const before = await snapshot(world.fs.home);
    const prepared = await tool.prepare(candidate.sample(world), CONTEXT, calm);
    await fc.assert(
      fc.asyncProperty(hostile(tool, candidate.sample(world)), (args) => prepareOrCode(tool, args)),
      { numRuns: 50 },
    );
    assert.deepEqual(await snapshot(world.fs.home), before);
    checkPrepared(prepared);
  });

  promise("is offered scopes that its facts name (A120)", async (world, tool) => {
    const { resource } = await tool.prepare(candidate.sample(world), CONTEXT, calm);
    for (const { scope } of offerScopes(resource, tool.name)) {
      assert.equal(complainOfScope(tool.name, scope), undefined);
      assert.ok(parseScope(scope, { root: "/", userHome: undefined }));
    }
  });

  promise(
    "A258: passes by a lease that lists its sinks, and by none that leaves one out",
    async (world, tool) => {
      const { args, effect, resource, also = [] } = await tool.prepare(
        candidate.sample(world),
        CONTEXT,
        calm,
      );
      const sinks = sinksOf(tool.name);
      if (!sinks) return; // it cannot be leased
      assert.ok(sinks.length > 0 || effect === "none", "a call of it reaches something");
      const base = { root: `${world.fs.home}/workspace/files`, userHome: undefined };
      const named = sinks.map((sink) => sink.replace("?", "")).filter((sink) => sink in args);
      const outside = (listed: readonly string[]) => {
        const isWhole = resource.kind === "file" && resource.whole;
        const constraints = listed.map((param) =>
          isWhole && param === "path"
            ? { param, starts_with: String(args[param]) }
            : { param, is_in: [args[param] ?? null] }
        );
        const secrets = resource.kind === "secret" ? [resource.name] : [];
        const rules = [{ method: tool.name, constraints }];
        const lease = { ...SOME_LEASE, secrets, pins: { [tool.name]: "built-in" }, rules };
        const call = { tool: tool.name, args, resources: [resource, ...also] };
        return findOutside(lease, call, { sinksOf, base, before: [] });
      };
      assert.equal(outside(named), undefined);
      for (const one of named) {
        assert.match(
          outside(named.filter((sink) => sink !== one)) ?? "inside",
          /no rule of the lease/,
        );
      }
    },
  );

  promise("understands its own reading of the arguments in the same way", async (world, tool) => {
    const first = await tool.prepare(candidate.sample(world), CONTEXT, calm);
    const second = await tool.prepare(first.args, CONTEXT, calm);
    assert.deepEqual(second.args, first.args);
    assert.deepEqual(second.resource, first.resource);
  });

  promise(
    "reads the same call again after it has been done (A172: a run goes on)",
    async (world, tool) => {
      const first = await tool.prepare(candidate.sample(world), CONTEXT, calm);
      await runApproved(tool, first, calm);
      const again = await tool.prepare(candidate.sample(world), CONTEXT, calm);
      assert.deepEqual(again.args, first.args);
    },
  );

  promise("answers in plain JSON of the form that it promises", async (world, tool) => {
    const prepared = await tool.prepare(candidate.sample(world), CONTEXT, calm);
    const value = await runApproved(tool, prepared, calm);
    assert.deepEqual(JSON.parse(JSON.stringify(value)), value);
    const read = fromSchema(tool.returns).safeParse(value);
    assert.ok(read.success, `${JSON.stringify(value)}: ${read.error?.message}`);
    const unknown = Object.keys(value).filter((key) =>
      !(key in (tool.returns.properties as JsonObject))
    );
    assert.deepEqual(unknown, [], "fields that are not declared");
  });

  promise(
    "does nothing when its run ends between the yes and the doing (S13)",
    async (world, tool) => {
      const args = candidate.sample(world);
      const before = await snapshot(`${world.fs.home}/workspace`);
      assert.deepEqual(await runsOnRoad(tool, args, world, "ended"), {
        runs: 0,
        outcome: "cancelled",
      });
      assert.deepEqual(await snapshot(`${world.fs.home}/workspace`), before);
      assert.deepEqual(await runsOnRoad(tool, args, world, "goes on"), { runs: 1, outcome: "ok" });
    },
  );

  promise("does nothing once it is cancelled, or does it whole", async (world, tool) => {
    const before = await snapshot(`${world.fs.home}/workspace`);
    const prepared = await tool.prepare(candidate.sample(world), CONTEXT, calm);
    const cancelled = AbortSignal.abort();
    let failed = false;
    const deadline = AbortSignal.timeout(60_000);
    try {
      await runApproved(tool, prepared, cancelled);
    } catch (error) {
      failed = true;
      assert.ok(
        error instanceof CodedError || (error instanceof Error && error.name === "AbortError"),
        `${error}`,
      );
    }
    assert.ok(!deadline.aborted, "it did not end");
    if (failed) assert.deepEqual(await snapshot(`${world.fs.home}/workspace`), before);
  });
}

/** How often a call was done on the road, where its run ends at the moment that it is allowed. */
async function runsOnRoad(
  tool: Tool,
  args: JsonObject,
  world: ToolWorld,
  run: "ended" | "goes on",
) {
  let runs = 0;
  const counted: Tool = {
    ...tool,
    prepare: async (...given) => {
      const prepared = await tool.prepare(...given);
      return {
        ...prepared,
        run: async (...means) => {
          runs++;
          return await prepared.run(...means);
        },
      };
    },
  };
  const ended = new AbortController();
  const [clock, base] = [createClock(), { root: world.fs.home, userHome: undefined }];
  const grants = openGrants(openFiles(`${world.fs.home}/approvals`), [], clock, createRandom());
  const policy = { enabled: true, interactive: true, allowAlways: false, askAlso: TOOL_NAMES };
  const approver: Approver = {
    ask: () => Promise.resolve({ kind: "once" }),
  };
  const gate = createGate({ ...alone(), grants, approver, policy, base, clock });
  const dispatch = createDispatch({
    ...alone(),
    tools: [counted],
    gate: {
      check: async (call, signal) => {
        const decision = await gate.check(call, signal);
        if (run === "ended") ended.abort();
        return decision;
      },
    },
    audit: plainly(openAudit(openFiles(`${world.fs.home}/audit`), clock)),
    redactor: createRedactor([]),
    clock,
    base,
    callMs: 10_000,
  });
  const road = dispatch.open({
    context: CONTEXT,
    declaredTools: [tool.name],
    capabilities: [],
    ...someAttempt(),
    ...SOME_CLAM,
  });
  await road.host({ id: 1, tool: tool.name, args }, ended.signal);
  await road.settled();
  return { runs, outcome: road.calls[0]?.outcome };
}

function checkPrepared({ args, effect, resource, preview }: Prepared): void {
  assert.deepEqual(JSON.parse(JSON.stringify(args)), args);
  assert.ok(EFFECTS.includes(effect));
  assert.ok(["file", "url", "secret", "memory", "schedule", "plain"].includes(resource.kind));
  assert.match(preview.title, /^\S.*\S$/);
  for (const { name, value } of preview.fields) {
    assert.ok(name.length > 0 && typeof value === "string");
  }
}

function fromSchema(schema: JsonObject): z.ZodType {
  return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
}

async function complaint(tool: Tool, args: JsonObject): Promise<string> {
  const error = await tool.prepare(args, CONTEXT, calm).then(
    () => assert.fail(`it took ${JSON.stringify(args)}`),
    (error: unknown) => error,
  );
  assert.ok(error instanceof CodedError, `${error}`);
  assert.equal(error.code, "tool_arguments_invalid", error.message);
  assert.ok(error.message.length < 600, error.message);
  return error.message;
}

async function prepareOrCode(tool: Tool, args: JsonObject): Promise<void> {
  try {
    checkPrepared(await tool.prepare(args, CONTEXT, calm));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
  }
}

/** Anything, and what is nearly right: known names with strange values. */
function hostile(tool: Tool, sample: JsonObject): fc.Arbitrary<JsonObject> {
  const fields = Object.keys((tool.parameters.properties ?? {}) as JsonObject);
  const strange = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: "binary", maxLength: 40 }),
    fc.constantFrom(
      ...[
        "",
        "\0",
        "..",
        "/",
        "~",
        "//host",
        "a\u202eb",
        "x".repeat(5000),
        "%2e%2e/",
        "CON",
        "\ud800",
      ],
      ...[-0, 1e308, -1, 2 ** 53],
    ),
  );
  const anything = fc.dictionary(fc.string(), fc.jsonValue());
  const nearly = fc.dictionary(fc.constantFrom("zz", ...fields), strange)
    .map((changes) => ({ ...sample, ...changes }));
  return fc.oneof(anything, nearly).map((args) =>
    JSON.parse(JSON.stringify(args) ?? "{}") as Json as JsonObject
  );
}

/** Names, sizes and times of everything below a directory. */
async function snapshot(path: string): Promise<Record<string, string>> {
  const lines: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(path)) {
    const full = `${path}/${name}`;
    const { size, mtime } = await Deno.lstat(full);
    if (isDirectory) Object.assign(lines, { [full]: "directory" }, await snapshot(full));
    else if (!/\.lock$|\.sqlite/.test(name)) lines[full] = `${size} ${mtime?.getTime()}`;
  }
  return lines;
}
