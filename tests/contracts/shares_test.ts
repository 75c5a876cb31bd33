import assert from "node:assert/strict";
import { shareOf, SHARES, testsBelow } from "../shares.ts";

// The test command starts a few modules that load all other test files: none must be lost on the way.

const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));

/** Test files that run by themselves: modules that load the others, and tests of the binary. */
const ALONE = /^tests\/(?:units_test|architecture_test|together\/|binary\/)/;

Deno.test("every test file is loaded once by what the test command names", async () => {
  const every = [...testsBelow("src/"), ...testsBelow("tests/")].filter((path) =>
    !ALONE.test(path)
  );
  const numbers = Array.from({ length: SHARES }, (_, index) => index + 1);
  const loaded = [...testsBelow("src/"), ...numbers.flatMap(shareOf)];
  assert.deepEqual(loaded.toSorted(), every.toSorted());

  assert.match(await read("tests/units_test.ts"), /^await load\(testsBelow\("src\/"\)\);$/m);
  assert.deepEqual(
    testsBelow("tests/together/"),
    numbers.map((number) => `tests/together/share_${number}_test.ts`),
  );
  for (const number of numbers) {
    const text = await read(`tests/together/share_${number}_test.ts`);
    assert.match(text, new RegExp(`^await load\\(shareOf\\(${number}\\)\\);$`, "m"));
  }
  const command = JSON.parse(await read("deno.json")).tasks.test as string;
  assert.deepEqual(
    command.split(" ").filter((word) => word.startsWith("tests/")).toSorted(),
    ["tests/architecture_test.ts", "tests/together", "tests/units_test.ts"],
  );
});
