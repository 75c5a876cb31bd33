import assert from "node:assert/strict";
import type { JsonObject } from "../../domain/json.ts";
import { openWorkspace } from "../../platform/workspace.ts";
import { assertFails, withFsDesk } from "../../../tests/fakes/fs_desk.ts";
import { steppingSignal } from "../../../tests/fakes/stepping_signal.ts";
import { createPaths } from "./_paths.ts";

const never = new AbortController().signal;

Deno.test("deleting a link takes the link, not what it leads to", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.outside}/x.txt`, "x");
    await Deno.symlink(`${context.outside}/x.txt`, `${context.root}/link`);
    await context.call({ operation: "delete", path: "link" });
    assert.equal(await Deno.readTextFile(`${context.outside}/x.txt`), "x");
    await assert.rejects(Deno.lstat(`${context.root}/link`));
  });
});

for (
  const path of [
    "../secrets/x",
    "../../config.json",
    "a/../../../x",
    "/etc/hosts",
    "~",
    "~/x",
    "link/x.txt",
    "link/new.txt",
    "file-link",
    "dangling",
    "dangling/x",
  ]
) {
  Deno.test(`restricted to the workspace, fs refuses ${path} for reading and writing (A137)`, async () => {
    await withFsDesk(async (context) => {
      await Deno.writeTextFile(`${context.outside}/x.txt`, "outside");
      await Deno.symlink(context.outside, `${context.root}/link`);
      await Deno.symlink(`${context.outside}/x.txt`, `${context.root}/file-link`);
      await Deno.symlink(`${context.outside}/none`, `${context.root}/dangling`);
      for (const operation of ["read", "list", "search", "disk_usage", "mkdir"]) {
        const args = operation === "search" ? { query: "x" } : {};
        await assertFails(context.prepare({ operation, path, ...args }), "path_outside_workspace");
      }
      const write = { operation: "write", path, content: "x" };
      await assertFails(context.prepare(write), "path_outside_workspace");
      assert.deepEqual(
        (await Array.fromAsync(Deno.readDir(context.outside))).map(({ name }) => name),
        ["x.txt"],
      );
    });
  });
}

Deno.test("an absolute path inside the workspace, and a link that stays inside, are fine (A137)", async () => {
  await withFsDesk(async (context) => {
    await context.call({ operation: "write", path: `${context.root}/d/a.txt`, content: "a" });
    await Deno.symlink("d", `${context.root}/link`);
    const prepared = await context.prepare({ operation: "read", path: "link/a.txt" });
    assert.equal(prepared.args.path, `${context.root}/d/a.txt`);
    assert.deepEqual(prepared.resource, {
      kind: "file",
      operation: "read",
      path: `${context.root}/d/a.txt`,
      root: context.root,
    });
  });
});

Deno.test("uploads can be read by their name and never be changed", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.home}/workspace/upload/in.txt`, "in");
    const { content } = await context.call({
      operation: "read",
      path: "upload/in.txt",
    }) as JsonObject;
    assert.equal(content, "in");
    for (
      const args of [
        { operation: "write", content: "x" },
        { operation: "delete" },
        { operation: "move", to: "mine.txt" },
      ]
    ) {
      await assertFails(context.prepare({ ...args, path: "upload/in.txt" }), "path_protected");
      await assertFails(context.prepare({ ...args, path: "./upload/in.txt" }), "path_protected");
    }
  });
});

for (
  const name of ["secrets/keys.json", "config.json", "workspace/clams/x/run.js", "cron/jobs.json"]
) {
  Deno.test(`without the restriction fs still never touches ${name}`, async () => {
    await withFsDesk(async (context) => {
      const path = `${context.home}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, "own");
      await Deno.symlink(path, `${context.outside}/link`);
      await Deno.symlink(context.home, `${context.root}/home`);
      const ways = [path, `${context.outside}/link`, `home/${name}`, `~/home/${name}`];
      for (const way of ways) {
        await assertFails(context.prepare({ operation: "read", path: way }), "path_protected");
        const write = { operation: "write", path: way, content: "x" };
        await assertFails(context.prepare(write), "path_protected");
        if (way === `${context.outside}/link`) continue; // the link itself is nobody's
        await assertFails(context.prepare({ operation: "delete", path: way }), "path_protected");
      }
      await Deno.link(path, `${context.root}/second-name`);
      await assertFails(
        context.prepare({ operation: "read", path: "second-name" }),
        "path_protected",
      );
      assert.equal(await Deno.readTextFile(path), "own");
    }, { restrictToWorkspace: false });
  });
}

Deno.test("the backups of a configuration elsewhere are never touched either (A141)", async () => {
  await withFsDesk(async (context) => {
    const config = `${context.outside}/c.json`;
    const around = { restricted: false, kept: [config], userHome: undefined };
    const paths = createPaths(openWorkspace(context.root, []), around);
    const { signal } = new AbortController();
    for (const name of ["c.json", "c.json.20261126T000000Z.bak", "c.json.lock"]) {
      await Deno.writeTextFile(`${context.outside}/${name}`, "key");
      await assertFails(paths.find(`${context.outside}/${name}`, "read", signal), "path_protected");
    }
    await Deno.writeTextFile(`${context.outside}/c.jsonl`, "");
    await paths.find(`${context.outside}/c.jsonl`, "read", signal);
  }, { restrictToWorkspace: false });
});

Deno.test("without the restriction other files can be reached, by ~ too, and the home is left out", async () => {
  await withFsDesk(async (context) => {
    await context.call({ operation: "write", path: "~/outside/a.txt", content: "needle" });
    assert.equal(await Deno.readTextFile(`${context.outside}/a.txt`), "needle");
    await Deno.writeTextFile(`${context.home}/secrets/b.txt`, "needle");
    const { matches } = await context.call({
      operation: "search",
      path: "~",
      query: "needle",
    }) as JsonObject;
    assert.deepEqual((matches as JsonObject[]).map(({ path }) => path), [
      `${context.outside}/a.txt`,
    ]);
    await assertFails(
      context.prepare({ operation: "delete", path: "~", recursive: true }),
      "path_protected",
    );
  }, { restrictToWorkspace: false });
});

for (
  const path of [
    "/proc/self/environ",
    "/proc/self/fd/0",
    "/sys/kernel/profiling",
    "/dev/null",
    "/dev/zero",
    "/dev/shm",
    "/dev",
  ]
) {
  Deno.test(`without the restriction fs still never touches ${path}, by a link neither`, async () => {
    await withFsDesk(async (context) => {
      await Deno.symlink(path, `${context.root}/link`);
      for (const way of [path, "link", `/tmp/..${path}`]) {
        await assertFails(context.prepare({ operation: "read", path: way }), "path_protected");
        await assertFails(context.prepare({ operation: "list", path: way }), "path_protected");
        const write = { operation: "write", path: way, content: "x" };
        await assertFails(context.prepare(write), "path_protected");
      }
    }, { restrictToWorkspace: false });
  });
}

Deno.test("a file of ClamBot's own is known under a second name anywhere (A141)", async () => {
  await withFsDesk(async (context) => {
    const config = `${context.outside}/c.json`;
    await Deno.writeTextFile(config, "key");
    await Deno.link(config, `${context.outside}/second-name`);
    const around = { restricted: false, kept: [config], userHome: undefined };
    const paths = createPaths(openWorkspace(context.root, []), around);
    for (const purpose of ["read", "write", "entry"] as const) {
      const found = paths.find(`${context.outside}/second-name`, purpose, never);
      await assertFails(found, "path_protected");
    }
  }, { restrictToWorkspace: false });
});

Deno.test("a directory of ClamBot's own is known while it bears another name (A141)", async () => {
  await withFsDesk(async (context) => {
    const [own, other] = [`${context.outside}/own`, `${context.outside}/other`];
    await Deno.mkdir(own);
    await Deno.writeTextFile(`${own}/secret`, "key");
    const around = { restricted: false, kept: [own], userHome: undefined };
    const paths = createPaths(openWorkspace(context.root, []), around);
    const signal = steppingSignal(
      () => Deno.renameSync(own, other), // the path is resolved, but not yet looked at
      () => Deno.renameSync(other, own), // its own places are looked at now
    );
    const finding = paths.find(`${other}/secret`, "read", signal);
    // where others change the directory above meanwhile it is looked at twice, and gone by then
    const place = await finding.catch(() => undefined);
    if (place === undefined) await assertFails(finding, "path_protected");
    else assert.equal(place.found, undefined);
  }, { restrictToWorkspace: false });
});

Deno.test("a configuration that is reached by a link is kept where it really is too (A141)", async () => {
  await withFsDesk(async (context) => {
    await Deno.writeTextFile(`${context.outside}/real.json`, "key");
    await Deno.symlink(`${context.outside}/real.json`, `${context.outside}/c.json`);
    const around = { restricted: false, kept: [`${context.outside}/c.json`], userHome: undefined };
    const paths = createPaths(openWorkspace(context.root, []), around);
    for (const name of ["c.json", "real.json", "real.json.lock"]) {
      await assertFails(paths.find(`${context.outside}/${name}`, "read", never), "path_protected");
    }
    // the link itself, which is to be removed, is named as it stands
    await assertFails(paths.find(`${context.outside}/c.json`, "entry", never), "path_protected");
    assert.equal(await paths.isKept(`${context.outside}/real.json`), true);
    assert.equal(await paths.holdsKept(context.outside), true);
  }, { restrictToWorkspace: false });
});

Deno.test("names that would hide what they are cannot be made", async () => {
  await withFsDesk(async (context) => {
    for (const name of ["a\nb", "a\u001b[2J", "a\u202etxt.exe", "a\u0085b"]) {
      const write = { operation: "write", path: name, content: "x" };
      await assertFails(context.prepare(write), "tool_arguments_invalid", /control characters/);
      await assertFails(
        context.prepare({ operation: "mkdir", path: name }),
        "tool_arguments_invalid",
      );
    }
    await assertFails(
      context.prepare({ operation: "read", path: "a\0b" }),
      "tool_arguments_invalid",
    );
  });
});
