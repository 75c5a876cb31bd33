/** T22: proxy variables of the environment change nothing for the guard; PC #3078. */
import assert from "node:assert/strict";
import { TEST_CERTIFICATE } from "../fakes/loopback_network.ts";

const PROBE = new URL("../fixtures/proxy_probe.ts", import.meta.url);

/** Runs the probe under an environment; `{proxy}` stands for the proxy's address. */
async function probe(environment: Readonly<Record<string, string>>) {
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using proxy = Deno.serve(options, () => new Response("proxied"));
  await using plain = Deno.serve(options, () => new Response("direct"));
  await using secure = Deno.serve(
    { ...options, ...TEST_CERTIFICATE },
    () => new Response("direct"),
  );
  const address = `http://127.0.0.1:${proxy.addr.port}`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ..."run --quiet --no-prompt --no-check --cached-only --allow-net --allow-read --deny-env"
        .split(
          " ",
        ),
      PROBE.pathname,
      String(plain.addr.port),
      String((secure.addr as Deno.NetAddr).port),
    ],
    env: Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, value.replace("{proxy}", address)]),
    ),
  }).output();
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)) as Record<string, string>;
}

const PROXIES = Object.fromEntries(
  ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [
    [name, "{proxy}"],
    [name.toLowerCase(), "{proxy}"],
  ]),
);

Deno.test("T22 a proxy of the environment sees none of the guard's requests", async () => {
  const results = await probe(PROXIES);
  assert.deepEqual(results, { http: "direct", https: "direct", unguarded: "proxied" });
});

Deno.test("T22 exceptions from the proxy change nothing either", async () => {
  for (const exceptions of ["*", "site.test", ".test,127.0.0.1"]) {
    const { http, https } = await probe({
      ...PROXIES,
      NO_PROXY: exceptions,
      no_proxy: exceptions,
    });
    assert.deepEqual({ http, https }, { http: "direct", https: "direct" }, exceptions);
  }
});
