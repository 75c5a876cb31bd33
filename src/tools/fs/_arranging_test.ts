import assert from "node:assert/strict";
import type { JsonObject } from "../../domain/json.ts";
import { assertFails, withFsDesk } from "../../../tests/fakes/fs_desk.ts";

Deno.test("fs does not move a directory into itself, and makes nothing on the way", async () => {
  await withFsDesk(async (context) => {
    await context.call({ operation: "mkdir", path: "m" });
    const move = { operation: "move", path: "m", to: "m/n/o/p" };
    await assertFails(context.call(move), "tool_arguments_invalid", /lies in .*\/m" itself/);
    assert.deepEqual(
      (await context.call({ operation: "list", path: "m" }) as JsonObject).entries,
      [],
    );
    await context.call({ operation: "move", path: "m", to: "mm/m" });
  });
});

Deno.test("fs counts entries whose names are no UTF-8, and does not take their directory for empty", async () => {
  await withFsDesk(async (context) => {
    await context.call({ operation: "mkdir", path: "d" });
    const make = ["-c", `echo secret > "$(printf 'd/\\376.txt')"`];
    assert.ok((await new Deno.Command("sh", { args: make, cwd: context.root }).output()).success);
    const { entries, truncated } = await context.call({
      operation: "list",
      path: "d",
    }) as JsonObject;
    const modified = new Date(0).toISOString();
    assert.deepEqual(entries, [{ name: "\ufffd.txt", kind: "other", size: 0, modified }]);
    assert.equal(truncated, false);
    const usage = await context.call({ operation: "disk_usage", path: "d" }) as JsonObject;
    assert.deepEqual([usage.files, usage.truncated], [0, true]);
    await assertFails(context.call({ operation: "delete", path: "d" }), "file_exists", /not empty/);
    const whole = await context.prepare({ operation: "delete", path: "d", recursive: true });
    assert.ok(whole.preview.fields.some(({ value }) => value === "more than 0 files, 0 bytes"));
  });
});
