import assert from "node:assert/strict";
import { makePdf } from "../fakes/pdf.ts";
import { Clambot } from "./clambot.ts";

const SCRIPT = `async function run() {
  const own = await pdf_reader({ path: "letter.pdf" });
  const uploaded = await pdf_reader({ path: "upload/scan.pdf", pages: "1" });
  const broken = await pdf_reader({ path: "broken.pdf" }).catch(({ code }) => code);
  return { reply: "Read.", data: { text: own.text, note: uploaded.note, broken } };
}`;

Deno.test("A152: a program reads PDF documents of the workspace and of uploads, once it may", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const workspace = `${clambot.home}/workspace`;
  for (const name of ["files", "upload"]) {
    await Deno.mkdir(`${workspace}/${name}`, { recursive: true });
  }
  await Deno.writeFile(`${workspace}/files/letter.pdf`, makePdf([["Dear Ada,"], ["yours"]]));
  await Deno.writeFile(`${workspace}/files/broken.pdf`, makePdf([["cut"]]).slice(0, 60));
  await Deno.writeFile(`${workspace}/upload/scan.pdf`, makePdf([[]]));
  const file = await clambot.write("read.js", SCRIPT);
  const line = ["run", file, "--tools", "pdf_reader"];

  const refused = await clambot.here.json(line);
  assert.equal((refused.object.error as { code: string }).code, "approval_needed");
  const { object } = await clambot.here.json([...line, "--grant", "pdf_reader:workspace"]);
  assert.deepEqual(object.value, {
    text: "--- Page 1 ---\nDear Ada,\n\n--- Page 2 ---\nyours\n",
    note: "There is no text on page 1: it is blank or holds pictures, such as a scan.",
    broken: "tool_failed",
  });
});
