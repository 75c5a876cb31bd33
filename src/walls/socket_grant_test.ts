import assert from "node:assert/strict";
import { createHome, homeLayout } from "../config/home.ts";
import { readWallSettings } from "../config/wall_settings.ts";
import { openFiles } from "../platform/files.ts";
import { computeWalls } from "./prepare.ts";
import { socketGrant } from "./socket_grant.ts";

const at = (path: string) => ({ kind: "at", path }) as const;
const layout = homeLayout("/h");

Deno.test("socketGrant() names the socket in the network from Deno 2.9 on, and never before", () => {
  for (
    const [version, net] of [
      ["2.7.11", []],
      ["2.8.3", []],
      ["2.9.0", ["unix:/h/state/gateway.sock"]],
      ["2.10.0", ["unix:/h/state/gateway.sock"]],
      ["3.0.0", ["unix:/h/state/gateway.sock"]],
    ] as const
  ) {
    const grant = socketGrant(at("/h/state/gateway.sock"), layout, version);
    assert.deepEqual(grant, { files: [], net }, version);
  }
});

Deno.test("socketGrant() gives the file outside the home, and nothing without a place", () => {
  const grant = socketGrant(at("/run/user/7/clambot-1.sock"), layout, "2.7.11");
  assert.deepEqual(grant, { files: ["/run/user/7/clambot-1.sock"], net: [] });
  const nothing = { files: [], net: [] };
  assert.deepEqual(socketGrant(undefined, layout, "2.9.6"), nothing);
  assert.deepEqual(socketGrant({ kind: "none", sentence: "" }, layout, "2.9.6"), nothing);
});

/** What a core of these permissions can do with a socket. */
async function tryAsCore(permissions: Deno.PermissionOptionsObject, path: string): Promise<string> {
  const source = `const path = ${JSON.stringify(path)};
    const tried = async () => {
      const listener = Deno.listen({ transport: "unix", path });
      Deno.chmodSync(path, 0o600);
      (await Deno.connect({ transport: "unix", path })).close();
      listener.close();
      return "used";
    };
    tried().catch((error) => error.name).then((told) => self.postMessage(told));`;
  const core = new Worker(`data:application/javascript,${encodeURIComponent(source)}`, {
    type: "module",
    deno: { permissions },
  });
  try {
    return await new Promise((resolve) => core.onmessage = ({ data }) => resolve(data));
  } finally {
    core.terminate();
  }
}

Deno.test({
  name: "a core without tools that go out uses the socket that its command needs, and no other",
  ignore: Deno.build.os === "windows",
  async fn() {
    const base = await Deno.realPath(await Deno.makeTempDir({ prefix: "grant-" }));
    try {
      const own = homeLayout(`${base}/home`);
      await createHome(openFiles(own.home));
      const settings = readWallSettings('{"agents": {"defaults": {"availableTools": ["fs"]}}}');
      for (const path of [`${own.state}/gateway.sock`, `${base}/clambot-1.sock`]) {
        const { permissions } = await computeWalls(settings, own, own.config, true, at(path));
        assert.equal(await tryAsCore(permissions, path), "used", path);
        assert.equal(await tryAsCore(permissions, `${base}/other.sock`), "NotCapable");
      }
    } finally {
      await Deno.remove(base, { recursive: true });
    }
  },
});
