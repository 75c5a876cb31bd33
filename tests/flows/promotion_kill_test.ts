import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { openLibrary } from "../../src/clams/library.ts";
import { createMatcher } from "../../src/clams/match.ts";
import { createClock, createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";

const WRITER = fileURLToPath(new URL("../fixtures/promotion_writer.ts", import.meta.url));
const CONFIG = fileURLToPath(new URL("../../deno.json", import.meta.url));
/** Kills; CLAMBOT_KILLS raises it, as CI does. */
const KILLS = Number(Deno.env.get("CLAMBOT_KILLS") ?? 3);
/** Steps before the last of them; the others come in equal steps before it. */
const MOST_STEPS = 24;

/** What counts last for a clam, as the writer said it. */
interface Kept {
  readonly version: number;
  readonly text: string;
}

/** Kills the writer somewhere behind so many of its steps. */
async function promoteUntilKilled(directory: string, steps: number): Promise<Map<string, Kept>> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "--no-prompt", "--allow-all", "--config", CONFIG]
      .concat(WRITER, directory),
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let output = "";
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
    output += piece;
    if (output.split("\n").length <= steps) continue;
    timer ??= setTimeout(() => child.kill("SIGKILL"), Math.random() * 20);
  }
  assert.equal((await child.status).signal, "SIGKILL");
  const kept = new Map<string, Kept>();
  for (const line of output.split("\n").slice(0, -1)) {
    const [id = "", version = "", ...text] = line.split(" ");
    kept.set(id, { version: Number(version), text: text.join(" ") });
  }
  return kept;
}

Deno.test(`kill -9 at ${KILLS} points of promotions: the old version or the new, never none (A75)`, async () => {
  const directory = await Deno.makeTempDir();
  try {
    const all = new Map<string, Kept>();
    for (let kill = 0; kill < KILLS; kill++) {
      const kept = await promoteUntilKilled(
        directory,
        1 + (kill + Math.random()) / KILLS * MOST_STEPS,
      );
      for (const [id, one] of kept) all.set(id, one);
    }
    assert.ok(all.size > KILLS, "few promotions were made");
    await checkLibrary(directory, all);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

async function checkLibrary(directory: string, all: ReadonlyMap<string, Kept>): Promise<void> {
  const files = openFiles(directory);
  const library = openLibrary({
    workspace: files.under("workspace"),
    state: files.under("state"),
    clock: createClock(),
    random: createRandom(),
    starters: [],
  });
  try {
    assert.deepEqual(await library.problems(), []);
    const matcher = createMatcher({ library });
    for (const [id, { version, text }] of all) {
      const clam = await library.get(id); // throws when script and manifest do not belong together
      // the kill may have come after a step that nobody heard of any more
      assert.ok([version, version + 1, 2].includes(clam.manifest.version), `${id} ${text}`);
      const first = text.replace(/ v\d$/, "");
      assert.ok(clam.manifest.description.startsWith(first));
      assert.equal((await library.version(id, 1)).manifest.description, first);
      const match = await matcher.find(clam.manifest.requests[0] ?? "");
      assert.equal(match?.clam, id, "the index knows what lies on disk");
    }
  } finally {
    library.close();
  }
}
