// Attacks the binary that CLAMBOT_BINARY names, else dist/clambot, with all that tests/attacks has.
import { fileURLToPath } from "node:url";
import { ATTACK_FILES } from "../tests/binary/attack_files.ts";

const ROOT = new URL("../", import.meta.url);
const FLAGS = "--quiet --parallel --no-prompt --allow-read --allow-write --allow-net --allow-env " +
  "--allow-run --allow-sys";

const binary = Deno.env.get("CLAMBOT_BINARY") ?? fileURLToPath(new URL("dist/clambot", ROOT));
if (!await Deno.stat(binary).then((stat) => stat.isFile, () => false)) {
  console.error(
    `attack: there is no binary at ${binary}; "deno task compile" builds dist/clambot.`,
  );
  Deno.exit(1);
}
const own = Object.keys(ATTACK_FILES).filter((name) => ATTACK_FILES[name] === "itself");
const { code } = await new Deno.Command(Deno.execPath(), {
  args: [
    "test",
    ...FLAGS.split(" "),
    ...own.map((name) => `tests/attacks/${name}`),
    "tests/binary/attacks",
  ],
  cwd: fileURLToPath(ROOT),
  env: { CLAMBOT_BINARY: binary },
}).spawn().status;
Deno.exit(code);
