import assert from "node:assert/strict";
import { CALLER, NOBODY_TO_ASK } from "../../../tests/fakes/alone.ts";
import type { JsonObject } from "../../domain/json.ts";
import { parseSecretHost } from "../../secrets/secret_host.ts";
import { parsePlace } from "../../secrets/secret_place.ts";
import type { SecretWish } from "../../secrets/secret_wish.ts";
import { createToolSecrets } from "../../secrets/tool_secrets.ts";
import type { Secret } from "../../secrets/secret.ts";
import { createSecretsAddTool } from "./secrets_add.ts";

const KEPT: Secret = {
  name: "KEPT",
  hosts: [parseSecretHost("api.example")],
  places: [parsePlace("header:X-Key")],
  createdAt: 0,
  updatedAt: 0,
};

/** Calls the tool where `KEPT` is kept; gives what it returned and what the person was asked. */
async function add(args: JsonObject, isThere = false) {
  const wishes: SecretWish[] = [];
  const tool = createSecretsAddTool(createToolSecrets({
    vault: {
      find: (name) => Promise.resolve(name === KEPT.name ? KEPT : undefined),
      reveal: () => assert.fail("the tool wants no value"),
    },
    onUse: () => assert.fail("the tool uses no value"),
  }));
  const signal = new AbortController().signal;
  const context = { ...CALLER, foreign: true, program: { name: "Crab counter" } };
  const person = {
    ...NOBODY_TO_ASK,
    askSecret(wish: SecretWish) {
      wishes.push(wish);
      const { name, hosts, place } = wish;
      return isThere
        ? Promise.resolve({ ...KEPT, name, hosts, places: [place] })
        : NOBODY_TO_ASK.askSecret();
    },
  };
  try {
    const prepared = await tool.prepare(args, context, signal);
    assert.equal(prepared.effect, "none");
    return { result: await prepared.run({} as never, signal, person), wishes, failed: undefined };
  } catch (failed) {
    return { result: undefined, wishes, failed };
  }
}

Deno.test("secrets_add takes no value and names no variable, whatever a program sends (A149)", async () => {
  for (const more of [{ value: "sk-0123456789" }, { from_env: "AWS_SECRET_ACCESS_KEY" }]) {
    const { failed, wishes } = await add({ name: "KEY", ...more }, true);
    assert.equal((failed as { code: string }).code, "tool_arguments_invalid");
    assert.match((failed as Error).message, /leave it out/);
    assert.ok(!(failed as Error).message.includes("sk-0123456789"));
    assert.deepEqual(wishes, []);
  }
});

Deno.test("secrets_add asks the person for what is not kept, and says who asks", async () => {
  const args = { name: "KEY", hosts: ["bücher.example"], place: "query:key", description: "crabs" };
  const { result, wishes } = await add(args, true);
  assert.deepEqual(wishes, [{
    name: "KEY",
    hosts: [parseSecretHost("xn--bcher-kva.example")],
    place: { kind: "query", name: "key" },
    description: "crabs",
    program: "Crab counter",
    foreign: true,
  }]);
  assert.deepEqual(result, {
    ok: true,
    name: "KEY",
    hosts: ["https://xn--bcher-kva.example"],
    places: ["query:key"],
    asked: true,
  });
});

Deno.test("secrets_add asks nobody for what is kept, and adds no host to it (A144)", async () => {
  const { result, wishes } = await add({ name: "KEPT", hosts: ["api.example"] });
  assert.deepEqual(result, {
    ok: true,
    name: "KEPT",
    hosts: ["https://api.example"],
    places: ["header:X-Key"],
    asked: false,
  });
  const more = await add({ name: "KEPT", hosts: ["api.example", "evil.example"] }, true);
  assert.equal((more.failed as { code: string }).code, "secret_not_for_host");
  assert.match((more.failed as Error).message, /not to https:\/\/evil\.example\./);
  assert.deepEqual([...wishes, ...more.wishes], []);
});

Deno.test("secrets_add names what is wrong with name, host or place", async () => {
  for (
    const [args, words] of [
      [{ name: "a b" }, /argument "name"/],
      [{ name: "providers.groq.apiKey" }, /argument "name"/],
      [{ name: "KEY", hosts: ["*.example"] }, /argument "hosts"/],
      [{ name: "KEY", place: "header:Host" }, /argument "place"/],
      [{}, /argument "name" is missing/],
    ] as const
  ) {
    const { failed } = await add(args, true);
    assert.match((failed as Error).message, words);
  }
});

Deno.test("secrets_add fails where nobody gives the secret", async () => {
  const { failed, wishes } = await add({ name: "KEY" });
  assert.equal((failed as { code: string }).code, "secret_not_available");
  assert.equal(wishes.length, 1);
});
