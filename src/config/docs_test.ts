import assert from "node:assert/strict";
import { PAGE, withTables } from "../../scripts/configuration_docs.ts";
import { configKeys } from "./keys.ts";
import { parseConfig } from "./parse.ts";

Deno.test("docs/configuration.md says what the schema says", async () => {
  const page = await Deno.readTextFile(PAGE);
  assert.equal(page, withTables(page), "run: deno run -R -W scripts/configuration_docs.ts");
});

Deno.test("docs/configuration.md shows no key without effect as one that works", async () => {
  const [working = "", idle = ""] = (await Deno.readTextFile(PAGE)).split("### Read, but without");
  for (const { path, unused } of configKeys) {
    const place = unused === undefined ? working : idle;
    const other = unused === undefined ? idle : working;
    assert(place.includes(`| \`${path}\` |`), path);
    assert(!other.includes(`| \`${path}\` |`), path);
  }
});

Deno.test("every configuration shown in docs/configuration.md loads without a warning", async () => {
  const page = await Deno.readTextFile(PAGE);
  const examples = [...page.matchAll(/```json\n(.*?)```/gs)];
  assert(examples.length > 0);
  for (const [, text = ""] of examples) {
    const parsed = parseConfig(text, "example");
    assert(parsed.kind === "ok", parsed.kind === "invalid" ? parsed.failure.message : "");
    assert.deepEqual(parsed.warnings, []);
  }
});
