import assert from "node:assert/strict";
import { parseEnvFile } from "./env_file.ts";

Deno.test("parseEnvFile() reads plain, quoted and exported variables", () => {
  const text = [
    "# keys",
    "OPENAI_API_KEY=sk-1#2",
    "export GROQ_API_KEY = gsk # mine",
    "A='$HOME # x'",
    'B="two\\nlines \\"here\\" \\\\" # comment',
    "EMPTY=",
    "not a variable",
    "1X=2",
    'OPEN="never closed',
    "",
  ].join("\r\n");
  assert.deepEqual([...parseEnvFile(text)], [
    ["OPENAI_API_KEY", "sk-1#2"],
    ["GROQ_API_KEY", "gsk"],
    ["A", "$HOME # x"],
    ["B", 'two\nlines "here" \\'],
    ["EMPTY", ""],
  ]);
});
