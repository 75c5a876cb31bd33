import assert from "node:assert/strict";
import { needing } from "../../tests/flows/needing.ts";
import { browserLine, openInBrowser } from "./browser.ts";

const URL_OF_LOGIN = "https://auth.openai.com/oauth/authorize?a=1&b=2";

Deno.test("A44: each system has its own way to open a browser, and none is opened without a screen", () => {
  const screen = { DISPLAY: ":0" };
  assert.deepEqual(browserLine(URL_OF_LOGIN, "linux", screen), ["xdg-open", [URL_OF_LOGIN]]);
  assert.deepEqual(browserLine(URL_OF_LOGIN, "linux", { WAYLAND_DISPLAY: "wayland-0" }), [
    "xdg-open",
    [URL_OF_LOGIN],
  ]);
  assert.equal(browserLine(URL_OF_LOGIN, "linux", { SSH_CONNECTION: "1" }), undefined);
  assert.deepEqual(browserLine(URL_OF_LOGIN, "darwin", {}), ["open", [URL_OF_LOGIN]]);
  const [program, args] = browserLine(URL_OF_LOGIN, "windows", {}) ?? [];
  assert.deepEqual([program, args?.at(-1)], ["rundll32", URL_OF_LOGIN]);
});

const withShell = await needing("bash");

withShell(
  "A44: the program that opens a browser gets the address, and no key of the environment",
  async () => {
    const directory = await Deno.makeTempDir();
    await Deno.writeTextFile(
      `${directory}/xdg-open`,
      `#!/bin/sh\n{ echo "$#"; echo "$1"; env; } > ${directory}/new\nmv ${directory}/new ${directory}/seen\n`,
    );
    await Deno.chmod(`${directory}/xdg-open`, 0o700);
    const watcher = Deno.watchFs(directory);
    const variables = {
      PATH: `${directory}:${Deno.env.get("PATH")}`,
      DISPLAY: ":0",
      OPENAI_API_KEY: "sk-secret",
      CLAMBOT_KEY: "key",
    };
    assert.equal(openInBrowser(new URL(URL_OF_LOGIN), "linux", variables), true);
    for await (const { paths } of watcher) {
      if (paths.some((path) => path.endsWith("/seen"))) break;
    }
    const seen = await Deno.readTextFile(`${directory}/seen`);
    assert.deepEqual(seen.split("\n").slice(0, 2), ["1", URL_OF_LOGIN]);
    assert.match(seen, /^DISPLAY=:0$/m);
    assert.doesNotMatch(seen, /sk-secret|CLAMBOT_KEY/);
    await Deno.remove(directory, { recursive: true });
  },
);

Deno.test("A44: a program that is missing opens nothing, and nothing fails", () => {
  const variables = { PATH: "/nowhere", DISPLAY: ":0" };
  assert.equal(openInBrowser(new URL(URL_OF_LOGIN), "linux", variables), false);
});
