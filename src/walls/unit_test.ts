import assert from "node:assert/strict";
import { needing } from "../../tests/flows/needing.ts";
import { formatPlist } from "./plist.ts";
import { formatUnit, unitFileName, type UnitOrder } from "./unit.ts";

const ORDER: UnitOrder = {
  scope: "user",
  name: "clambot",
  program: ["/bin/true"],
  command: "gateway",
  home: "/home/ann/.clambot",
  socketDirectory: undefined,
  config: undefined,
  owner: 1000,
  credential: undefined,
  shutdownSeconds: 20,
  notifies: true,
};

const ODD = '/srv/a "b" $HOME 100% back\\slash\'s';

const ORDERS: Readonly<Record<string, UnitOrder>> = {
  "of one's own": ORDER,
  "of the system": { ...ORDER, scope: "system" },
  "a template of one's own": { ...ORDER, name: "clambot@ann" },
  "a template of the system": { ...ORDER, scope: "system", name: "clambot@ann" },
  "with odd paths": { ...ORDER, home: ODD, config: `${ODD}/c.json`, credential: ODD },
  "where systemd cannot be told anything": { ...ORDER, notifies: false },
};

/** The values of a key, in order. */
function valuesOf(order: UnitOrder, key: string): string[] {
  return [...formatUnit(order).matchAll(new RegExp(`^${key}=(.*)$`, "gm"))].map(([, value = ""]) =>
    value
  );
}

const analyzing = await needing("systemd-analyze");

for (const [which, order] of Object.entries(ORDERS)) {
  analyzing(
    `systemd finds nothing wrong with the unit ${which}, exposed at 2.0 at most`,
    async () => {
      const directory = await Deno.makeTempDir();
      const file = `${directory}/${unitFileName(order.name)}`;
      await Deno.writeTextFile(file, formatUnit(order));
      const verified = await analyze("verify", "--man=no", file.replace("@.", "@ann."));
      assert.deepEqual([verified.code, verified.words], [0, ""]);
      const { words } = await analyze("security", "--offline=true", "--threshold=20", file);
      const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(words)?.[1]);
      assert.ok(exposure <= 2, words);
      await Deno.remove(directory, { recursive: true });
    },
  );
}

async function analyze(...args: readonly string[]) {
  const command = new Deno.Command("systemd-analyze", { args: [...args], stdin: "null" });
  const { code, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, words: text(stdout) + text(stderr) };
}

Deno.test("a unit lets what runs come to its end, and is not started again for what only a person can mend", () => {
  for (const shutdownSeconds of [1, 20, 3600]) {
    const [stop = ""] = valuesOf({ ...ORDER, shutdownSeconds }, "TimeoutStopSec");
    assert.ok(Number(stop) > shutdownSeconds + 1.5, stop); // what ends by force has 1.5 s
  }
  assert.deepEqual(valuesOf(ORDER, "Restart"), ["always"]);
  assert.deepEqual(valuesOf(ORDER, "RestartPreventExitStatus"), ["2 3"]);
});

Deno.test("a unit waits for READY=1 and for the watchdog where the program can send them", () => {
  const keys = ["Type", "NotifyAccess", "WatchdogSec"];
  const all = (order: UnitOrder) => keys.flatMap((key) => valuesOf(order, key));
  assert.deepEqual(all(ORDER), ["notify", "main", "60"]);
  assert.deepEqual(all({ ...ORDER, notifies: false }), ["exec"]);
  assert.match(formatUnit({ ...ORDER, notifies: false }), /^# .*neither .* nor a watchdog/m);
});

Deno.test("only the home can be written, and V8 may make code", () => {
  assert.deepEqual(valuesOf(ORDER, "ReadWritePaths"), ["/home/ann/.clambot"]);
  assert.deepEqual(valuesOf(ORDER, "ProtectSystem"), ["strict"]);
  assert.deepEqual(valuesOf(ORDER, "MemoryDenyWriteExecute"), []);
});

Deno.test("a system unit runs as the owner of its home, an instance as the user whose name it bears", () => {
  const users = Object.values(ORDERS).map((order) => valuesOf(order, "User"));
  assert.deepEqual(users, [[], ["1000"], [], ["%i"], [], []]);
});

Deno.test("a template has a home for each instance", () => {
  const order = { ...ORDER, name: "clambot@ann" };
  assert.equal(unitFileName(order.name), "clambot@.service");
  assert.deepEqual(valuesOf(order, "ExecStart"), ["/bin/true gateway --home %S/clambot/%i"]);
  assert.deepEqual(valuesOf(order, "StateDirectory"), ["clambot/%i"]);
});

Deno.test("the vault's key is handed over where a file is named for it", () => {
  assert.deepEqual(valuesOf(ORDER, "LoadCredential"), []);
  const credential = "/etc/clambot.key";
  assert.deepEqual(valuesOf({ ...ORDER, credential }, "LoadCredential"), [
    "clambot.key:/etc/clambot.key",
  ]);
});

Deno.test("the job of launchd holds every word as it is", () => {
  const text = formatPlist({
    ...ORDER,
    program: ["/opt/<a> & b"],
    home: "/Users/Ann Lee/.clambot",
  });
  const words = [...text.matchAll(/^ {4}<string>(.*)<\/string>$/gm)].map(([, word]) => word);
  assert.deepEqual(words, [
    "/opt/&lt;a&gt; &amp; b",
    ...["gateway", "--home", "/Users/Ann Lee/.clambot"],
  ]);
});
