import assert from "node:assert/strict";
import type { Clambot } from "./clambot.ts";

/** A gateway that runs in the home of the test until it is told to stop. */
export class GatewayProcess implements AsyncDisposable {
  #ended: Promise<Deno.CommandStatus>;

  private constructor(readonly clambot: Clambot, private readonly child: Deno.ChildProcess) {
    this.#ended = child.status;
  }

  static async start(clambot: Clambot): Promise<GatewayProcess> {
    const child = clambot.start(["gateway"]);
    await child.stdin.close();
    const started = new GatewayProcess(clambot, child);
    const errors = new Response(child.stderr).text();
    let told = "";
    for await (const piece of child.stdout.pipeThrough(new TextDecoderStream())) {
      told += piece;
      if (told.includes("listens")) return started;
    }
    assert.fail(`the gateway ended: ${told}${await errors}`);
  }

  /** Stops it. @returns its exit code */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number> {
    this.child.kill(signal);
    return (await this.#ended).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGKILL");
    } catch {
      // it has ended
    }
    await this.#ended;
  }
}
