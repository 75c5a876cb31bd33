import assert from "node:assert/strict";
import { loadedWith } from "./loaded_with.ts";

Deno.test("the launcher starts without any package, and with few rooms", async () => {
  const loaded = [...await loadedWith("main.ts"), ...await loadedWith("src/walls/launch.ts")];
  assert.ok(loaded.includes("walls/supervisor.ts"), `${loaded}`);
  const foreign = loaded.filter((module) => /^(?:npm|jsr|https?):/.test(module));
  assert.deepEqual(foreign, [], "packages");
  const rooms = new Set(loaded.flatMap((one) => /^([a-z]+)[/]/.exec(one)?.[1] ?? []));
  const wanted = [
    "cli",
    "config",
    "domain",
    "platform",
    "providers",
    "secrets",
    "text",
    "tools",
    "walls",
  ];
  assert.deepEqual([...rooms].filter((room) => !wanted.includes(room)), [], "rooms");
  const code = loaded.filter((one) => /^(?:cli|tools|providers)\//.test(one));
  const facts =
    /\/facts\.ts$|_list\.ts$|^cli\/command|^tools\/names|^providers\/(?:catalog|provider)/;
  assert.deepEqual(code.filter((one) => !facts.test(one)), [], "only facts of commands and tools");
});

Deno.test("the test would notice: the core starts with packages", async () => {
  const loaded = await loadedWith("src/walls/core.ts");
  assert.ok(loaded.some((module) => module.startsWith("npm:")));
});
