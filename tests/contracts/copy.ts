import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What one addition is made of. */
export interface Addition {
  /** The one list, and the line that it gets. */
  readonly list: string;
  readonly line: string;
  /** Files of its own, in a folder of its own. */
  readonly files: Readonly<Record<string, string>>;
}

/** A copy of the program with additions. */
export class Copy implements AsyncDisposable {
  private constructor(readonly directory: string) {}

  static async with(additions: readonly Addition[]): Promise<Copy> {
    const copy = new Copy(await Deno.realPath(await Deno.makeTempDir({ prefix: "clambot-copy-" })));
    for (const name of ["main.ts", "deno.json", "deno.lock"]) {
      await Deno.copyFile(join(ROOT, name), join(copy.directory, name));
    }
    await copyTree("src", copy.directory);
    for (const { list, line, files } of additions) {
      await copy.write(list, `${await copy.read(list)}${line}\n`);
      for (const [path, source] of Object.entries(files)) await copy.write(path, source);
    }
    return copy;
  }

  read(path: string): Promise<string> {
    return Deno.readTextFile(join(this.directory, path));
  }

  async write(path: string, text: string): Promise<void> {
    await Deno.mkdir(dirname(join(this.directory, path)), { recursive: true });
    await Deno.writeTextFile(join(this.directory, path), text);
  }

  /** Takes its home away, so that the next start is the first one. */
  async removeHome(): Promise<void> {
    await Deno.remove(join(this.directory, "home"), { recursive: true });
  }

  /** Runs it from source, with a home of its own. */
  async run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", ...FLAGS, "main.ts", ...args],
      cwd: this.directory,
      env: { ...env, NO_COLOR: "1", CLAMBOT_HOME: join(this.directory, "home") },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** Compiles it as the program is compiled; `undefined` where no runtime base can be had. */
  async compile(): Promise<string | undefined> {
    await copyTree("scripts", this.directory);
    const base = Deno.env.get("DENORT_BIN");
    const script = ["run", "-A", "--quiet", "scripts/compile.ts"];
    const version = (await Deno.readTextFile(join(ROOT, ".ci/run"))).match(
      /^compile_version=([\d.]+)/m,
    );
    const [program = "", ...args] = base === undefined
      ? [Deno.execPath(), ...script]
      : ["npx", "--yes", `deno@${version?.[1]}`, ...script];
    const { code, stderr } = await new Deno.Command(program, {
      args,
      cwd: this.directory,
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).output();
    if (code === 3) return undefined;
    if (code !== 0) throw new Error(new TextDecoder().decode(stderr));
    return join(this.directory, "dist", "clambot");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.directory, { recursive: true });
  }
}

const FLAGS = [
  "--quiet",
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-run",
];

/** Copies a directory of the program, without its tests. */
async function copyTree(path: string, to: string): Promise<void> {
  await Deno.mkdir(join(to, path), { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, path))) {
    const inner = join(path, name);
    if (isDirectory && name !== "testdata") await copyTree(inner, to);
    else if (!isDirectory && !name.endsWith("_test.ts")) {
      await Deno.copyFile(join(ROOT, inner), join(to, inner));
    }
  }
}
