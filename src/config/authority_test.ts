import assert from "node:assert/strict";
import { AUTHORITY } from "./authority.ts";
import { configKeys } from "./keys.ts";

Deno.test("of every key it is declared what it has to do with rights, and of nothing else (S20)", () => {
  const declared = Object.keys(AUTHORITY).toSorted();
  assert.deepEqual(declared, configKeys.map(({ path }) => path).toSorted());
});
