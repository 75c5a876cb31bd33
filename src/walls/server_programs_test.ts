import assert from "node:assert/strict";
import { programOf, type ServerPrograms } from "./server_programs.ts";

async function withPrograms(test: (programs: ServerPrograms, home: string) => void) {
  const home = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${home}/.local/bin`, { recursive: true });
    await Deno.mkdir(`${home}/bin/folder`, { recursive: true });
    await Deno.writeTextFile(`${home}/bin/notes`, "no program", { mode: 0o600 });
    await Deno.writeTextFile(`${home}/.local/bin/mine`, "", { mode: 0o700 });
    const commands = {
      mine: { command: "mine", args: ["a b"], env: { TOKEN: "t" } },
      whole: { command: "/opt/server", args: [], env: {}, cwd: "/srv" },
      beside: { command: "./server", args: [], env: {}, cwd: "/srv" },
      own: { command: "mine", args: [], env: { PATH: `${home}/bin`, HOME: "/elsewhere" } },
      notes: { command: "notes", args: [], env: {} },
      folder: { command: "folder", args: [], env: {} },
    };
    test({ commands, path: `${home}/bin:relative`, home }, home);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

Deno.test("a program is found in PATH and in ~/.local/bin, and told these two and its own", async () => {
  await withPrograms((programs, home) => {
    const path = `${home}/bin:relative:${home}/.local/bin`;
    assert.deepEqual(programOf("mine", programs), {
      program: `${home}/.local/bin/mine`,
      args: ["a b"],
      env: { PATH: path, HOME: home, TOKEN: "t" },
      cwd: home,
    });
    assert.equal(programOf("whole", programs).program, "/opt/server");
    assert.equal(programOf("beside", programs).program, "/srv/server");
  });
});

Deno.test("a program that is not there is told with the places where it was looked for", async () => {
  await withPrograms((programs, home) => {
    for (const server of ["notes", "folder"]) {
      const places = new RegExp(`no program "${server}" in ${home}/bin, ${home}/.local/bin`);
      assert.throws(() => programOf(server, programs), places);
    }
    assert.throws(() => programOf("own", programs), new RegExp(`"mine" in ${home}/bin\\.`));
  });
});

Deno.test("only what the configuration names is started", async () => {
  await withPrograms((programs) => {
    for (const name of ["", "sh", "toString", "__proto__", "/bin/sh"]) {
      assert.throws(() => programOf(name, programs), /names no program of that server/);
    }
  });
});
