import assert from "node:assert/strict";
import { openFiles } from "../platform/files.ts";
import type { Files } from "../platform/platform.ts";
import { createHome, homeLayout, locatePlaces } from "./home.ts";

function find(args: readonly string[], env: Readonly<Record<string, string>>) {
  const located = locatePlaces(args, (name) => env[name], "/place");
  assert(located.kind === "found", located.kind === "failed" ? located.failure.message : "");
  return located.places;
}

function refusal(args: readonly string[], env: Readonly<Record<string, string>>): string {
  const located = locatePlaces(args, (name) => env[name], "/place");
  assert(located.kind === "failed" && located.failure.code === "usage");
  return located.failure.message;
}

const HOME = { HOME: "/home/ada" };

Deno.test("A16: --config goes before CLAMBOT_CONFIG, and that before the home", () => {
  const env = { ...HOME, CLAMBOT_CONFIG: "/etc/b.json" };
  assert.equal(find(["agent", "--config", "/a.json"], env).config, "/a.json");
  assert.equal(find(["agent", "--config=a.json"], env).config, "/place/a.json");
  assert.equal(find(["agent"], env).config, "/etc/b.json");
  assert.equal(find(["agent"], HOME).config, "/home/ada/.clambot/config.json");
});

Deno.test("--home goes before CLAMBOT_HOME, and that before ~/.clambot", () => {
  const env = { ...HOME, CLAMBOT_HOME: "/b" };
  assert.equal(find(["--home", "/a"], env).home, "/a");
  assert.equal(find(["--home=~/a"], env).home, "/home/ada/a");
  assert.equal(find([], env).home, "/b");
  assert.equal(find([], env).config, "/b/config.json");
  assert.equal(find([], HOME).home, "/home/ada/.clambot");
  assert.equal(find([], { USERPROFILE: "/users/ada" }).home, "/users/ada/.clambot");
});

Deno.test("A22: variables are looked for beside the configuration", () => {
  assert.equal(find(["--config", "/etc/x/c.json"], HOME).envFile, "/etc/x/.env");
});

Deno.test("empty variables count as not set", () => {
  const env = { ...HOME, CLAMBOT_HOME: "", CLAMBOT_CONFIG: "" };
  assert.equal(find([], env).config, "/home/ada/.clambot/config.json");
});

Deno.test("what stands behind -- is no option", () => {
  assert.equal(find(["agent", "--", "--home", "/a"], HOME).home, "/home/ada/.clambot");
});

Deno.test("an option without its path is refused", () => {
  assert.equal(refusal(["--config"], HOME), "--config needs a path after it.");
  assert.equal(refusal(["--home="], HOME), "--home needs a path after it.");
});

Deno.test("without any home directory the person is told how to name one", () => {
  assert.match(refusal([], {}), /HOME is not set/);
});

Deno.test("a configuration that the core could write is refused", () => {
  for (const inside of ["workspace/c.json", "state/c.json", "workspace/files/c.json"]) {
    assert.match(refusal(["--config", `/h/${inside}`, "--home", "/h"], HOME), /must not stand in/);
  }
  for (const outside of ["c.json", "workspaces/c.json", "..c.json"]) {
    find(["--config", `/h/${outside}`, "--home", "/h"], HOME);
  }
});

Deno.test("A21: nothing of the program's own lies where the file tool works", () => {
  const { files, upload, writable: _, workspace, home, ...rest } = homeLayout("/h");
  for (const path of Object.values(rest)) {
    assert(!path.startsWith(`${files}/`) && !path.startsWith(`${upload}/`), path);
  }
  assert.equal(files, `${workspace}/files`);
  assert(workspace.startsWith(home));
});

Deno.test("the core may write everything but the configuration", () => {
  const { config, writable, ...rest } = homeLayout("/h");
  const isWritable = (path: string) =>
    writable.some((directory) => path === directory || path.startsWith(`${directory}/`));
  assert(!isWritable(config));
  const { home: _, ...paths } = rest;
  for (const path of Object.values(paths)) assert(isWritable(path), path);
});

async function inHome(action: (files: Files) => Promise<void>): Promise<void> {
  const parent = await Deno.makeTempDir();
  try {
    await action(openFiles(`${parent}/home`));
  } finally {
    await Deno.remove(parent, { recursive: true });
  }
}

async function tree(files: Files, directory = "."): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name, kind } of await files.list(directory)) {
    const path = directory === "." ? name : `${directory}/${name}`;
    if (kind === "directory") Object.assign(found, { [`${path}/`]: "" }, await tree(files, path));
    else found[path] = await files.readText(path) ?? "";
  }
  return found;
}

Deno.test("A19: createHome() makes the directories and the three memory files", () =>
  inHome(async (files) => {
    assert.deepEqual(await createHome(files), []);
    const found = Object.keys(await tree(files));
    for (
      const name of ["clams", "build", "sessions", "logs", "docs", "memory", "upload", "files"]
    ) {
      assert(found.includes(`workspace/${name}/`), name);
    }
    for (const name of ["secrets", "approvals", "cron", "runs", "audit", "usage", "state"]) {
      assert(found.includes(`${name}/`), name);
    }
    assert.deepEqual(found.filter((path) => !path.endsWith("/")), [
      "workspace/memory/HEARTBEAT.md",
      "workspace/memory/HISTORY.md",
      "workspace/memory/MEMORY.md",
    ]);
  }));

Deno.test("A19: a second createHome() changes nothing, and edited files stay", () =>
  inHome(async (files) => {
    await createHome(files);
    await files.replace("workspace/memory/MEMORY.md", "Ada likes tea.");
    await files.replace("workspace/memory/HISTORY.md", "");
    const before = await tree(files);
    assert.deepEqual(await createHome(files), []);
    assert.deepEqual(await tree(files), before);
  }));

Deno.test("A20: the seeded HEARTBEAT.md holds no task and no list at all", () =>
  inHome(async (files) => {
    await createHome(files);
    const text = await files.readText("workspace/memory/HEARTBEAT.md") ?? "";
    assert.doesNotMatch(text, /\[[ xX]?\]|^\s*([-*+]|\d+\.)\s/m);
    for (const line of text.split("\n")) assert.match(line, /^$|^# |^> /);
  }));

Deno.test("A10: everything is made for the owner alone", () =>
  inHome(async (files) => {
    await createHome(files);
    assert.equal((await files.stat("."))?.mode, 0o700);
    for (const path of Object.keys(await tree(files))) {
      assert.equal((await files.stat(path))?.mode, path.endsWith("/") ? 0o700 : 0o600, path);
    }
  }));

Deno.test("A10: looser modes are repaired and told, once", () =>
  inHome(async (files) => {
    await createHome(files);
    await files.replace("config.json", "{}");
    await files.replace("secrets/secrets.json", "{}");
    for (const path of ["config.json", "secrets/secrets.json"]) {
      await Deno.chmod(`${files.path}/${path}`, 0o644);
    }
    for (const path of ["", "secrets", "workspace/sessions"]) {
      await Deno.chmod(`${files.path}/${path}`, 0o755);
    }
    const warnings = await createHome(files);
    assert.deepEqual(warnings.map((line) => line.slice(files.path.length).split(" ")[0]), [
      "",
      "/secrets",
      "/workspace/sessions",
      "/config.json",
      "/secrets/secrets.json",
    ]);
    assert.match(
      warnings[3] ?? "",
      /could be reached by others \(mode 0644\); now only you can\.$/,
    );
    assert.equal((await files.stat("config.json"))?.mode, 0o600);
    assert.equal((await files.stat("."))?.mode, 0o700);
    assert.deepEqual(await createHome(files), []);
  }));
