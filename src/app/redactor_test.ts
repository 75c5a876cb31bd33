import assert from "node:assert/strict";
import { parseConfig } from "../config/parse.ts";
import type { Vault } from "../secrets/vault.ts";
import { openRedactor } from "./redactor.ts";

Deno.test("every value of the configuration that is secret is taken out of texts", () => {
  const secrets = [
    "key-of-groq-1",
    "header-of-groq-2",
    "token-of-a-bot-3",
    "env-of-mcp-4",
    "head-of-mcp-5",
  ];
  const [apiKey, header, token, variable, head] = secrets;
  const read = parseConfig(
    JSON.stringify({
      providers: { groq: { apiKey, extraHeaders: { "x-key": header } } },
      channels: { telegram: { token } },
      tools: {
        mcpServers: { files: { command: "npx", env: { KEY: variable }, headers: { a: head } } },
      },
    }),
    "config.json",
  );
  assert.ok(read.kind === "ok");
  const { redact } = openRedactor(read.config, new Map(), { values: () => [] } as unknown as Vault);
  for (const secret of secrets) assert.equal(redact(`(${secret})`), "([redacted])");
});
