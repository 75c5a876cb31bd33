import assert from "node:assert/strict";
import { PROVIDER_NAMES, PROVIDERS } from "./catalog.ts";

Deno.test("docs/models.md names the providers in their order, with their models and keys", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/models.md", import.meta.url));
  const rows = [...page.matchAll(/^\| `(\w+)` +\|(.*)$/gm)]
    .filter(([, name]) => name !== undefined && Object.hasOwn(PROVIDERS, name));
  assert.deepEqual(rows.map(([, name]) => name), [...PROVIDER_NAMES]);
  for (const [, name = "", row = ""] of rows) {
    const { keyVariable, defaultModel, selectorModel } = PROVIDERS[name as keyof typeof PROVIDERS];
    for (const word of [keyVariable, defaultModel, selectorModel]) {
      if (word !== undefined) assert.ok(row.includes(`\`${word}\``), `${name}: ${word}`);
    }
  }
});
