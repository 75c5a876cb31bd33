import assert from "node:assert/strict";
import { Clambot } from "./clambot.ts";

Deno.test("without arguments the help is printed; --version prints the version (A47)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const help = await clambot.run([]);
  assert.equal(help.code, 0);
  for (const command of ["agent", "run", "clams", "status", "doctor", "config", "completions"]) {
    assert.match(help.stdout, new RegExp(`^  ${command} `, "m"));
  }
  const version = await clambot.run(["--version"]);
  assert.deepEqual([version.code, version.stderr], [0, ""]);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
});

Deno.test("a misspelt command or option is a usage error that names what was perhaps meant (A26)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  for (
    const [args, meant] of [[["agnt"], "agent"], [["agent", "--mesage", "x"], "--message"]] as const
  ) {
    const { code, stdout, stderr } = await clambot.here.run(args);
    assert.match(stderr, new RegExp(`Did you mean ${meant}\\?`));
    assert.deepEqual([code, stdout], [2, ""]);
  }
});

Deno.test("the conversation knows /help, /status and /new, in any case (A30)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  const stdin = "/help\n/STATUS\n/nonsense\n\nwhat is 2+2\n/New\nwhat is 3+3\n";
  const { code, stdout } = await clambot.run(["agent"], { stdin });
  assert.equal(code, 0);
  assert.match(stdout, /\/new +begin a new conversation/);
  assert.match(stdout, /Model: none \(starter clams only\)/);
  assert.match(stdout, /There is no command \/nonsense/);
  assert.match(stdout, /= 4\n[^]*= 6\n/);
  const { object } = await clambot.here.json(["sessions", "list"]);
  assert.equal((object as unknown as unknown[]).length, 2);
});

Deno.test("every documented word leaves the conversation (A27)", async () => {
  await using clambot = await Clambot.inEmptyHome();
  for (const word of ["exit", "QUIT", "/exit", "/quit", ":q"]) {
    const one = word === "exit" ? clambot : clambot.here;
    const { code, stdout } = await one.run(["agent"], { stdin: `${word}\nwhat is 2+2\n` });
    assert.equal(code, 0);
    assert.doesNotMatch(stdout, /= 4/, word);
  }
});
