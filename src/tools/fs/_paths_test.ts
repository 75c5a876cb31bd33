import assert from "node:assert/strict";
import type { JsonObject } from "../../domain/json.ts";
import { openWorkspace } from "../../platform/workspace.ts";
import { assertFails, withFsDesk } from "../../../tests/fakes/fs_desk.ts";
import { steppingSignal } from "../../../tests/fakes/stepping_signal.ts";
import { createPaths } from "./_paths.ts";

const never = new AbortController().signal;

Deno.test("deleting a link takes the link, not what it leads to", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.outside}/x.txt`, "x");
    await Deno.symlink(`${desk.outside}/x.txt`, `${desk.root}/link`);
    await desk.call({ operation: "delete", path: "link" });
    assert.equal(await Deno.readTextFile(`${desk.outside}/x.txt`), "x");
    await assert.rejects(Deno.lstat(`${desk.root}/link`));
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
    await withFsDesk(async (desk) => {
      await Deno.writeTextFile(`${desk.outside}/x.txt`, "outside");
      await Deno.symlink(desk.outside, `${desk.root}/link`);
      await Deno.symlink(`${desk.outside}/x.txt`, `${desk.root}/file-link`);
      await Deno.symlink(`${desk.outside}/none`, `${desk.root}/dangling`);
      for (const operation of ["read", "list", "search", "disk_usage", "mkdir"]) {
        const args = operation === "search" ? { query: "x" } : {};
        await assertFails(desk.prepare({ operation, path, ...args }), "path_outside_workspace");
      }
      const write = { operation: "write", path, content: "x" };
      await assertFails(desk.prepare(write), "path_outside_workspace");
      assert.deepEqual(
        (await Array.fromAsync(Deno.readDir(desk.outside))).map(({ name }) => name),
        ["x.txt"],
      );
    });
  });
}

Deno.test("an absolute path inside the workspace, and a link that stays inside, are fine (A137)", async () => {
  await withFsDesk(async (desk) => {
    await desk.call({ operation: "write", path: `${desk.root}/d/a.txt`, content: "a" });
    await Deno.symlink("d", `${desk.root}/link`);
    const prepared = await desk.prepare({ operation: "read", path: "link/a.txt" });
    assert.equal(prepared.args.path, `${desk.root}/d/a.txt`);
    assert.deepEqual(prepared.resource, {
      kind: "file",
      operation: "read",
      path: `${desk.root}/d/a.txt`,
      root: desk.root,
    });
  });
});

Deno.test("uploads can be read by their name and never be changed", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.home}/workspace/upload/in.txt`, "in");
    const { content } = await desk.call({ operation: "read", path: "upload/in.txt" }) as JsonObject;
    assert.equal(content, "in");
    for (
      const args of [
        { operation: "write", content: "x" },
        { operation: "delete" },
        { operation: "move", to: "mine.txt" },
      ]
    ) {
      await assertFails(desk.prepare({ ...args, path: "upload/in.txt" }), "path_protected");
      await assertFails(desk.prepare({ ...args, path: "./upload/in.txt" }), "path_protected");
    }
  });
});

for (
  const name of ["secrets/keys.json", "config.json", "workspace/clams/x/run.js", "cron/jobs.json"]
) {
  Deno.test(`without the restriction fs still never touches ${name}`, async () => {
    await withFsDesk(async (desk) => {
      const path = `${desk.home}/${name}`;
      await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(path, "own");
      await Deno.symlink(path, `${desk.outside}/link`);
      await Deno.symlink(desk.home, `${desk.root}/home`);
      const ways = [path, `${desk.outside}/link`, `home/${name}`, `~/home/${name}`];
      for (const way of ways) {
        await assertFails(desk.prepare({ operation: "read", path: way }), "path_protected");
        const write = { operation: "write", path: way, content: "x" };
        await assertFails(desk.prepare(write), "path_protected");
        if (way === `${desk.outside}/link`) continue; // the link itself is nobody's
        await assertFails(desk.prepare({ operation: "delete", path: way }), "path_protected");
      }
      await Deno.link(path, `${desk.root}/second-name`);
      await assertFails(desk.prepare({ operation: "read", path: "second-name" }), "path_protected");
      assert.equal(await Deno.readTextFile(path), "own");
    }, { restrictToWorkspace: false });
  });
}

Deno.test("the backups of a configuration elsewhere are never touched either (A141)", async () => {
  await withFsDesk(async (desk) => {
    const config = `${desk.outside}/c.json`;
    const around = { restricted: false, kept: [config], userHome: undefined };
    const paths = createPaths(openWorkspace(desk.root, []), around);
    const { signal } = new AbortController();
    for (const name of ["c.json", "c.json.20261126T000000Z.bak", "c.json.lock"]) {
      await Deno.writeTextFile(`${desk.outside}/${name}`, "key");
      await assertFails(paths.find(`${desk.outside}/${name}`, "read", signal), "path_protected");
    }
    await Deno.writeTextFile(`${desk.outside}/c.jsonl`, "");
    await paths.find(`${desk.outside}/c.jsonl`, "read", signal);
  }, { restrictToWorkspace: false });
});

Deno.test("without the restriction other files can be reached, by ~ too, and the home is left out", async () => {
  await withFsDesk(async (desk) => {
    await desk.call({ operation: "write", path: "~/outside/a.txt", content: "needle" });
    assert.equal(await Deno.readTextFile(`${desk.outside}/a.txt`), "needle");
    await Deno.writeTextFile(`${desk.home}/secrets/b.txt`, "needle");
    const { matches } = await desk.call({
      operation: "search",
      path: "~",
      query: "needle",
    }) as JsonObject;
    assert.deepEqual((matches as JsonObject[]).map(({ path }) => path), [`${desk.outside}/a.txt`]);
    await assertFails(
      desk.prepare({ operation: "delete", path: "~", recursive: true }),
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
    await withFsDesk(async (desk) => {
      await Deno.symlink(path, `${desk.root}/link`);
      for (const way of [path, "link", `/tmp/..${path}`]) {
        await assertFails(desk.prepare({ operation: "read", path: way }), "path_protected");
        await assertFails(desk.prepare({ operation: "list", path: way }), "path_protected");
        const write = { operation: "write", path: way, content: "x" };
        await assertFails(desk.prepare(write), "path_protected");
      }
    }, { restrictToWorkspace: false });
  });
}

Deno.test("a file of ClamBot's own is known under a second name anywhere (A141)", async () => {
  await withFsDesk(async (desk) => {
    const config = `${desk.outside}/c.json`;
    await Deno.writeTextFile(config, "key");
    await Deno.link(config, `${desk.outside}/second-name`);
    const around = { restricted: false, kept: [config], userHome: undefined };
    const paths = createPaths(openWorkspace(desk.root, []), around);
    for (const purpose of ["read", "write", "entry"] as const) {
      const found = paths.find(`${desk.outside}/second-name`, purpose, never);
      await assertFails(found, "path_protected");
    }
  }, { restrictToWorkspace: false });
});

Deno.test("a directory of ClamBot's own is known while it bears another name (A141)", async () => {
  await withFsDesk(async (desk) => {
    const [own, other] = [`${desk.outside}/own`, `${desk.outside}/other`];
    await Deno.mkdir(own);
    await Deno.writeTextFile(`${own}/secret`, "key");
    const around = { restricted: false, kept: [own], userHome: undefined };
    const paths = createPaths(openWorkspace(desk.root, []), around);
    const signal = steppingSignal(
      () => Deno.renameSync(own, other), // the path is resolved, but not yet looked at
      () => Deno.renameSync(other, own), // its own places are looked at now
    );
    await assertFails(paths.find(`${other}/secret`, "read", signal), "path_protected");
  }, { restrictToWorkspace: false });
});

Deno.test("a configuration that is reached by a link is kept where it really is too (A141)", async () => {
  await withFsDesk(async (desk) => {
    await Deno.writeTextFile(`${desk.outside}/real.json`, "key");
    await Deno.symlink(`${desk.outside}/real.json`, `${desk.outside}/c.json`);
    const around = { restricted: false, kept: [`${desk.outside}/c.json`], userHome: undefined };
    const paths = createPaths(openWorkspace(desk.root, []), around);
    for (const name of ["c.json", "real.json", "real.json.lock"]) {
      await assertFails(paths.find(`${desk.outside}/${name}`, "read", never), "path_protected");
    }
    // the link itself, which is to be removed, is named as it stands
    await assertFails(paths.find(`${desk.outside}/c.json`, "entry", never), "path_protected");
    assert.equal(await paths.isKept(`${desk.outside}/real.json`), true);
    assert.equal(await paths.holdsKept(desk.outside), true);
  }, { restrictToWorkspace: false });
});

Deno.test("names that would hide what they are cannot be made", async () => {
  await withFsDesk(async (desk) => {
    for (const name of ["a\nb", "a\u001b[2J", "a\u202etxt.exe", "a\u0085b"]) {
      const write = { operation: "write", path: name, content: "x" };
      await assertFails(desk.prepare(write), "tool_arguments_invalid", /control characters/);
      await assertFails(desk.prepare({ operation: "mkdir", path: name }), "tool_arguments_invalid");
    }
    await assertFails(desk.prepare({ operation: "read", path: "a\0b" }), "tool_arguments_invalid");
  });
});
