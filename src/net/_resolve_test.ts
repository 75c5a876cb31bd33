import assert from "node:assert/strict";
import { examine, resolveChecked } from "./_resolve.ts";
import { parseAllowedHost } from "./allowed_hosts.ts";

const never = new AbortController().signal;
const lookupOf = (...addresses: string[]) => ({ lookup: () => Promise.resolve(addresses) });

for (
  const address of ["fe80::1%eth0", "127.1", "0x7f000001", "", "site.test", "1.2.3.4, 10.0.0.1"]
) {
  Deno.test(`an address that cannot be read (${address}) is not connected to, behind a good one neither`, async () => {
    const destination = examine("https://site.test/", "web_fetch", []);
    for (const found of [[address], ["93.184.216.34", address]]) {
      const resolved = resolveChecked(destination, lookupOf(...found), [], never);
      await assert.rejects(resolved, { code: "network_blocked", message: /cannot be read/ });
    }
  });
}

Deno.test("one internal address among public ones condemns them all, wherever it stands", async () => {
  const destination = examine("https://site.test/", "web_fetch", []);
  const good = ["93.184.216.34", "93.184.216.35"];
  assert.deepEqual(await resolveChecked(destination, lookupOf(...good), [], never), good);
  for (const at of [0, 1, 2]) {
    const found = good.toSpliced(at, 0, "10.0.0.7");
    const resolved = resolveChecked(destination, lookupOf(...found), [], never);
    await assert.rejects(resolved, { code: "network_blocked", message: /10\.0\.0\.7/ });
  }
});

Deno.test("an opened host must resolve to the addresses of its entry, and to nothing else", async () => {
  const entry = parseAllowedHost({
    url: "http://nas.test:8080",
    addresses: "192.168.1.0/24",
    tools: ["web_fetch"],
  });
  const destination = examine("http://nas.test:8080/", "web_fetch", [entry]);
  const inside = ["192.168.1.5"];
  assert.deepEqual(await resolveChecked(destination, lookupOf(...inside), [], never), inside);
  for (const address of ["192.168.2.5", "127.0.0.1", "93.184.216.34"]) {
    const resolved = resolveChecked(destination, lookupOf(...inside, address), [], never);
    await assert.rejects(resolved, { code: "network_blocked", message: /outside its entry/ });
  }
});
