import assert from "node:assert/strict";

// `.ci/run` itself, with programs in place of all that it starts: what it runs, in which order, and
// what it makes of failures.

const ROOT = new URL("../../", import.meta.url);
const TEST_COMMAND = "deno task test --as-readme-says";

/** What stands in for Deno: everything goes well, but for these cases of its arguments. */
const denoBut = (cases: string) =>
  `case "$*" in
  ${cases}
  --version) echo "deno 2.9.6 (stable)" ;;
  *"task test"*) echo "ok | 30 passed (2 steps) | 0 failed (1s)" ;;
  *smoke*|*attack*|test*) echo "ok | 4 passed | 0 failed | 1 ignored (1s)" ;;
esac`;

async function run(cases = "") {
  const directory = await Deno.makeTempDir({ prefix: "ci-" });
  try {
    for (const name of [".ci", "bin"]) await Deno.mkdir(`${directory}/${name}`);
    await Deno.copyFile(new URL(".ci/run", ROOT), `${directory}/.ci/run`);
    await Deno.writeTextFile(`${directory}/README.md`, `\n\`\`\`sh\n${TEST_COMMAND}\n\`\`\`\n`);
    const log = `${directory}/log`;
    const standIns = { deno: denoBut(cases), npx: "", npm: "", "apt-get": "" };
    for (const [name, doing] of Object.entries(standIns)) {
      const text = `#!/bin/bash\necho "${name} $*" >>"${log}"\n${doing}\n`;
      await Deno.writeTextFile(`${directory}/bin/${name}`, text, { mode: 0o755 });
    }
    for (const name of "bash env sed awk cat tee grep timeout mktemp rm dirname".split(" ")) {
      await Deno.symlink(await find(name), `${directory}/bin/${name}`);
    }
    const { code, stdout } = await new Deno.Command(`${directory}/bin/bash`, {
      args: [`${directory}/.ci/run`],
      clearEnv: true,
      env: { PATH: `${directory}/bin` },
    }).output();
    const started = (await Deno.readTextFile(log)).trim().split("\n");
    const last = new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1);
    return { code, started, last };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function find(name: string): Promise<string> {
  for (const directory of (Deno.env.get("PATH") ?? "").split(":")) {
    const path = `${directory}/${name}`;
    if (await Deno.stat(path).then((stat) => stat.isFile, () => false)) return path;
  }
  throw new Error(`there is no ${name} here`);
}

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "CI runs the README's test command before anything is installed, and sums up in one line",
  ignore,
  async fn() {
    const { code, started, last } = await run();
    const work = started.filter((line) => line !== "deno --version");
    assert.equal(work[0], TEST_COMMAND);
    const order = [
      "deno fmt",
      "deno test", // at full width, with nothing but Deno
      "apt-get install",
      "deno task compile",
      "deno task smoke",
    ]
      .map((start) => work.findIndex((line) => line.startsWith(start)));
    assert.ok(!order.includes(-1), work.join("\n"));
    assert.deepEqual(order, order.toSorted((a, b) => a - b), work.join("\n"));
    assert.equal(work.at(-1), "deno task attack");
    assert.deepEqual([code, last], [0, "50 passed, 0 failed"]);
  },
});

for (
  const [what, cases, last] of [
    [
      "a failed test",
      `*"task test"*) echo "FAILED | 29 passed | 1 failed (1s)"; exit 1 ;;`,
      "49 passed, 1 failed",
    ],
    ["a test command that breaks", `*"task test"*) exit 1 ;;`, "20 passed, 1 failed"],
    ["a check that fails", `*"task check"*) exit 1 ;;`, "50 passed, 1 failed"],
    ["a compile that breaks", "*compile*) exit 1 ;;", "42 passed, 1 failed"],
  ] as const
) {
  Deno.test({
    name: `CI fails with ${what}, and goes on to the end`,
    ignore,
    async fn() {
      const ended = await run(cases);
      assert.deepEqual([ended.code, ended.last], [1, last]);
    },
  });
}

Deno.test({
  name: "CI without a base for the binary says so and does not fail",
  ignore,
  async fn() {
    const { code, started, last } = await run("*compile*) exit 3 ;;");
    assert.ok(!started.includes("deno task smoke"));
    assert.deepEqual([code, last], [0, "42 passed, 0 failed"]);
  },
});
