import assert from "node:assert/strict";
import type { Approved } from "../../approvals/gate.ts";
import { openArtefacts } from "../../artefacts/artefacts.ts";
import { CodedError } from "../../domain/failure.ts";
import { createClock, createRandom } from "../../platform/deno.ts";
import { openFiles } from "../../platform/files.ts";
import { createArtefactReadTool } from "./artefact_read.ts";
import { CALLER, NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";
import { plainly } from "../../../tests/fakes/plainly.ts";

const CONTEXT = { ...CALLER, turnId: "t1", conversation: "cli:test" };
const never = new AbortController().signal;

Deno.test("a withheld text reaches a program by its id, as foreign text, and no other file does", async () => {
  const path = await Deno.makeTempDir();
  try {
    const artefacts = plainly(openArtefacts(openFiles(path), createClock(), createRandom()));
    const tool = createArtefactReadTool(artefacts);
    const id = await artefacts.keep("A page.", { kind: "answer", from: "t0" });
    const prepared = await tool.prepare({ id }, CONTEXT, never);
    assert.equal(prepared.effect, "none");
    assert.equal(tool.foreign, true);
    const { at: _, ...result } = await prepared.run({} as Approved, never, NOBODY_TO_ASK) as Record<
      string,
      string
    >;
    assert.deepEqual(result, { text: "A page.", kind: "answer", from: "t0" });
    const wrong = await tool.prepare({ id: "../secrets" }, CONTEXT, never);
    await assert.rejects(
      wrong.run({} as Approved, never, NOBODY_TO_ASK),
      (error) => error instanceof CodedError && error.code === "file_not_found",
    );
  } finally {
    await Deno.remove(path, { recursive: true });
  }
});
