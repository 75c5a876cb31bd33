import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { Clambot } from "../flows/clambot.ts";

// Everything that the flows promise from source holds in the binary too: they run again with it.
const binary = fileURLToPath(new URL("../../dist/clambot", import.meta.url));
Deno.env.set("CLAMBOT_BINARY", binary);
for (
  const flow of [
    "first_answer",
    "help",
    "run",
    "walls",
    "config",
    "starter_clams",
    "clams_import",
    "documents",
    "mcp_official",
    "json_failures",
    "terminal",
    "config_keys",
    "supervised",
    "notify",
    "service",
    "stop_signals",
    "stop",
  ]
) {
  await import(`../flows/${flow}_test.ts`);
}

Deno.test("the binary answers in an empty directory, without network and with nothing in the environment (A249)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const child = new Deno.Command(binary, {
    args: ["agent", "-m", "what time is it in Tokyo?"],
    cwd: clambot.directory,
    clearEnv: true,
    env: { HOME: clambot.directory },
    stdin: "null",
  });
  const { code, stdout, stderr } = await child.output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.match(new TextDecoder().decode(stdout), /in Tokyo/);
});

Deno.test("the binary is under 110 MB and prints its version (A47, A289)", async () => {
  assert.ok((await Deno.stat(binary)).size < 110e6);
  await using clambot = await Clambot.inEmptyHome();
  const { stdout } = await clambot.run(["--version"]);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});
