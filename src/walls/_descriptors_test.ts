import assert from "node:assert/strict";
import { countDescriptors, leavesDescriptors } from "./_descriptors.ts";

Deno.test("descriptors are counted on runtimes where ended workers leave them behind", () => {
  for (const old of ["1.46.3", "2.0.0", "2.7.0", "2.7.11", "2.7.13"]) {
    assert.equal(leavesDescriptors(old), true, old);
  }
  for (const good of ["2.7.14", "2.8.0", "2.9.6", "2.10.0", "3.0.0", "2.9.7+abc"]) {
    assert.equal(leavesDescriptors(good), false, good);
    assert.equal(countDescriptors(good), undefined);
  }
});

Deno.test("an open file is one descriptor more", { ignore: Deno.build.os !== "linux" }, () => {
  const before = countDescriptors("2.7.11");
  if (before === undefined) return; // this runtime does not let it be read
  const file = Deno.openSync("/dev/null");
  assert.equal(countDescriptors("2.7.11"), before + 1);
  file.close();
});
