import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

// systemctl, loginctl and journalctl are scripts here that write down how they were started.

const SCRIPT = `#!/bin/sh
echo "$(basename "$0") $*" >> "$HOME/started"
case "$(basename "$0") $*" in
  *is-system-running) cat "$HOME/running";;
  *" restart "*) cat "$HOME/refusal" >&2; test ! -s "$HOME/refusal";;
  *" show "*) echo "ActiveState=$(cat "$HOME/state")"
    printf 'SubState=running\\nUnitFileState=enabled\\nResult=success\\n'
    printf 'MainPID=41\\nNRestarts=2\\nStatusText=It serves.\\n';;
  loginctl*) cat "$HOME/linger";;
  journalctl*) echo "a line of the journal";;
esac
`;

/** A home with a systemd that runs, where nothing goes on after the log-out. */
async function inHomeWithSystemd(): Promise<{ clambot: Clambot; env: Record<string, string> }> {
  const clambot = await Clambot.inEmptyHome();
  for (const name of ["systemctl", "loginctl", "journalctl"]) {
    await Deno.chmod(await clambot.write(`bin/${name}`, SCRIPT), 0o755);
  }
  const said = { running: "running\n", state: "active\n", linger: "no\n", refusal: "" };
  for (const [name, text] of Object.entries(said)) await clambot.write(name, text);
  const path = `${clambot.directory}/bin:${Deno.env.get("PATH")}`;
  return { clambot, env: { PATH: path, USER: "ann" } };
}

async function startedIn({ directory }: Clambot): Promise<string[]> {
  const text = await Deno.readTextFile(`${directory}/started`).catch(() => "");
  return text.split("\n").filter((line) => line !== "");
}

const unitIn = ({ directory }: Clambot) => `${directory}/.config/systemd/user/clambot.service`;

const test = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: Deno.build.os !== "linux", fn });

test("service install writes the unit, has systemd start it, and tells of lingering (P072, A243)", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  const { code, stdout, stderr } = await clambot.run(["service", "install"], { env });
  assert.equal(code, 0, stderr);
  assert.match(stdout, /clambot\.service is enabled and runs\.\n.*loginctl enable-linger\n$/);
  assert.deepEqual(await startedIn(clambot), [
    "systemctl --user is-system-running",
    "systemctl --user daemon-reload",
    "systemctl --user enable clambot.service",
    "systemctl --user restart clambot.service",
    "loginctl show-user --property=Linger --value -- ann",
  ]);
  const unit = await Deno.readTextFile(unitIn(clambot));
  assert.match(unit, new RegExp(`^ExecStart=.* gateway --home ${clambot.home}$`, "m"));
  const printed = await clambot.run(["service", "install", "--print"], { env });
  assert.deepEqual([printed.stdout, printed.stderr], [unit, ""]);

  const { object } = await clambot.json(["service", "status"], { env });
  const { runs, pid, restarts, says, file, lingers } = object;
  assert.deepEqual([runs, pid, restarts, says, file, lingers], [
    ...[true, 41, 2, "It serves.", "same", false],
  ]);
  const shown = await clambot.run(["service", "status"], { env });
  assert.match(shown.stdout, /loginctl enable-linger/);
  await clambot.write("linger", "yes\n");
  const lingering = await clambot.run(["service", "status"], { env });
  assert.equal(lingering.code, 0);
  assert.doesNotMatch(lingering.stdout, /enable-linger/);
  await clambot.write("state", "activating\n"); // such as between two tries to start it
  assert.equal((await clambot.run(["service", "status"], { env })).code, 1);

  const removed = await clambot.run(["service", "uninstall"], { env });
  assert.equal(removed.code, 0, removed.stderr);
  assert.equal(await Deno.stat(unitIn(clambot)).catch(() => undefined), undefined);
  assert.ok((await startedIn(clambot)).includes("systemctl --user disable --now clambot.service"));
  const again = await clambot.run(["service", "uninstall"], { env });
  assert.match(again.stderr, /^clambot: There is no unit ".*"\.\n$/);
  assert.equal(again.code, 1);
});

test("service install follows the configuration, and status tells when the unit does not", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  await clambot.run(["service", "install"], { env });
  await clambot.write(".clambot/config.json", '{ "gateway": { "shutdownSeconds": 100 } }');
  const { object } = await clambot.json(["service", "status"], { env });
  assert.equal(object.file, "other");
  const { stdout } = await clambot.run(["service", "install", "--print"], { env });
  assert.ok(Number(/^TimeoutStopSec=(\d+)$/m.exec(stdout)?.[1]) > 100);
});

test("service status knows the key's file of a unit that was installed with one", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  const key = await clambot.write("100%/vault key", "k".repeat(64));
  await clambot.run(["service", "install", "--credential", key], { env });
  const { object } = await clambot.json(["service", "status"], { env });
  assert.equal(object.file, "same");
  const { stdout } = await clambot.run(["service", "install", "--print"], { env });
  assert.doesNotMatch(stdout, /LoadCredential/, "what is not said is not installed");
});

test("a home whose path is too long for a socket has its socket elsewhere, and the unit lets it", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  const home = `${clambot.directory}/${"long".repeat(25)}`;
  const paths = async (...args: readonly string[]) => {
    const setting = { env: { ...env, XDG_RUNTIME_DIR: "/run/user/7" } };
    const { stdout } = await clambot.run([...args, "service", "install", "--print"], setting);
    return /^ReadWritePaths=(.*)$/m.exec(stdout)?.[1];
  };
  assert.equal(await paths(), clambot.home);
  assert.equal(await paths("--home", home), `${home} /run/user/7`);
});

test("without systemd, install says so in one sentence and writes nothing", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  for (const [path, running] of [[env.PATH, "offline\n"], [`${clambot.directory}/none`, ""]]) {
    await clambot.write("running", running ?? "");
    const ended = await clambot.run(["service", "install"], { env: { ...env, PATH: path ?? "" } });
    assert.match(ended.stderr, /^clambot: [^\n]*systemd[^\n]*\n {2}[^\n]*--print[^\n]*\n$/);
    assert.deepEqual([ended.code, ended.stdout], [1, ""]);
  }
  assert.equal(await Deno.stat(unitIn(clambot)).catch(() => undefined), undefined);
});

test("what systemd refuses is told in its own words", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  await clambot.write("refusal", "Job for clambot.service failed.\nSee more.\n");
  const { code, stderr } = await clambot.run(["service", "install"], { env });
  assert.match(
    stderr,
    /did not restart "clambot": Job for clambot\.service failed\.\n.*service logs/,
  );
  assert.equal(code, 1);
});

test("a unit that clambot did not make is neither replaced nor removed", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  await clambot.write(".config/systemd/user/clambot.service", "[Service]\nExecStart=/bin/true\n");
  for (const command of ["install", "uninstall"]) {
    const { code, stderr } = await clambot.run(["service", command], { env });
    assert.match(stderr, /was not made by clambot, so it stays as it is/);
    assert.equal(code, 1);
  }
  assert.match(await Deno.readTextFile(unitIn(clambot)), /^\[Service\]\nExecStart=\/bin\/true\n$/);
});

test("service logs is journalctl of the unit, and of nothing else", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  const args = ["service", "logs", "-n", "5", "--since", "-1h --file=/etc/shadow"];
  const { code, stdout } = await clambot.run(args, { env });
  assert.deepEqual([code, stdout], [0, "a line of the journal\n"]);
  assert.deepEqual(await startedIn(clambot), [
    "journalctl --no-pager --user-unit=clambot.service --lines=5 --since=-1h --file=/etc/shadow",
  ]);
});

test("a name that is none, and two scopes at once, are refused", async () => {
  const { clambot, env } = await inHomeWithSystemd();
  await using _ = clambot;
  const lines = [["--name", "../x"], ["--name", "-f"], ["--name", "a b"], ["--user", "--system"]];
  for (const options of lines) {
    const { code, stderr } = await clambot.run(["service", "install", ...options], { env });
    assert.equal(code, 2, `${options} ${stderr}`);
  }
  assert.deepEqual(await startedIn(clambot), []);
});
