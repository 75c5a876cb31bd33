import assert from "node:assert/strict";
import { openFiles } from "../platform/files.ts";
import { createRandom } from "../platform/deno.ts";
import { createBudget } from "../usage/budget.ts";
import { openLedger } from "../usage/ledger.ts";
import { status, text, withBench } from "../../tests/contracts/provider_bench.ts";
import { meteredModel } from "./metered_model.ts";
import { NO_SECRETS } from "../../tests/fakes/plainly.ts";

const never = () => new AbortController().signal;
const SCHEMA = { name: "verdict", json: { type: "object" } } as const;

Deno.test("every request on the wire is reserved, written down, and stopped by the budget", async () => {
  const home = await Deno.makeTempDir();
  const script = [status(500, "oops"), text('{"decision": "accept"}')];
  try {
    await withBench(
      { provider: "custom", model: "m" },
      script,
      async ({ model, server, clock }) => {
        const ledger = openLedger(openFiles(home), clock);
        const limits = { perTurn: { calls: 3 }, perDay: {} };
        const budget = createBudget({ limits, ledger, clock, random: createRandom() });
        let calls = 0;
        const metered = meteredModel(model, {
          budget,
          turn: "t1",
          origin: "cli",
          redactor: NO_SECRETS,
          onCall: () => calls++,
        });
        const prompt = { messages: [{ role: "user", text: "ok?" }], maxTokens: 50 } as const;
        await metered.complete({ ...prompt, schema: SCHEMA }, never());
        assert.equal(calls, 2);
        await metered.complete(prompt, never());
        await assert.rejects(metered.complete(prompt, never()), { code: "budget_exceeded" });
        assert.equal(server.requests.length, 3);
        const { lines } = await ledger.read("2000-01-01");
        const ended = lines.flatMap((line) => line.kind === "call" ? [line] : []);
        assert.deepEqual(
          ended.map(({ purpose, outcome, input, usd }) => [purpose, outcome, input, usd]),
          [
            ["verdict", "provider_broken", 0, 0],
            ["verdict", "ok", 100, null],
            ["text", "ok", 100, null],
          ],
        );
      },
    );
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
