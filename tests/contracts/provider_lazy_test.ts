import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { loadedWith } from "./loaded_with.ts";

// Start-up must not pay for providers: their code is loaded with the first question.

for (const name of ["catalog", "names", "readiness", "choose", "prices", "open_model"]) {
  Deno.test(`src/providers/${name}.ts loads no provider's code`, async () => {
    const loaded = await loadedWith(`src/providers/${name}.ts`);
    assert.ok(loaded.includes(`providers/${name}.ts`), `${loaded}`);
    const heavy = loaded.filter((module) =>
      /^npm:\/?openai@/.test(module) ||
      /\/(?:openai_compatible|anthropic|openai_codex)\/(?!facts\.ts$)/.test(module)
    );
    assert.deepEqual(heavy, []);
  });
}

Deno.test("lists, checks and detection do not load the openai package", async () => {
  for (const name of ["models", "check", "detect", "codex_login", "whisper"]) {
    const loaded = await loadedWith(`src/providers/${name}.ts`);
    assert.deepEqual(loaded.filter((module) => /^npm:\/?openai@/.test(module)), []);
  }
});

Deno.test("the test would notice: the adapter itself does know the package", async () => {
  const text = await Deno.readTextFile(
    here("../../src/providers/openai_compatible/adapter.ts"),
  );
  assert.match(text, /await import\("openai"\)/);
});

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

Deno.test("the house is put together without what listens to recordings", async () => {
  const loaded = await loadedWith("src/app/app.ts");
  assert.ok(loaded.includes("app/listening.ts"), `${loaded}`);
  assert.deepEqual(
    loaded.filter((module) => /^providers\/(?:whisper|open_transcriber)\.ts$/.test(module)),
    [],
  );
});
