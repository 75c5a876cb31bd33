import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

/** What stands in the way of running a clam, by its files; both are to be put away all the same. */
const UNUSABLE: Readonly<Record<string, { manifest: string; code: string }>> = {
  "in another language": { manifest: "name: x\nlanguage: python", code: "incompatible_language" },
  "whose script was changed": {
    manifest: `name: x\nsha256: ${"0".repeat(64)}`,
    code: "clam_changed",
  },
  "whose manifest cannot be read": { manifest: "name: [", code: "clam_malformed" },
};

for (const [what, { manifest, code }] of Object.entries(UNUSABLE)) {
  Deno.test(`a clam ${what} is not run, and can be put away`, async () => {
    await using clambot = await Clambot.inEmptyHome();
    await clambot.write(".clambot/workspace/clams/x/CLAM.md", `---\n${manifest}\n---\n`);
    await clambot.write(".clambot/workspace/clams/x/run.js", "return 1");
    const ran = await clambot.here.json(["clams", "run", "x"]);
    assert.equal((ran.object.error as { code: string }).code, code);
    assert.equal(ran.code, 1);
    const removed = await clambot.here.run(["clams", "remove", "x"]);
    assert.deepEqual(
      [removed.code, removed.stdout.split(".")[0]],
      [0, "Put away x"],
      removed.stderr,
    );
    const gone = await clambot.here.json(["clams", "run", "x"]);
    assert.equal((gone.object.error as { code: string }).code, "clam_not_found");
  });
}

const KEPT =
  `---\nname: z\ndescription: Says good\nlanguage: javascript\nrequests: [say the word]\nreusable: true\norigin: generated\n---\n`;

/** A home with the clam `z`, at version 2, whose script was then changed by hand. */
async function tampered(): Promise<Clambot> {
  const clambot = await Clambot.inEmptyHome();
  await clambot.write(".clambot/workspace/clams/z/CLAM.md", KEPT);
  await clambot.write(
    ".clambot/workspace/clams/z/run.js",
    `async function run() { return "good" }`,
  );
  assert.equal((await clambot.here.run(["clams", "adopt", "z"])).code, 0);
  await clambot.write(
    ".clambot/workspace/clams/z/v2/run.js",
    `async function run() { return "bad" }`,
  );
  return clambot;
}

Deno.test("a clam whose script was changed can be looked at, compared and rolled back (A72, A78)", async () => {
  await using clambot = await tampered();
  const shown = await clambot.here.run(["clams", "show", "z"]);
  assert.match(shown.stdout, /return "bad"/);
  assert.match(shown.stderr, /not the one that was kept/);
  assert.match((await clambot.here.run(["clams", "history", "z"])).stdout, /\* 2/);
  assert.match((await clambot.here.run(["clams", "diff", "z", "1", "2"])).stdout, /\+.*"bad"/);
  assert.equal((await clambot.run(["clams", "rollback", "z", "1"])).code, 0);
  assert.equal((await clambot.here.run(["clams", "run", "z"])).stdout, "good\n");
});

Deno.test("asked for without a model, a changed clam is told as that, and not run (A78)", async () => {
  await using clambot = await tampered();
  const changed = await clambot.here.json(["agent", "-m", "Say the word!"]);
  assert.deepEqual([changed.code, changed.object.reply], [1, ""]);
  assert.equal((changed.object.error as { code: string }).code, "clam_changed");
  assert.equal((await clambot.here.run(["clams", "adopt", "z"])).code, 0);
  assert.equal((await clambot.here.run(["agent", "-m", "Say the word!"])).stdout, "bad\n");
});

Deno.test("clams list says which directories are no usable clams, and why (A80)", async () => {
  await using clambot = await tampered();
  await clambot.write(".clambot/workspace/clams/broken/CLAM.md", "no front matter");
  const { stdout, stderr, code } = await clambot.here.run(["clams", "list"]);
  assert.match(stderr, /broken: .*front matter/);
  assert.match(stderr, /z: The script .* is not the one that was kept/);
  assert.match(stdout, /starter-time-in/);
  assert.equal(code, 0);
});

Deno.test("a clam made of links, pipes or giants is never opened, and hinders nobody (A80)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const clams = `${clambot.home}/workspace/clams`;
  for (const name of ["linked", "piped", "giant"]) {
    await clambot.write(`.clambot/workspace/clams/${name}/CLAM.md`, KEPT.replace("z", name));
  }
  await Deno.symlink("/etc/passwd", `${clams}/linked/run.js`);
  await new Deno.Command("mkfifo", { args: [`${clams}/piped/run.js`] }).output();
  await Deno.truncate(await clambot.write(".clambot/workspace/clams/giant/run.js", ""), 3_000_000);
  const { stderr } = await clambot.here.run(["clams", "list"]);
  for (const name of ["linked", "piped"]) {
    assert.match(stderr, new RegExp(`${name}/run\\.js is no ordinary file`));
    const shown = await clambot.here.run(["clams", "show", name]);
    assert.deepEqual([shown.code, shown.stdout], [1, ""]);
  }
  assert.match(stderr, /giant\/run\.js is larger than/);
  assert.equal((await clambot.here.run(["agent", "-m", "what is 2+2"])).stdout, "2+2 = 4\n");
});

Deno.test("a use by clams run counts, and restore brings a clam back as it was (A79)", async () => {
  await using clambot = await tampered();
  await clambot.here.run(["clams", "rollback", "z", "1"]);
  await clambot.here.run(["clams", "run", "z"]);
  const { object } = await clambot.here.json(["clams", "list"]);
  const listed = object as unknown as { id: string; uses: number }[];
  assert.equal(listed.find(({ id }) => id === "z")?.uses, 1);
  await clambot.here.run(["clams", "remove", "z"]);
  assert.deepEqual((await clambot.here.run(["clams", "restore", "z"])).stdout, "z is back.\n");
});
