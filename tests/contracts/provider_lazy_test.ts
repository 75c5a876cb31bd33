import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

// Start-up must not pay for providers: their code is loaded with the first question.

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly isDynamic?: boolean;
    readonly code?: { readonly specifier?: string };
  }[];
}

/** Everything that is loaded with a module, dynamic imports left out. */
async function loadedWith(path: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", path],
    cwd: here("../../"),
    stdout: "piped",
    stderr: "null",
  }).output();
  const { roots, modules } = JSON.parse(new TextDecoder().decode(stdout)) as {
    roots: string[];
    modules: Module[];
  };
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set(roots);
  for (const specifier of loaded) {
    for (const { isDynamic, code } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (!isDynamic && code?.specifier) loaded.add(code.specifier);
    }
  }
  return [...loaded].map((specifier) => specifier.replace(/^.*\/src\//, ""));
}

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
