import assert from "node:assert/strict";
import type { JsonObject } from "../../domain/json.ts";
import { buildPdf, deflate, makePdf } from "../../../tests/fakes/pdf.ts";
import { CALLER } from "../../../tests/fakes/alone.ts";
import { assertFails } from "../../../tests/fakes/fs_desk.ts";
import { type FsWorld, openFsWorld, runApproved } from "../../../tests/fakes/fs_world.ts";
import { createTestWorkers } from "../../../tests/fakes/workers.ts";
import type { Workers } from "../../platform/workers.ts";
import { openWorkspace } from "../../platform/workspace.ts";
import type { PdfLimits } from "./_document.ts";
import { createPdfReaderTool } from "./pdf_reader.ts";

const calm = new AbortController().signal;

async function readFrom(
  world: FsWorld,
  args: JsonObject,
  limits?: PdfLimits,
): Promise<JsonObject> {
  const tool = createPdfReaderTool(world.ports, createTestWorkers(), limits ? { limits } : {});
  return await runApproved(tool, await tool.prepare(args, CALLER, calm), calm);
}

async function readOne(bytes: Uint8Array, pages?: string, limits?: PdfLimits) {
  await using world = await openFsWorld();
  await Deno.writeFile(`${world.root}/a.pdf`, bytes);
  return await readFrom(world, { path: "a.pdf", ...(pages ? { pages } : {}) }, limits);
}

Deno.test("A152: pdf_reader reads all pages of a document, each below its number", async () => {
  const result = await readOne(makePdf([["Dear Ada,", "(see you)"], ["Yours"]]));
  assert.equal(result.total_pages, 2);
  assert.deepEqual(result.pages_read, [1, 2]);
  assert.equal(result.text, "--- Page 1 ---\nDear Ada,\n(see you)\n\n--- Page 2 ---\nYours\n");
  assert.equal(result.truncated, false);
  assert.equal(result.note, undefined);
});

Deno.test("A152: pdf_reader reads the pages that are named, in order and once", async () => {
  const bytes = makePdf(["a", "b", "c", "d", "e"].map((line) => [line]));
  const pagesOf = async (pages: string) => (await readOne(bytes, pages)).pages_read;
  assert.deepEqual(await pagesOf("5-900, 2, 1-2"), [1, 2, 5]);
  await assertFails(readOne(bytes, "6-7"), "tool_failed", /has 5 pages, so there is no page 6-7/);
  for (const wrong of ["0", "3-1", "one", "1,,2", "-3"]) {
    await assertFails(readOne(bytes, wrong), "tool_arguments_invalid", /names no pages/);
  }
});

Deno.test("P179: pages of pictures are named, none is lost without a word", async () => {
  const result = await readOne(makePdf([["one"], [], ["three"], [], ["five"]]));
  assert.deepEqual([result.pages_read, result.empty_pages], [[1, 3, 5], [2, 4]]);
  assert.match(String(result.note), /no text on page 2, 4: .*pictures/);
});

Deno.test("A152: at most 100,000 characters come at once, and the note says where to go on", async () => {
  const page = Array.from({ length: 90 }, (_, line) => `${line}`.padEnd(60, "x"));
  const bytes = makePdf(Array.from({ length: 60 }, () => page));
  const first = await readOne(bytes);
  assert.equal(first.truncated, true);
  assert.ok(String(first.text).length <= 100_000, String(first.text).length.toString());
  const [, next = ""] = /pages: "(\d+-)"/.exec(String(first.note)) ?? [];
  const rest = await readOne(bytes, next);
  assert.equal(rest.truncated, true);
  assert.equal((rest.pages_read as number[])[0], Number.parseInt(next));
});

Deno.test("A152: 500 pages are read in one call", async () => {
  const pages = Array.from({ length: 500 }, (_, index) => [`This is page ${index + 1}.`]);
  const result = await readOne(makePdf(pages));
  assert.equal((result.pages_read as number[]).length, 500);
  assert.match(String(result.text), /--- Page 500 ---\nThis is page 500\./);
});

Deno.test("pdf_reader says in one sentence what is wrong with a document", async () => {
  const cases: readonly (readonly [Uint8Array, string, RegExp])[] = [
    [new TextEncoder().encode("hello"), "file_type_mismatch", /is no PDF/],
    [new Uint8Array(), "file_type_mismatch", /is no PDF/],
    [new TextEncoder().encode("%PDF-1.7\nnothing here"), "tool_failed", /is damaged: /],
    [makePdf([["cut"]]).slice(0, 200), "tool_failed", /is damaged|no page/i],
    [encrypted(), "tool_failed", /is protected by a password/],
  ];
  for (const [bytes, code, text] of cases) {
    await assertFails(readOne(bytes), code as "tool_failed", text);
  }
});

Deno.test("A141: pdf_reader goes where fs may read, and nowhere else", async () => {
  await using world = await openFsWorld();
  const pdf = makePdf([["uploaded"]]);
  await Deno.writeFile(`${world.upload}/in.pdf`, pdf);
  await Deno.writeFile(`${world.home}/secrets.pdf`, pdf);
  await Deno.writeFile(`${world.outside}/out.pdf`, pdf);
  await Deno.symlink(`${world.outside}/out.pdf`, `${world.root}/link.pdf`);
  await Deno.writeFile(`${world.root}/two.pdf`, pdf);
  await Deno.link(`${world.root}/two.pdf`, `${world.root}/second.pdf`);
  const workspace = openWorkspace(world.root, [world.upload]);
  const uploaded = { ...world, ports: { ...world.ports, workspace } };
  assert.match(String((await readFrom(uploaded, { path: "upload/in.pdf" })).text), /uploaded/);
  const refused = (path: string, code: "path_protected" | "path_outside_workspace") =>
    assertFails(readFrom(world, { path }), code);
  await refused(`${world.home}/secrets.pdf`, "path_outside_workspace");
  await refused("../../secrets.pdf", "path_outside_workspace");
  await refused("link.pdf", "path_outside_workspace");
  await refused("two.pdf", "path_protected");
  await assertFails(readFrom(world, { path: "none.pdf" }), "file_not_found");
  await assertFails(readFrom(world, { path: "." }), "file_type_mismatch");
});

Deno.test("pdf_reader reads what was asked about, or nothing (T25)", async () => {
  await using world = await openFsWorld();
  await Deno.writeFile(`${world.root}/a.pdf`, makePdf([["harmless"]]));
  const tool = createPdfReaderTool(world.ports, createTestWorkers());
  const prepared = await tool.prepare({ path: "a.pdf" }, CALLER, calm);
  await Deno.writeFile(`${world.root}/a.pdf`, makePdf([["changed!"]]));
  await assertFails(runApproved(tool, prepared, calm), "file_changed");
});

Deno.test("documents are read one after the other, so that their memory does not add up", async () => {
  await using world = await openFsWorld();
  await Deno.writeFile(`${world.root}/a.pdf`, makePdf([["fine"]]));
  const workers = createTestWorkers();
  let [living, most] = [0, 0];
  const counted: Workers = {
    async start(kind) {
      most = Math.max(most, ++living);
      const worker = await workers.start(kind);
      return {
        ...worker,
        async end() {
          living--;
          await worker.end();
        },
      };
    },
  };
  const tool = createPdfReaderTool(world.ports, counted);
  const read = async () =>
    await runApproved(tool, await tool.prepare({ path: "a.pdf" }, CALLER, calm), calm);
  const results = await Promise.all([read(), read(), read()]);
  assert.deepEqual(results.map((result) => result.pages_read), [[1], [1], [1]]);
  assert.equal(most, 1);
});

/** Small limits: what they end here, the real ones end too, later. */
const TIGHT: PdfLimits = { totalMs: 20_000, step: { ms: 600, bytes: 16 * 1024 * 1024 } };

Deno.test("P181: what loops or swells ends at a limit, in one sentence, and the next PDF works", async () => {
  const bombs = await makeBombs();
  for (const [name, bytes] of Object.entries(bombs)) {
    const ending = await readOne(bytes, undefined, TIGHT).then(
      (result) => `read ${String(result.text).length}`,
      (error) => String(error.message),
    );
    assert.match(ending, /^read \d{1,6}$|damaged|too much time or memory/, `${name}: ${ending}`);
    if (name === "endlessDictionaries") {
      assert.match(ending, /^Page 1 of .* too much time or memory/);
    }
    assert.ok(!ending.includes("\n") && ending.length < 300, `${name}: ${ending}`);
  }
  assert.match(String((await readOne(makePdf([["fine"]]))).text), /fine/);
});

Deno.test("pdf_reader ends when its run is cancelled, while the document still loops", async () => {
  await using world = await openFsWorld();
  await Deno.writeFile(`${world.root}/a.pdf`, makeSwellingForms());
  const tool = createPdfReaderTool(world.ports, createTestWorkers());
  const prepared = await tool.prepare({ path: "a.pdf" }, CALLER, calm);
  const cancel = new AbortController();
  const running = runApproved(tool, prepared, cancel.signal);
  cancel.abort(new Error("enough"));
  await assert.rejects(running, /enough/);
});

/** The first objects of a document of one page, which is the fourth. */
const START = [
  "<< /Type /Catalog /Pages 2 0 R >>",
  "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
  "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
  "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Resources << /Font << /F1 3 0 R >> " +
  "/XObject << /A 6 0 R >> >> /Contents 5 0 R >>",
];
const plain = (content: string) => ({ dictionary: "", stream: new TextEncoder().encode(content) });
const HELLO = plain("BT /F1 9 Tf (hi) Tj ET");

/** Each form shows the next one forty times. */
function makeSwellingForms(): Uint8Array<ArrayBuffer> {
  const form = (next: number) => ({
    ...plain("BT /F1 9 Tf (hi) Tj ET /A Do ".repeat(40)),
    dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 9 9] ` +
      `/Resources << /Font << /F1 3 0 R >> /XObject << /A ${next} 0 R >> >>`,
  });
  const last = { ...plain(" "), dictionary: "/Type /XObject /Subtype /Form /BBox [0 0 9 9]" };
  return buildPdf([...START, plain("/A Do ".repeat(40)), ...[7, 8, 9, 10, 11, 12].map(form), last]);
}

async function makeBombs(): Promise<Readonly<Record<string, Uint8Array>>> {
  const zeros = await deflate(new Uint8Array(30_000_000));
  const dictionaries = new TextEncoder().encode(`BT [${"<<>>".repeat(2_000_000)}] TJ ET`);
  const deflated = (stream: Uint8Array) => ({ dictionary: "/Filter /FlateDecode", stream });
  return {
    cyclicPages: buildPdf([
      START[0] ?? "",
      "<< /Type /Pages /Kids [2 0 R 2 0 R] /Parent 2 0 R /Count 2 >>",
    ]),
    claimedPages: buildPdf(
      [...START, HELLO].with(1, "<< /Type /Pages /Kids [4 0 R] /Count 1000000000 >>"),
    ),
    nestedArrays: buildPdf([...START, HELLO, "[".repeat(10_000)]),
    nestedContents: buildPdf([...START, plain(`BT ${"[".repeat(100_000)} TJ ET`)]),
    deflatedContents: buildPdf([...START, deflated(zeros)]),
    endlessDictionaries: buildPdf([...START, deflated(await deflate(dictionaries))]),
    objectStream: buildPdf([
      "<< /Type /Catalog /Pages 4 0 R >>",
      "null",
      "null",
      "<< /Type /Pages /Kids [] /Count 1 >>",
      { dictionary: "/Type /ObjStm /N 2000000 /First 5 /Filter /FlateDecode", stream: zeros },
    ]),
    swellingForms: makeSwellingForms(),
  };
}

/** A document that asks for a password (ISO 32000-1, 7.6.3). */
function encrypted(): Uint8Array<ArrayBuffer> {
  const key = `<${"ab".repeat(32)}>`;
  const [catalog, pages, font] = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [] /Count 0 >>",
    `<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O ${key} /U ${key} >>`,
  ];
  return buildPdf([catalog, pages, font], `/Encrypt 3 0 R /ID [<${"00".repeat(16)}> <00>]`);
}
