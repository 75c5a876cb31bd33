import assert from "node:assert/strict";
import { findFullDisk } from "./full_disk.ts";

Deno.test("findFullDisk() knows a full disk by what the system says, and nothing else", () => {
  for (
    const message of ["No space left on device (os error 28)", "database or disk is full"]
  ) {
    const failure = findFullDisk(new Error(message), "/home/ada/.clambot");
    assert.equal(failure?.code, "disk_full");
    assert.match(failure?.message ?? "", /disk is full.*\/home\/ada\/\.clambot/);
  }
  assert.equal(findFullDisk(new Error("Permission denied"), "/x"), undefined);
  assert.equal(findFullDisk("no error", "/x"), undefined);
});
