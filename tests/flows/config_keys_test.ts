import assert from "node:assert/strict";
import { configKeys } from "../../src/config/keys.ts";
import { approvals } from "./config_keys/approvals.ts";
import { budgets, prices } from "./config_keys/budgets.ts";
import type { Cases } from "./config_keys/cases.ts";
import { channels } from "./config_keys/channels.ts";
import { cleanup } from "./config_keys/cleanup.ts";
import { compaction, memory } from "./config_keys/conversations.ts";
import { gateway, runs } from "./config_keys/gateway.ts";
import { health } from "./config_keys/health.ts";
import { heartbeat } from "./config_keys/heartbeat.ts";
import { models } from "./config_keys/models.ts";
import { network } from "./config_keys/network.ts";
import { programs } from "./config_keys/programs.ts";
import { providers } from "./config_keys/providers.ts";
import { secrets } from "./config_keys/secrets.ts";
import { transcription } from "./config_keys/transcription.ts";
import { servers } from "./config_keys/servers.ts";

// Every documented key changes what the program does: for each there is a case with two values,
// and with what is seen of them.

const TABLES: readonly Cases[] = [
  models,
  approvals,
  budgets,
  prices,
  memory,
  compaction,
  providers,
  programs,
  network,
  secrets,
  transcription,
  servers,
  gateway,
  health,
  heartbeat,
  runs,
  channels,
  cleanup,
];

Deno.test("every documented key has one case, and every case is of a documented key (A18)", () => {
  const documented = configKeys.filter(({ unused }) => unused === undefined)
    .map(({ path }) => path);
  assert.deepEqual(TABLES.flatMap(Object.keys).toSorted(), documented.toSorted());
});

for (
  const [key, { values, expected, observe, test = Deno.test }] of TABLES.flatMap(Object.entries)
) {
  test(`changing ${key} changes what the program does (A18)`, async () => {
    assert.notDeepEqual(values[0], values[1]);
    assert.notDeepEqual(expected[0], expected[1]);
    assert.deepEqual(await observe(), expected);
  });
}
