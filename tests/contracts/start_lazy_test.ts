import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

// What an answer at a terminal loads, as the runtime itself tells it: nothing of what only the
// background needs, nor of what reads documents.

/** Paths of the modules that are evaluated by `agent -m` with a starter clam. */
async function evaluated(): Promise<readonly string[]> {
  const home = await Deno.makeTempDir({ prefix: "clambot-" });
  try {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--log-level=debug", "--no-prompt", "--allow-read", "--allow-write"],
        ...["--allow-net", "--allow-env", "--allow-run", "main.ts"],
        ...["agent", "-m", "what time is it in Tokyo?"],
      ],
      cwd: fileURLToPath(new URL("../../", import.meta.url)),
      env: { CLAMBOT_HOME: `${home}/.clambot`, NO_COLOR: "1" },
      stdin: "null",
    }).output();
    const told = new TextDecoder().decode(stderr);
    assert.equal(code, 0, told.slice(-500));
    return [...told.matchAll(/V8 code cache[^:\n]* for [^:\n]*: ([^\s,]+)/g)].map(([, path = ""]) =>
      path
    );
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

/** What a start must not pay for: packages and folders. */
const LATER = [
  /\/(?:grammy|@grammyjs|croner|markdown-it|unpdf|openai|html-to-text|dns2|diff)\//,
  /\/src\/(?:channels\/(?:telegram|loopback)|gateway|cron|heartbeat|cleanup)\//,
  // which servers there are is known; the client comes with the first of them
  /\/src\/mcp\/(?!(?:definition|entry|login_store|pins|servers|tool_names)\.ts$)/,
];

Deno.test("agent -m loads nothing of channels, jobs, servers and documents", async () => {
  const modules = await evaluated();
  // else nothing was told of what is loaded
  assert.ok(modules.some((path) => path.endsWith("/src/app/app.ts")), modules.join("\n"));
  assert.ok(modules.some((path) => path.includes("/zod/")), modules.join("\n"));
  const early = modules.filter((path) => LATER.some((one) => one.test(path)));
  assert.deepEqual(early.filter((path) => !path.endsWith("/facts.ts")), []);
});
