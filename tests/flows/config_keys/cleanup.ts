import { DatabaseSync } from "node:sqlite";
import { homeLayout } from "../../../src/config/home.ts";
import { openFiles } from "../../../src/platform/files.ts";
import { createFakeClock } from "../../fakes/clock.ts";
import { plainly } from "../../fakes/plainly.ts";
import { openSessions } from "../../../src/sessions/sessions.ts";
import { sha256Hex } from "../../../src/text/canonical_json.ts";
import type { Pipeline } from "../pipeline.ts";
import { type Cases, type KeyCase, together } from "./cases.ts";

// What `clambot cleanup --dry-run` would put away of one home.

const DAY_MS = 86_400_000;
const AGE_DAYS = 10;
const SCRIPT = "async function run() { return 1; }";

/** Kinds of what is put away, each thing ten days old. */
async function leftovers({ clambot }: Pipeline): Promise<readonly string[]> {
  const workspace = openFiles(homeLayout(clambot.home).workspace);
  const at = Date.now() - AGE_DAYS * DAY_MS;
  const files: Readonly<Record<string, string>> = {
    "clams/idle/run.js": SCRIPT,
    "clams/idle/CLAM.md":
      `---\nname: idle\ndescription: It.\nlanguage: javascript\nversion: 1\nsha256: ${await sha256Hex(
        SCRIPT,
      )}\ndeclared_tools: []\ninputs: {}\nrequests: []\nreusable: true\norigin: person\n---\n`,
    "clams/.usage.json": JSON.stringify({ idle: { count: 1, last_used: at / 1000 } }),
    "build/draft/run.js": SCRIPT,
    "upload/old.pdf": "x",
    "logs/gateway_cron_events.jsonl": "1\n2\n3\n",
  };
  for (const [path, text] of Object.entries(files)) await workspace.replace(path, text);
  for (const path of ["build/draft", "upload/old.pdf"]) {
    await Deno.utime(`${workspace.path}/${path}`, at / 1000, at / 1000);
  }
  const sessions = plainly(openSessions(workspace.under("sessions"), createFakeClock(at)));
  for (const name of ["cli:a", "cli:b"]) {
    await sessions.append(name, { role: "user", content: "hello" });
    await sessions.append(name, { role: "assistant", content: "Yes." });
  }
  await clambot.run(["cron", "add", "--text", "tea", "--at", "2099-01-01T09:00"]);
  const database = new DatabaseSync(`${homeLayout(clambot.home).state}/gateway.sqlite`);
  database.exec(
    `UPDATE jobs SET enabled = 0, next_at = NULL, body = json_set(body, '$.schedule.at', ${at})`,
  );
  database.close();
  // what the history does not tell yet would stay
  await clambot.run(["config", "unset", "agents.defaults.model"]);
  const { object } = await clambot.json(["cleanup", "--dry-run"]);
  const { putAway } = object as unknown as { putAway: readonly { kind: string }[] };
  return putAway.map(({ kind }) => kind);
}

/** A key that has a thing of this kind put away, or not. */
function keyFor(kind: string, values: KeyCase["values"]): KeyCase<readonly string[]> {
  return { values, mark: (kinds) => kinds.includes(kind), expected: [true, false] };
}

export const cleanup: Cases = together({ observe: leftovers }, {
  "heartbeat.cleanup.staleClamDays": keyFor("clam", [AGE_DAYS - 1, AGE_DAYS + 1]),
  "heartbeat.cleanup.orphanBuildHours": keyFor("draft", [23 * AGE_DAYS, 0]),
  "heartbeat.cleanup.uploadRetentionDays": keyFor("upload", [AGE_DAYS - 1, AGE_DAYS + 1]),
  "heartbeat.cleanup.cronLogMaxLines": keyFor("log", [2, 3]),
  "heartbeat.cleanup.pruneDisabledCron": keyFor("job", [true, false]),
  "heartbeat.cleanup.sessionMaxFiles": keyFor("conversation", [1, 2]),
});
