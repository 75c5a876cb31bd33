import assert from "node:assert/strict";
import { openWorld } from "../../tests/fakes/outward_world.ts";
import { findLocation } from "./_redirect.ts";
import { parseAllowedHost } from "./allowed_hosts.ts";

Deno.test("a redirect of an opened internal host to itself is told as that, before anybody is asked", async () => {
  for (const host of ["nas.test:8080", "192.168.1.5:8080"]) {
    const url = `http://${host}`;
    const tool = "web_fetch";
    await using world = await openWorld({
      names: () => ["192.168.1.5"],
      allowHosts: [parseAllowedHost({ url, addresses: "192.168.1.5", tools: [tool] })],
      places: ["192.168.1.5:8080"],
      serve: () => new Response(null, { status: 302, headers: { location: "/b?c#d" } }),
    });
    const sent = world.publicFetch.send(
      { tool, method: "GET", url: `${url}/a`, headers: {} },
      {
        mayFollow: () => Promise.reject(new Error("somebody was asked")),
        limits: { bytes: 1000, timeMs: 60_000, redirects: 3 },
      },
      new AbortController().signal,
    );
    await assert.rejects(sent, {
      code: "network_blocked",
      message: `Cannot fetch "${url}/b?c": a redirect leads to an internal host, and is never ` +
        "followed there; ask for this address itself.",
    });
    assert.equal(world.reached.length, 1);
  }
});

Deno.test("an address in UTF-8 is read as browsers read it, any other as it came", () => {
  const bytes = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));
  const at = (location: string) =>
    findLocation(new Response(null, { status: 302, headers: { location } }));
  assert.equal(at(bytes("/wiki/Zürich")), "/wiki/Zürich");
  assert.equal(at("/caf\xe9"), "/café");
});
