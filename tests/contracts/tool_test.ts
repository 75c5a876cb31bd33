import assert from "node:assert/strict";
import type { JsonObject } from "../../src/domain/json.ts";
import { makePdf } from "../fakes/pdf.ts";
import { makeWave } from "../fakes/recordings.ts";
import { TOOL_NAMES } from "../../src/tools/names.ts";
import { type Candidate, examineTool } from "./tool.ts";

const FILE: Candidate["arrange"] = (world) =>
  Deno.writeTextFile(`${world.fs.root}/notes.md`, "one\ntwo\nthree\n");

/** The file tool sits the exam once for each operation. */
const FILE_CALLS: readonly JsonObject[] = [
  { operation: "read", path: "notes.md" },
  { operation: "list", path: "." },
  { operation: "search", path: ".", query: "two" },
  { operation: "disk_usage", path: "." },
  { operation: "write", path: "new/other.md", content: "text" },
  { operation: "write", path: "notes.md", content: "text" },
  { operation: "append", path: "notes.md", content: "four\n" },
  { operation: "edit", path: "notes.md", old_text: "two", new_text: "2" },
  { operation: "mkdir", path: "a/b" },
  { operation: "move", path: "notes.md", to: "moved.md" },
  { operation: "delete", path: "notes.md" },
];

const CANDIDATES: readonly Candidate[] = [
  ...FILE_CALLS.map((args): Candidate => ({
    name: "fs",
    label: `fs ${args.operation} ${args.path}`,
    sample: () => args,
    arrange: FILE,
  })),
  { name: "web_fetch", sample: () => ({ url: "http://site.test/page" }) },
  { name: "http_request", sample: () => ({ method: "POST", url: "http://site.test/", body: "b" }) },
  { name: "secrets_add", sample: () => ({ name: "KEPT", hosts: ["api.example"] }) },
  {
    name: "pdf_reader",
    sample: () => ({ path: "letter.pdf" }),
    arrange: (world) => Deno.writeFile(`${world.fs.root}/letter.pdf`, makePdf([["Dear Ada"]])),
  },
  {
    name: "transcribe",
    sample: () => ({ path: "memo.wav" }),
    arrange: (world) => Deno.writeFile(`${world.fs.root}/memo.wav`, makeWave(1)),
  },
  { name: "time", sample: () => ({ operation: "now", zone: "Asia/Tokyo" }) },
  { name: "sleep", sample: () => ({ seconds: 0.01 }) },
  { name: "memory_recall", sample: () => ({}) },
  { name: "memory_search_history", sample: () => ({ query: "anything" }) },
  { name: "memory_update", sample: () => ({ operation: "remember", text: "Lives in Linz" }) },
  { name: "cron", sample: () => ({ action: "add", text: "Tea", every: "1h" }) },
  { name: "ask_model", sample: () => ({ instruction: "Summarise.", text: "A text." }) },
  { name: "artefact_read", sample: (world) => ({ id: world.artefact }) },
  { name: "clam", sample: () => ({ id: "a-clam", inputs: { n: 1 } }) },
  { name: "echo", sample: () => ({ message: "hello" }) },
];

CANDIDATES.forEach(examineTool);

Deno.test("every tool of the catalog sits the exam", () => {
  const names = new Set(CANDIDATES.map(({ name }) => name));
  assert.deepEqual([...names].sort(), [...TOOL_NAMES].sort());
});
