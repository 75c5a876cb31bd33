import assert from "node:assert/strict";
import { Supervised, SupervisedCopy } from "./supervised.ts";

// What the launcher does for a service, whatever becomes of its core and its clams. One copy of the
// program serves for all of it; each step is a service of its own.

Deno.test("the launcher supervises its core and every clam", async (t) => {
  await using copy = await SupervisedCopy.make();
  if (copy === undefined) {
    return console.log("No runtime base can be had here: this was left out for the binary.");
  }
  const step = (name: string, body: (service: Supervised) => Promise<void>) =>
    t.step(name, async () => {
      await copy.configure('{ "agents": { "defaults": { "userName": "Ann" } } }');
      await using service = Supervised.start(copy);
      await service.tells(/serving Ann\n/);
      await body(service);
    });

  await step(
    "a clam that floods, crashes, closes or loops ends alone, and the next one runs",
    async (service) => {
      for (
        const [attack, code] of [
          ["clam flood", "runtime_(?:broken|timeout)"], // a busy machine may need its whole time
          ["clam crash", "runtime_broken"],
          ["clam close", "runtime_timeout"],
          ["clam silence", "runtime_timeout"],
          ["clam loop", "runtime_timeout"],
        ]
      ) {
        await service.order(attack ?? "", "plain");
        await service.tells(/plain: completed\n|clam \w+: \w+\n/);
        await service.tells(new RegExp(`(plain: completed|${attack}: ${code})\n`));
      }
      service.signal("SIGTERM");
      await service.tells(/drained\n/);
      assert.equal(await service.code(), 0);
    },
  );

  await step("a flood costs no memory", async (service) => {
    const before = memoryOf(service.pid);
    await service.order(...Array.from({ length: 5 }, () => "clam flood"));
    for (let n = 0; n < 5; n++) await service.tells(/clam flood: runtime_(?:broken|timeout)\n/);
    const grown = (memoryOf(service.pid) - before) / 2 ** 20;
    assert.ok(grown < 250, `${grown} MiB more than before`);
  });

  await step("a core that crashes is started again, and serves", async (service) => {
    await service.order("plain");
    await service.tells(/plain: completed\n/);
    await service.order("core crash");
    await service.tells(/stopped unexpectedly: .*down.*started again in 0\.02 s/);
    await service.tells(/serving Ann\n/);
  });

  await step("a promise that nobody waits for ends no service", async (service) => {
    await service.order("core reject", "plain");
    await service.tells(/nobody waits/);
    await service.tells(/plain: completed\n/);
    service.signal("SIGINT");
    assert.equal(await service.code(), 0);
  });

  await step("a core that computes for ever asks for a restart of the program", async (service) => {
    await service.order("core loop");
    await service.tells(/does not answer any more/);
    assert.equal(await service.code(), 75);
  });

  await step("a stop signal lets what runs come to its end", async (service) => {
    await service.order("wait 1000");
    await service.tells(/waiting\n/);
    service.signal("SIGTERM");
    await service.tells(/wait 1000: completed\n/);
    await service.tells(/drained\n/);
    assert.equal(await service.code(), 0);
  });

  await step("a second stop signal forces the end", async (service) => {
    await service.order("wait 600000");
    await service.tells(/waiting\n/);
    service.signal("SIGTERM");
    await service.order("plain");
    await service.tells(/plain: completed\n/);
    service.signal("SIGTERM");
    assert.equal(await service.code(), 143);
  });

  await step("what runs beyond its time is interrupted", async (service) => {
    await copy.configure(
      '{ "agents": { "defaults": { "userName": "Bea" } }, "gateway": { "shutdownSeconds": 1 } }',
    );
    service.signal("SIGHUP");
    await service.tells(/drained\nserving Bea\n/);
    service.signal("SIGTERM");
    await service.tells(/drained\n/);
    await using brief = Supervised.start(copy);
    await brief.tells(/serving Bea\n/);
    await brief.order("wait 600000");
    await brief.tells(/waiting\n/);
    brief.signal("SIGTERM");
    await brief.tells(/wait 600000: cancelled\n/);
    assert.equal(await brief.code(), 0);
  });

  const isBinary = Deno.env.has("CLAMBOT_BINARY"); // where runtimes that leave them are used
  if (isBinary) {
    await step(
      "descriptors that a runtime leaves behind end in a restart, not in an abort",
      async (service) => {
        await copy.configure('{ "gateway": { "maxFiles": 64 } }');
        service.signal("SIGTERM");
        await using narrow = Supervised.start(copy);
        await narrow.tells(/serving/);
        for (let n = 0; n < 40; n++) {
          await narrow.order("plain");
          const told = await narrow.tells(/plain: completed\n|file descriptors are open/);
          if (/descriptors/.test(told)) {
            await narrow.tells(/drained\n/);
            assert.equal(await narrow.code(), 75);
            return;
          }
        }
        // only the base that is named here leaves any behind
        assert.equal(Deno.env.get("DENORT_BIN"), undefined);
      },
    );
  }

  await step("SIGHUP takes over what is right, and nothing else", async (service) => {
    await copy.configure('{ "agents": { "defaults": { "maxTokens": "many" } } }');
    service.signal("SIGHUP");
    await service.tells(/not taken over: .*maxTokens.*\n/);
    await service.order("plain");
    await service.tells(/plain: completed\n/);
    await copy.configure('{ "agents": { "defaults": { "userName": "Nobody" } } }');
    service.signal("SIGHUP");
    await service.tells(/drained\n/);
    await service.tells(/former one counts again/);
    await service.tells(/serving Ann\n/);
    service.signal("SIGTERM");
    assert.equal(await service.code(), 0);
  });
});

/** Bytes of memory that a process holds, where the system tells it. */
function memoryOf(pid: number): number {
  try {
    const status = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
