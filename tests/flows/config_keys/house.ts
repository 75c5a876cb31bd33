import assert from "node:assert/strict";
import type { App } from "../../../src/app/app.ts";
import { findMisforms } from "../../../src/app/config_forms.ts";
import { startApp, type Use } from "../../../src/app/start.ts";
import type { Approver } from "../../../src/approvals/approver.ts";
import { createHome, homeLayout } from "../../../src/config/home.ts";
import { parseConfig } from "../../../src/config/parse.ts";
import type { Answer } from "../../../src/domain/turn.ts";
import { openFiles } from "../../../src/platform/files.ts";
import { NOBODY } from "../../fakes/nobody.ts";
import type { Pipeline } from "../pipeline.ts";
import { createWorkersHere } from "../../fakes/workers.ts";

// The house without its outer walls: what the core builds, in the process of the test. For keys
// that need many turns and no program.

/** Asks one after the other in one conversation, and gives the answers. */
export async function converse(
  { clambot }: Pipeline,
  requests: readonly string[],
  conversations: readonly string[] = [],
): Promise<Answer[]> {
  const app = await openApp(clambot.home);
  try {
    const answers: Answer[] = [];
    const { signal } = new AbortController();
    for (const [index, text] of requests.entries()) {
      const at = app.stores.clock.now();
      const conversation = conversations[index] ?? "cli:test";
      const message = { origin: "cli", conversation, text, at } as const;
      answers.push(await app.openTurn(message, { approver: NOBODY_ASKED }, signal));
    }
    await app.finish();
    return answers;
  } finally {
    app.close();
  }
}

/** The key that a person is told to raise; null when the last answer was one. */
export function exhausted(answers: readonly Answer[]): string | null {
  const failure = answers.at(-1)?.failure;
  if (failure === undefined) return null;
  assert.equal(failure.code, "budget_exceeded", failure.message);
  return / raise ([\w.]+)\.$/.exec(failure.hint ?? "")?.[1] ?? failure.message;
}

/** The house over a home, with its configuration. */
export async function openApp(home: string, use: Use = { once: true }): Promise<App> {
  const path = `${home}/config.json`;
  await createHome(openFiles(home));
  const read = parseConfig(await Deno.readTextFile(path), path, findMisforms);
  assert.ok(read.kind === "ok");
  return await startApp({
    workers: createWorkersHere(),
    layout: homeLayout(home),
    configPath: path,
    config: read.config,
    environment: {},
    terminal: NOBODY,
    openFiles,
  }, use);
}

const NOBODY_ASKED: Approver = { ask: () => Promise.resolve({ kind: "unavailable" }) };
