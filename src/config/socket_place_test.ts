import assert from "node:assert/strict";
import { homeLayout } from "./home.ts";
import { findSocketPlace } from "./socket_place.ts";

const place = (home: string, runtimeDirectory?: string, system = "linux") =>
  findSocketPlace(homeLayout(home), { system, runtimeDirectory });

/** A home whose own socket has so many bytes in its path. */
const homeOf = (bytes: number) => `/${"é".repeat((bytes - 20) / 2)}`;

Deno.test("findSocketPlace() is in the home's state as long as a socket's path may be", async () => {
  assert.deepEqual(await place("/h"), { kind: "at", path: "/h/state/gateway.sock" });
  const fits = await place(homeOf(100), "/run/user/7");
  assert.deepEqual(fits, { kind: "at", path: `${homeOf(100)}/state/gateway.sock` });
});

Deno.test("findSocketPlace() is in the runtime directory where the home's path is longer, one for each home", async () => {
  const one = await place(homeOf(102), "/run/user/7");
  assert(one.kind === "at");
  assert.match(one.path, /^\/run\/user\/7\/clambot-[0-9a-f]{16}\.sock$/);
  assert.deepEqual(await place(homeOf(102), "/run/user/7"), one);
  assert.notDeepEqual(await place(homeOf(104), "/run/user/7"), one);
});

Deno.test("findSocketPlace() says why there is none", async () => {
  for (const runtime of [undefined, "", "relative", `/${"r".repeat(90)}`]) {
    const none = await place(homeOf(102), runtime);
    assert(none.kind === "none", runtime);
    assert.match(none.sentence, /too long for a socket/);
  }
  assert.match(JSON.stringify(await place("/h", "/run", "windows")), /Windows has no Unix sockets/);
});
