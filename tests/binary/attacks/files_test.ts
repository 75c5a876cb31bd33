import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { EMPTY_TRACE, SIEGES, treeOf, waysTo } from "../../attacks/file_calls.ts";
import { Guest } from "./guest.ts";

// T25, A141 with the binary: paths that lead out of the workspace, at once or in the very moment.

const SWAPPER = fileURLToPath(new URL("../../fixtures/link_swapper.ts", import.meta.url));
const CANARY = "the canary sings outside";
const SECRET = "the value of a secret";
const GRANTS = ["fs:*"];
const ROUNDS = 25;

async function startSwapper(target: string, other: string): Promise<AsyncDisposable> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-config", "--no-prompt", "--allow-read", "--allow-write", SWAPPER],
      ...[target, other],
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  await reader.read(); // it has begun
  return {
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await reader.cancel();
      await child.status;
    },
  };
}

for (const [does, calls] of Object.entries(SIEGES)) {
  Deno.test(`T25: fs of the binary ${does} outside while a directory is swapped with a link`, async () => {
    await using guest = await Guest.open();
    const { directory, home } = guest.clambot;
    const [inside, outside] = [`${home}/workspace/files`, `${directory}/outside`];
    for (const [where, text] of [[inside, "inside"], [outside, CANARY]] as const) {
      await Deno.mkdir(`${where}/d/e`, { recursive: true, mode: 0o700 });
      for (const name of ["f.txt", "d/f.txt", "d/e/f.txt"]) {
        await Deno.writeTextFile(`${where}/${name}`, text);
      }
    }
    await Deno.mkdir(`${outside}/d/only-outside`);
    const before = await treeOf(outside);
    const all = Array.from(
      { length: ROUNDS },
      (_, round) => ["d/f.txt", "d/e/f.txt"].flatMap((path) => calls(path, round)),
    ).flat();
    let ends;
    {
      await using _swapper = await startSwapper(`${inside}/d`, `${outside}/d`);
      ends = await guest.call(all.map((args) => ["fs", args]), GRANTS);
    }
    assert.equal(ends.length, all.length);
    const told = ends.map(({ code }) => code);
    assert.ok(told.some((code) => code !== "path_outside_workspace"), "the path led inside, too");
    assert.doesNotMatch(JSON.stringify(ends), /canary|only-outside/);
    const after = await treeOf(outside);
    assert.deepEqual(after.filter((line) => !EMPTY_TRACE.test(line)), before);
    for (const line of await treeOf(`${home}/state`)) assert.doesNotMatch(line, /canary/);
  });
}

for (const linked of [false, true]) {
  const how = linked ? "reached by a link" : "in its place";
  Deno.test(`A141: fs of the binary never touches what is ClamBot's own in a home ${how}`, async () => {
    await using guest = await Guest.open();
    const { directory, home } = guest.clambot;
    const real = linked ? `${directory}/disk` : home;
    if (linked) {
      await Deno.rename(home, real);
      await Deno.symlink(real, home);
    }
    for (const name of ["secrets", "workspace/files"]) {
      await Deno.mkdir(`${real}/${name}`, { recursive: true, mode: 0o700 });
    }
    await Deno.writeTextFile(`${real}/secrets/secrets.json`, SECRET);
    await Deno.symlink(real, `${real}/workspace/files/link`);
    const homes = [real, home, "../..", "link", `${directory}/outside/../.clambot`, "~/.clambot"];
    const calls = homes.flatMap((one) => waysTo(`${one}/secrets/secrets.json`));
    for (const restrictToWorkspace of [true, false]) {
      await guest.configure({ tools: { filesystem: { restrictToWorkspace } } });
      const ends = await guest.call(calls.map((args) => ["fs", args]), GRANTS);
      for (const [index, end] of ends.entries()) {
        const shown = JSON.stringify({ call: calls[index], end });
        assert.match(String(end.code), /^path_(protected|outside_workspace)$/, shown);
      }
      const secrets = [...Deno.readDirSync(`${real}/secrets`)].map(({ name }) => name).sort();
      // the key that seals runs is ClamBot's own too
      assert.deepEqual(secrets, ["integrity.key", "integrity.lock", "secrets.json"]);
      assert.equal(await Deno.readTextFile(`${real}/secrets/secrets.json`), SECRET);
    }
  });
}
