import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";
import { walk } from "./pipeline.ts";

// What shells are told of a command that answers once and was stopped.

const SLEEPS = (seconds: number) =>
  `async function run() { await echo({ message: "begun" }); await sleep({ seconds: ${seconds} }); return "slept"; }`;

/** Runs a program and gives the signals once it has done its first call. */
async function stopped(seconds: number, ...signals: readonly Deno.Signal[]) {
  await using clambot = await Clambot.inEmptyHome();
  const file = await clambot.write("sleeps.js", SLEEPS(seconds));
  await clambot.write(
    ".clambot/config.json",
    '{ "agents": { "defaults": { "availableTools": ["echo", "sleep"] } } }',
  );
  const child = clambot.start(["run", file, "--tools", "echo,sleep", "--json"]);
  await child.stdin.close();
  await began(`${clambot.home}/audit`);
  for (const signal of signals) child.kill(signal);
  const { code, stdout } = await child.output();
  const text = new TextDecoder().decode(stdout);
  const object = text === "" ? undefined : JSON.parse(text) as {
    readonly status: string;
    readonly value: unknown;
    readonly error?: { readonly code: string };
  };
  return { code, object };
}

/** Until the program has called something. */
async function began(audit: string): Promise<void> {
  for (;;) {
    const files = await walk(audit);
    const texts = await Promise.all(files.map((path) => Deno.readTextFile(path)));
    if (texts.some((text) => text.includes("tool_call"))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test("Ctrl-C stops a program at once: 130, and an answer that says so", async () => {
  const { code, object } = await stopped(50, "SIGINT");
  assert.deepEqual([code, object?.status, object?.error?.code], [130, "failed", "cancelled"]);
});

Deno.test("a stop signal lets a program end in time: its answer and 0", async () => {
  const { code, object } = await stopped(0.5, "SIGTERM");
  assert.deepEqual([code, object?.value], [0, "slept"]);
});

Deno.test("a stop signal interrupts what goes on: 143, and an answer that says so", async () => {
  const { code, object } = await stopped(50, "SIGTERM");
  assert.deepEqual([code, object?.status, object?.error?.code], [143, "failed", "cancelled"]);
});

Deno.test("a second stop signal forces the end: 143", async () => {
  assert.equal((await stopped(50, "SIGTERM", "SIGTERM")).code, 143);
});
