import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import type { JsonObject } from "../../src/domain/json.ts";
import { type FsWorld, openFsWorld } from "../fakes/fs_world.ts";
import { EMPTY_TRACE, SIEGES, treeOf } from "./file_calls.ts";

// A second process swaps a file or directory with a link to the outside while the tool works, and
// sets the times of the directory above back, so that they tell nothing. Whatever the tool answers:
// what is outside is never told and never touched.

const SWAPPER = fileURLToPath(new URL("../fixtures/link_swapper.ts", import.meta.url));
const CANARY = "the canary sings outside";
const MILLISECONDS = 700;

interface Attack {
  /** What is swapped, below the root. */
  readonly target: string;
  /** What the link leads to, below the outside directory. */
  readonly other: string;
  /** The file, below the root. */
  readonly path: string;
}

async function startSwapper(world: FsWorld, attack: Attack): Promise<AsyncDisposable> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-config", "--no-prompt", "--allow-read", "--allow-write", SWAPPER],
      ...[`${world.root}/${attack.target}`, `${world.outside}/${attack.other}`],
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

async function besiege(
  attack: Attack,
  calls: (round: number) => JsonObject[],
  trace = EMPTY_TRACE,
): Promise<void> {
  await using world = await openFsWorld();
  await Deno.mkdir(`${world.root}/d/e`, { recursive: true });
  await Deno.mkdir(`${world.outside}/d/e`, { recursive: true });
  await Deno.mkdir(`${world.outside}/d/only-outside`);
  const inside = ["f.txt", "d/f.txt", "d/e/f.txt"];
  for (const name of inside) {
    await Deno.writeTextFile(`${world.root}/${name}`, "inside");
    await Deno.writeTextFile(`${world.outside}/${name}`, CANARY);
  }
  const before = await treeOf(world.outside);
  let [results, failures] = [0, 0];
  {
    await using _swapper = await startSwapper(world, attack);
    const end = performance.now() + MILLISECONDS;
    for (let round = 0; performance.now() < end; round++) {
      for (const call of calls(round)) {
        if (performance.now() > end) break;
        const ending = await world.call(call);
        if (ending.kind === "result") results++;
        else failures++;
        const told = JSON.stringify(ending);
        assert.ok(!told.includes("canary"), `the canary was told: ${told}`);
        assert.ok(!told.includes("only-outside"), `the outside was listed: ${told}`);
      }
    }
  }
  const after = await treeOf(world.outside);
  assert.deepEqual(after.filter((line) => !trace.test(line)), before);
  for (const line of await treeOf(`${world.home}/state`)) {
    assert.ok(!line.includes("canary"), `the canary was kept: ${line}`);
  }
  assert.ok(results + failures > 0);
}

Deno.test("T25: fs leaves no directory outside while the one above is swapped with a link (S12)", async () => {
  for (let time = 0; time < 3; time++) {
    await besiege({ target: "d", other: "d", path: "d" }, (round) => [
      { operation: "mkdir", path: `d/made-${round}` },
      { operation: "write", path: `d/for-${round}/a/b.txt`, content: "new" },
    ], /$^/);
  }
});

const DIRECTORY = { target: "d", other: "d", path: "d/f.txt" };
const DEEP = { target: "d", other: "d", path: "d/e/f.txt" };

const VARIANTS: Readonly<Record<string, Attack>> = {
  "a directory": DIRECTORY,
  "a directory far above": DEEP,
};

for (const [what, attack] of Object.entries(VARIANTS)) {
  for (const [does, calls] of Object.entries(SIEGES)) {
    Deno.test(`T25: fs ${does} outside while ${what} is swapped with a link`, async () => {
      await besiege(attack, (round) => calls(attack.path, round));
    });
  }
}
