import assert from "node:assert/strict";
import { openFiles } from "../platform/files.ts";
import type { Clock, Files } from "../platform/platform.ts";
import { saveConfig } from "./save.ts";

const OLD = '{\n  "agents": { "defaults": { "model": "old/model" } }\n}\n';
const MODEL = { key: "agents.defaults.model", value: "new/model" };

function clockAt(iso: string): Clock {
  const now = Date.parse(iso);
  return { now: () => now, monotonic: () => 0, zone: () => "UTC", sleep: () => Promise.resolve() };
}
const clock = clockAt("2026-11-24T02:05:00.123Z");

async function inHome(action: (files: Files) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await action(openFiles(path));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

async function names(files: Files): Promise<readonly string[]> {
  const entries = await files.list();
  return entries.map(({ name }) => name).filter((name) => !name.endsWith(".lock"));
}

Deno.test("saveConfig() writes the change and keeps the old file as a dated backup", () =>
  inHome(async (files) => {
    await files.replace("config.json", OLD);
    const lines = await saveConfig(files, "config.json", [MODEL], clock);
    assert.deepEqual(lines, ['agents.defaults.model = "new/model"']);
    assert.equal(await files.readText("config.json"), OLD.replace("old/model", "new/model"));
    assert.deepEqual(await names(files), ["config.json", "config.json.20261124T020500Z.bak"]);
    assert.equal(await files.readText("config.json.20261124T020500Z.bak"), OLD);
  }));

Deno.test("saveConfig() keeps one backup, the newest, and no other file is touched", () =>
  inHome(async (files) => {
    await files.replace("config.json", OLD);
    await files.replace("config.json.mine.bak", "mine");
    await saveConfig(files, "config.json", [MODEL], clock);
    const later = clockAt("2026-11-25T00:00:00Z");
    await saveConfig(files, "config.json", [{ ...MODEL, value: "x" }], later);
    assert.deepEqual(await names(files), [
      "config.json",
      "config.json.20261125T000000Z.bak",
      "config.json.mine.bak",
    ]);
  }));

Deno.test("A10: the file and its backup are the owner's alone", () =>
  inHome(async (files) => {
    await Deno.writeTextFile(`${files.path}/config.json`, OLD, { mode: 0o644 });
    await saveConfig(files, "config.json", [MODEL], clock);
    for (const name of await names(files)) {
      assert.equal((await files.stat(name))?.mode, 0o600, name);
    }
  }));

Deno.test("saveConfig() makes several changes together or none", () =>
  inHome(async (files) => {
    await files.replace("config.json", OLD);
    const wrong = { key: "agents.defaults.maxTokens", value: "many" };
    await assert.rejects(saveConfig(files, "config.json", [MODEL, wrong], clock), {
      message: 'agents.defaults.maxTokens: expected a whole number of at least 1, got "many".',
    });
    assert.equal(await files.readText("config.json"), OLD);
    assert.deepEqual(await names(files), ["config.json"]);
  }));

Deno.test("A9: saveConfig() leaves a file with a JSON mistake as it is", () =>
  inHome(async (files) => {
    await files.replace("config.json", '{"agents": ');
    await assert.rejects(saveConfig(files, "config.json", [MODEL], clock), {
      code: "config_invalid",
    });
    assert.equal(await files.readText("config.json"), '{"agents": ');
    assert.deepEqual(await names(files), ["config.json"]);
  }));

Deno.test("saveConfig() does not touch a file that already says so", () =>
  inHome(async (files) => {
    await files.replace("config.json", OLD);
    await saveConfig(files, "config.json", [{ ...MODEL, value: "old/model" }], clock);
    assert.deepEqual(await names(files), ["config.json"]);
  }));

Deno.test("A11: wherever a save stops, the file is the old or the new one", () =>
  inHome(async (files) => {
    const after = OLD.replace("old/model", "new/model");
    for (let allowed = 0, done = false; !done; allowed++) {
      await files.remove(".");
      await files.replace("config.json", OLD);
      try {
        await saveConfig(dyingAfter(files, allowed), "config.json", [MODEL], clock);
        done = true;
      } catch (error) {
        assert.equal((error as Error).message, "killed");
      }
      const text = await files.readText("config.json");
      assert(text === OLD || text === after);
      const backup = await files.readText("config.json.20261124T020500Z.bak");
      assert(text === OLD || backup === OLD);
    }
  }));

Deno.test("A12: two processes that change different keys lose nothing", () =>
  inHome(async (files) => {
    const change = (key: string) =>
      new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-prompt", "--no-check", "--cached-only"],
          ...["--allow-read", "--allow-write", "--allow-env"],
          ...[new URL("./testdata/changer.ts", import.meta.url).href, files.path, key, "20"],
        ],
        stderr: "inherit",
      }).output();
    const ends = await Promise.all([
      change("agents.defaults.maxTokens"),
      change("agents.selector.maxTokens"),
      change("tools.filesystem.maxReadBytes"),
    ]);
    assert(ends.every(({ success }) => success));
    assert.deepEqual(JSON.parse(await files.readText("config.json") ?? ""), {
      agents: { defaults: { maxTokens: 20 }, selector: { maxTokens: 20 } },
      tools: { filesystem: { maxReadBytes: 20 } },
    });
  }));

/** Files that stop working after some writes, as if the process were killed there. */
function dyingAfter(files: Files, writes: number): Files {
  let left = writes;
  const step = <T>(action: () => Promise<T>) => {
    if (left-- <= 0) return Promise.reject(new Error("killed"));
    return action();
  };
  return {
    ...files,
    replace: (path, content) => step(() => files.replace(path, content)),
    remove: (path) => step(() => files.remove(path)),
    move: (from, to) => step(() => files.move(from, to)),
  };
}
