import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import type { ModelCall } from "../fakes/scripted_model.ts";
import { makePdf } from "../fakes/pdf.ts";
import { makeWave } from "../fakes/recordings.ts";
import {
  accepting,
  chatting,
  clam,
  fixing,
  GENERATE,
  Pipeline,
  saying,
  startSite,
  worded,
} from "../flows/pipeline.ts";

// What tools return may hold instructions. Here every tool's result holds a canary, in values and
// in keys, and models copy it wherever they may write. It must never come to a model that chooses
// or writes code: not in the same turn, not later, not after compaction.

const CANARY = "canary7f3a9c";
const GRANTS = { agents: { approvals: { alwaysGrants: ["fs:workspace"] } } };
const GUARDED = ["selection", "clam", "facts", "summary"];

/** A tool and how a program gets its result. */
interface Source {
  readonly name: string;
  readonly tool: string;
  readonly read: string;
}

function sourcesAt(url: string): Source[] {
  return [
    { name: "a file", tool: "fs", read: 'fs({ operation: "read", path: "notes.md" })' },
    { name: "a list of files", tool: "fs", read: 'fs({ operation: "list" })' },
    { name: "a search", tool: "fs", read: 'fs({ operation: "search", query: "reads" })' },
    { name: "a page", tool: "web_fetch", read: `web_fetch({ url: "${url}/" })` },
    { name: "a PDF", tool: "pdf_reader", read: 'pdf_reader({ path: "letter.pdf" })' },
    { name: "a recording", tool: "transcribe", read: 'transcribe({ path: "voice.wav" })' },
    {
      name: "an answer with headers",
      tool: "http_request",
      read: `http_request({ method: "GET", url: "${url}/api" })`,
    },
    {
      name: "the history",
      tool: "memory_search_history",
      read: 'memory_search_history({ query: "lighthouse" })',
    },
    {
      name: "a model's text",
      tool: "ask_model",
      read: 'ask_model({ instruction: "Summarise", text: "lorem" })',
    },
    {
      name: "a model's object",
      tool: "ask_model",
      read: 'ask_model({ instruction: "Summarise", text: "x", schema: { type: "object" } })',
    },
    {
      name: "an earlier answer",
      tool: "artefact_read",
      read: "artefact_read({ id: args.id })",
    },
  ];
}

/** A clam of this body; `found` is what the tool returned. */
function using({ tool, read }: Source, body: string, more: JsonObject = {}) {
  return (call: ModelCall) => {
    const id = /artefact (a[a-z2-7]{16})/.exec(call.text)?.[1] ?? "a234567abcdefghij";
    return clam(`async function run(args) {\n  const found = await ${read};\n  ${body}\n}`, {
      declared_tools: [tool],
      inputs: { id },
      ...more,
    });
  };
}

/** A turn in which every attempt tries another way out; the last one tells everything. */
function script(model: Pipeline["model"], source: Source): void {
  const told = { ...fixing(`${CANARY} must be called`, CANARY), reason: CANARY };
  model.on(
    "clam",
    using(source, "throw new Error(JSON.stringify(found));"),
    using(source, "throw new TypeError(Object.keys(found).join() + ' is not a function');"),
    using(source, "return { found };"),
    using(source, "return 'Found: ' + JSON.stringify(found);", {
      result_schema: worded("^Found: "),
    }),
  );
  model.on("verdict", told);
}

async function openWorld() {
  const api = new Response(JSON.stringify({ [CANARY]: { [`${CANARY}b`]: CANARY } }), {
    headers: { [CANARY]: CANARY, [`x-${CANARY}`]: "1", "content-type": "application/json" },
  });
  const site = startSite({
    "/": `<h1>${CANARY}</h1><p>${CANARY}</p>`,
    "/api": api,
    "/listen": new Response(JSON.stringify({ text: `They say ${CANARY}.` })),
  });
  const grants = (site.config.agents as JsonObject).approvals as { alwaysGrants: JsonObject[] };
  const pipeline = await Pipeline.open({
    network: site.config.network ?? {},
    tools: { transcribe: { whisperApiUrl: `${site.url}/listen` } },
    agents: {
      approvals: {
        alwaysGrants: [
          ...grants.alwaysGrants,
          ...["fs", "pdf_reader", "transcribe"].map((tool) => `${tool}:workspace`),
        ],
      },
      models: { "custom/test": { maxContextSize: 9000 } },
      compaction: { keepRecentTurns: 2, summaryMaxTokens: 120 },
    },
  });
  const { model } = pipeline;
  await pipeline.put("workspace/files/notes.md", `one reads ${CANARY} here\n`);
  await pipeline.put(`workspace/files/${CANARY}.md`, "one reads nothing\n");
  const files = `${pipeline.clambot.home}/workspace/files`;
  await Deno.writeFile(`${files}/letter.pdf`, makePdf([[`Dear Ada, ${CANARY}`]]));
  await Deno.writeFile(`${files}/voice.wav`, makeWave(1));
  await pipeline.put("workspace/memory/MEMORY.md", `# Memory\n\n- ${CANARY} <!-- marked -->\n`);
  await pipeline.put(
    "workspace/memory/HISTORY.md",
    `## 2026-01-01 10:00\n\nThe lighthouse said ${CANARY}.\n`,
  );
  model.on("selection", GENERATE);
  model.on(
    "answer",
    (call) =>
      call.body.response_format ? { [CANARY]: { [`${CANARY}b`]: CANARY } } : `It says ${CANARY}.`,
  );
  model.on("chat", `They wrote ${CANARY}.`);
  model.on("facts", { add: [`Likes ${CANARY}`], forget: [] });
  model.on("summary", ({ messages }) => {
    const seen = messages.at(-1)?.content.slice(-400) ?? "";
    return { summary: `They talked. ${seen}`.slice(0, 300), history_entry: seen };
  });
  return { site, pipeline, model };
}

function assertGuarded(model: Pipeline["model"]): void {
  for (const { name, text } of model.calls) {
    if (!GUARDED.includes(name)) continue;
    const at = text.toLowerCase().indexOf(CANARY);
    assert.equal(at, -1, `${name}: …${text.slice(Math.max(0, at - 300), at + 100)}`);
  }
}

/** Beside the answers stands what was done, and nothing went wrong. */
function assertAccountAlone(stderr: string): void {
  assert.match(stderr, /^(?: {2}\d+ [a-z ]+; allowed by the grant \S+\n)+$/);
}

Deno.test("no result of any tool reaches choice or code, in this turn, later, or after compaction (A84, A255)", async () => {
  const { site, pipeline, model } = await openWorld();
  await using _site = site;
  await using _pipeline = pipeline;
  const sources = sourcesAt(site.url);
  for (const source of sources) script(model, source);
  const requests = sources.map(({ name }) => `I want to see ${name} of today, please show all`);
  const { stdout, stderr } = await pipeline.talk([
    ...requests,
    "thank you, that is all that I wanted to see",
  ]);
  assertAccountAlone(stderr);
  assertGuarded(model);
  // the ways out were really tried
  assert.equal(stdout.split("\n").filter((line) => line.startsWith("Found: ")).length, 12);
  assert.ok((stdout.match(new RegExp(CANARY, "g"))?.length ?? 0) > 20, stdout);
  const faults = model.named("clam").filter(({ messages }) =>
    /Error code: runtime_execution_error/.test(messages.at(-1)?.content ?? "")
  );
  assert.ok(faults.length >= 2 * sources.length);
  assert.ok(model.named("verdict").every(({ text }) => text.includes(CANARY)));
  assert.ok(
    faults.some(({ text }) =>
      /Result of http_request: status 200, \{ ok: boolean; status: number; headers: \{ k1: /.test(
        text,
      )
    ),
  );
  assert.ok(model.named("summary").length > 0, "the conversation was compacted");
  const last = model.named("selection").at(-1)?.text ?? "";
  assert.match(
    last,
    /\[withheld: text made from outside sources, \d+ characters, artefact a\w{16}\]/,
  );
});

Deno.test("failures, refusals and rejections that quote what was read are withheld later (A255)", async () => {
  const { site, pipeline, model } = await openWorld();
  await using _site = site;
  await using _pipeline = pipeline;
  const [file, , , page] = sourcesAt(site.url) as [Source, Source, Source, Source];
  const failing = using(file, "throw new Error(found.content);");
  const rejecting = using(page, "return { found };");
  const refused = using(
    { ...page, tool: "web_fetch" },
    `await web_fetch({ url: "${site.url}/" + found.content.slice(-12) });`,
  );
  const missing = using(
    file,
    "await fs({ operation: 'read', path: found.content.slice(10, 22) });",
  );
  model.on("clam", failing, failing, failing, failing, rejecting, refused);
  model.on("clam", missing, missing, missing, missing, saying("the end"));
  model.on("verdict", { ...accepting(`${CANARY} is why`), decision: "reject" });
  const { stdout, stderr } = await pipeline.talk([
    "read the failing file",
    "look at the rejected page",
    "follow the refused page",
    "read the missing file",
    "count the crabs",
    "what happened before?",
  ]);
  assertGuarded(model);
  assert.equal(stderr.match(new RegExp(CANARY, "g"))?.length, 5, stderr);
  assert.match(stdout, /the end/);
  const last = model.named("selection").at(-1)?.text ?? "";
  for (const code of ["runtime_execution_error", "rejected_by_analyzer", "approval_needed"]) {
    assert.match(last, new RegExp(`\\[this failed with ${code}; withheld: `));
  }
});

Deno.test("a page is summarised, spoken about and saved, and only chat and tools see it (A256)", async () => {
  await using site = startSite({ "/": `<p>${CANARY} built a lighthouse.</p>` });
  const grants = (site.config.agents as JsonObject).approvals as { alwaysGrants: JsonObject[] };
  await using pipeline = await Pipeline.open({
    network: site.config.network ?? {},
    agents: {
      approvals: {
        alwaysGrants: [...grants.alwaysGrants, ...GRANTS.agents.approvals.alwaysGrants],
      },
    },
  });
  const { model, clambot } = pipeline;
  model.on("selection", GENERATE, chatting(null), GENERATE);
  model.on(
    "clam",
    clam(
      `async function run({ url }) {
        const page = await web_fetch({ url });
        return (await ask_model({ instruction: "Summarise", text: page.content })).text;
      }`,
      {
        declared_tools: ["web_fetch", "ask_model"],
        inputs: { url: `${site.url}/` },
        result_schema: worded("^Summary: "),
      },
    ),
    ({ text }) =>
      clam(
        `async function run({ id }) {
          const { text } = await artefact_read({ id });
          await fs({ operation: "write", path: "notes.md", content: text });
          return "Saved to notes.md.";
        }`,
        {
          declared_tools: ["artefact_read", "fs"],
          inputs: { id: /artefact (a[a-z2-7]{16})/.exec(text)?.[1] ?? "" },
          result_schema: { const: "Saved to notes.md." },
        },
      ),
  );
  model.on("answer", `Summary: ${CANARY} built it.`);
  model.on("chat", `It said that ${CANARY} built one.`);
  const { stdout, stderr } = await pipeline.talkOutside([
    `summarise ${site.url}/`,
    "what did it say about lighthouses?",
    "save that summary to notes.md",
  ]);
  assertAccountAlone(stderr);
  assert.deepEqual(stdout.trim().split("\n").slice(1), [
    `Summary: ${CANARY} built it.`,
    `It said that ${CANARY} built one.`,
    "Saved to notes.md.",
  ]);
  assert.equal(model.sequence(), "selection clam answer selection chat selection clam");
  assertGuarded(model);
  const answer = model.named("answer")[0];
  assert.match(answer?.text ?? "", new RegExp(`<untrusted-\\w+>\\n[^]*${CANARY}[^]*</untrusted-`));
  assert.match(
    model.named("chat")[0]?.text ?? "",
    new RegExp(`<untrusted \\w+>\\nSummary: ${CANARY}`),
  );
  const saved = await Deno.readTextFile(`${clambot.home}/workspace/files/notes.md`);
  assert.match(saved, new RegExp(CANARY));
});
