import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { MAIN, WORKERS } from "../../scripts/bundle.ts";

// What `deno task compile` says where it cannot build, and that it takes nothing away then. That it
// builds is shown by the tests of the binary.

const COMPILE = fileURLToPath(new URL("../../scripts/compile.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
const FLAGS = "run --quiet --no-prompt --allow-read --allow-write --allow-env --allow-run";

async function compile(args: readonly string[], env: Readonly<Record<string, string>>) {
  const names = ["PATH", "DENO_DIR", "DENO_TLS_CA_STORE"];
  const own = names.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value]];
  });
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...FLAGS.split(" "), `--config=${CONFIG}`, COMPILE, ...args],
    clearEnv: true,
    env: { ...Object.fromEntries(own), NO_COLOR: "1", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Compiles a small program where one was built before, fails, and gives what was said. */
async function failIn(env: Readonly<Record<string, string>>, expected: number): Promise<string> {
  const directory = await Deno.makeTempDir({ prefix: "compile-" });
  const output = `${directory}/program`;
  const bundle = `${directory}/bundle`;
  try {
    await Deno.writeTextFile(output, "built before");
    await Deno.mkdir(bundle);
    for (const name of [MAIN, ...WORKERS]) {
      await Deno.writeTextFile(`${bundle}/${name}`, "console.log('1.2.3');\n");
    }
    const own = { HOME: directory, DENO_DIR: `${directory}/cache`, ...env };
    const ended = await compile(["--output", output, "--bundle", bundle], own);
    assert.deepEqual([ended.code, ended.stdout], [expected, ""], ended.stderr);
    assert.equal(ended.stderr.split("\n").length, 2, `one line: ${ended.stderr}`);
    assert.match(ended.stderr, /^compile: .*program is as it was\.\n$/);
    assert.equal(await Deno.readTextFile(output), "built before");
    const left = [...Deno.readDirSync(directory)].map(({ name }) => name);
    assert.deepEqual(left.filter((name) => name !== "cache").sort(), ["bundle", "program"]);
    return ended.stderr;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

const SET_IT = `set it to a denort of Deno ${Deno.version.deno}, which is what runs this`;
const NOWHERE = "http://127.0.0.1:9";

Deno.test("compile where Deno's download host cannot be reached says where a base comes from", async () => {
  const said = await failIn({ HTTPS_PROXY: NOWHERE, https_proxy: NOWHERE }, 3);
  const { deno } = Deno.version;
  assert.ok(said.includes(`no runtime base of Deno ${deno} can be fetched from dl.deno.land`));
  assert.ok(said.includes(`set DENORT_BIN to a denort of Deno ${deno}.`));
});

for (
  const [what, base, why] of [
    ["is not there", "/no/such/file", "which is no file"],
    // some versions of Deno find out while they build, some do not
    ["is no program", CONFIG, "(on which nothing can be built|with which .* does not start)"],
    // Deno itself is a program of the right kind that does not look for another one inside.
    ["starts nothing", Deno.execPath(), "with which the program does not start"],
  ] as const
) {
  Deno.test(`compile with a base that ${what} says so, and which one it needs`, async () => {
    const said = await failIn({ DENORT_BIN: base }, 1);
    assert.match(said, new RegExp(`DENORT_BIN names "${base}", ${why}: ${SET_IT}`));
  });
}

Deno.test("compile tells an option that it does not know in a sentence, and does nothing", async () => {
  const { code, stdout, stderr } = await compile(["--frobnicate"], {});
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /^compile: Unknown option '--frobnicate'.*\n$/);
});
