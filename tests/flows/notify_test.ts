import assert from "node:assert/strict";
import { join } from "node:path";
import { Supervised, SupervisedCopy } from "./supervised.ts";

// The test is the systemd here: a socket that takes what the service tells (sd_notify(3)).

/** Takes datagrams at an address; NUL begins an abstract one. */
class Listener implements Disposable {
  readonly told: string[] = [];
  readonly #socket: Deno.DatagramConn;
  #waiting: (() => void)[] = [];

  constructor(path: string) {
    this.#socket = Deno.listenDatagram({ transport: "unixpacket", path });
    void this.#listen();
  }

  async #listen(): Promise<void> {
    for await (const [bytes] of this.#socket) {
      this.told.push(new TextDecoder().decode(bytes));
      this.#waiting.splice(0).forEach((resume) => resume());
    }
  }

  /** Until something is told, from the `from`th on, that matches. */
  async hears(pattern: RegExp, from = 0): Promise<string> {
    for (;;) {
      const found = this.told.slice(from).find((text) => pattern.test(text));
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The socket of a path goes with it. */
  [Symbol.dispose](): void {
    this.#socket.close();
    const { path } = this.#socket.addr as Deno.UnixAddr;
    if (path?.startsWith("/")) Deno.removeSync(path);
  }
}

Deno.test({
  name:
    "systemd is told how the service stands, and of its life only while the core answers (P074)",
  ignore: Deno.build.os !== "linux",
  fn: async (t) => {
    await using copy = await SupervisedCopy.make();
    if (copy === undefined) {
      return console.log("No runtime base can be had here: this was left out for the binary.");
    }
    const path = join(copy.copy.directory, "notify.sock");
    const watched = { NOTIFY_SOCKET: path, WATCHDOG_USEC: "2000000" };
    const step = (
      name: string,
      env: Readonly<Record<string, string>>,
      body: (service: Supervised, systemd: Listener) => Promise<void>,
    ) =>
      t.step(name, async () => {
        await copy.configure('{ "agents": { "defaults": { "userName": "Ann" } } }');
        using systemd = new Listener(path);
        await using service = Supervised.start(copy, env);
        await service.tells(/serving Ann\n/);
        await body(service, systemd);
      });

    await step(
      "READY=1 comes once it serves, STOPPING=1 when it is told to stop",
      watched,
      async (service, systemd) => {
        await systemd.hears(/^READY=1\nSTATUS=It serves\.\n$/);
        await systemd.hears(/^WATCHDOG=1\n$/);
        await service.order("wait 1000");
        await service.tells(/waiting\n/);
        service.signal("SIGTERM");
        await systemd.hears(/^STOPPING=1\nSTATUS=.+\n$/);
        assert.equal(await service.code(), 0);
      },
    );

    await t.step("a service that never serves is never ready", async () => {
      await copy.configure('{ "agents": { "defaults": { "userName": "Nobody" } } }');
      using systemd = new Listener(path);
      await using service = Supervised.start(copy, watched);
      assert.equal(await service.code(), 1);
      assert.doesNotMatch(systemd.told.join(), /READY/);
    });

    await step(
      "no sign of life while the core's loop is blocked",
      watched,
      async (service, systemd) => {
        await systemd.hears(/^WATCHDOG=1\n$/);
        const before = systemd.told.length;
        await service.order("core loop");
        await service.tells(/does not answer any more/); // after pings of more than two seconds
        assert.equal(await service.code(), 75);
        // one may come before the core has heard the order
        assert.ok(systemd.told.length <= before + 1, `${systemd.told.slice(before)}`);
      },
    );

    await step(
      "a crash is told without its words, and READY=1 comes again",
      watched,
      async (service, systemd) => {
        await systemd.hears(/^READY=1/);
        const before = systemd.told.length;
        await service.order("core crash");
        const crash = await systemd.hears(/started again/, before);
        assert.match(
          crash,
          /^STATUS=The core stopped unexpectedly and is started again in [\d.]+ s\.\n$/,
        );
        await systemd.hears(/^READY=1/, before);
      },
    );

    await step("SIGHUP is RELOADING=1, then READY=1, also where it is refused", watched, async (
      service,
      systemd,
    ) => {
      await systemd.hears(/^READY=1/);
      await copy.configure('{ "agents": { "defaults": { "userName": "Bea" } } }');
      service.signal("SIGHUP");
      await systemd.hears(/^RELOADING=1/);
      await service.tells(/serving Bea\n/);
      const ready = systemd.told.findIndex((text) => /^RELOADING=1/.test(text));
      await systemd.hears(/^READY=1/, ready);
      const before = systemd.told.length;
      await copy.configure("{");
      service.signal("SIGHUP");
      await systemd.hears(/^RELOADING=1/, before);
      assert.match(await systemd.hears(/^READY=1/, before), /new configuration was refused/);
    });

    await step(
      "who is not meant by WATCHDOG_PID gives no sign of life",
      { ...watched, WATCHDOG_PID: "1" },
      async (service, systemd) => {
        await systemd.hears(/^READY=1/);
        await service.order("wait 3000");
        await service.tells(/wait 3000: completed\n/);
        assert.equal(systemd.told.some((text) => text.includes("WATCHDOG")), false);
      },
    );

    await t.step("a socket that is gone costs the service nothing but one sentence", async () => {
      await using service = Supervised.start(copy, watched);
      await service.tells(/systemd cannot be told how things stand/);
      await service.order("plain");
      await service.tells(/plain: completed\n/);
    });

    // the base of older runtimes knows paths alone, which are what systemd uses itself
    if (Deno.env.has("CLAMBOT_BINARY")) return;
    await t.step("an abstract socket is told too", async () => {
      const name = `clambot-${crypto.randomUUID()}`;
      using systemd = new Listener(`\0${name}`);
      await using _ = Supervised.start(copy, { NOTIFY_SOCKET: `@${name}` });
      await systemd.hears(/^READY=1/);
    });
  },
});
