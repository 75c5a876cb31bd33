import assert from "node:assert/strict";
import { openFsWorld } from "../fakes/fs_world.ts";
import { waysTo } from "./file_calls.ts";

// A home on another disk is reached by a link. What is in it has two names then, and under neither
// of them may the file tool touch it, restricted or not (A141).

const SECRET = "the value of a secret";

for (const linked of [false, true]) {
  for (const restricted of [false, true]) {
    const how = `${linked ? "reached by a link" : "in its place"}, ${
      restricted ? "restricted" : "not restricted"
    } to the workspace`;
    Deno.test(`A141: fs never touches what is ClamBot's own in a home ${how}`, async () => {
      await using world = await openFsWorld({ linked, restricted });
      const file = `${world.realHome}/secrets/secrets.json`;
      await Deno.writeTextFile(file, SECRET);
      await Deno.symlink(world.realHome, `${world.root}/link`);
      const paths = [world.realHome, world.home, "../..", "link", `${world.outside}/../home`]
        .map((home) => `${home}/secrets/secrets.json`);
      for (const path of [...paths, "~/home/secrets/secrets.json"]) {
        for (const call of waysTo(path)) {
          const ending = await world.call(call);
          assert.equal(ending.kind, "failure", JSON.stringify({ call, ending }));
          assert.ok(
            ending.kind === "failure" && /^path_(?:protected|outside_workspace)$/.test(ending.code),
            JSON.stringify({ call, ending }),
          );
        }
      }
      assert.equal(await Deno.readTextFile(file), SECRET);
      const names = (await Array.fromAsync(Deno.readDir(`${world.realHome}/secrets`)))
        .map(({ name }) => name);
      assert.deepEqual(names, ["secrets.json"]);
    });

    Deno.test(`fs works in the workspace of a home ${how}`, async () => {
      await using world = await openFsWorld({ linked, restricted });
      const written = await world.call({ operation: "write", path: "a/b.md", content: "text" });
      assert.equal(written.kind, "result", JSON.stringify(written));
      for (const path of ["a/b.md", `${world.root}/a/b.md`]) {
        const read = await world.call({ operation: "read", path });
        assert.ok(read.kind === "result" && read.value.content === "text", JSON.stringify(read));
      }
    });
  }
}
