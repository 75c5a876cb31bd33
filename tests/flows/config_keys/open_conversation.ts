import type { Clambot } from "../clambot.ts";

/** `clambot agent`, waiting for lines. */
export interface OpenConversation extends AsyncDisposable {
  /** Says a line, and waits until this is among what was said. */
  hear(line: string, answer: string): Promise<void>;
  /** Threads that programs run in. */
  sandboxes(): Promise<number>;
}

/** Starts one, and waits until it has greeted. */
export async function openConversation(clambot: Clambot): Promise<OpenConversation> {
  const child = clambot.start(["agent"]);
  const said = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const lines = child.stdin.getWriter();
  let text = "";
  const until = async (part: string) => {
    while (!text.includes(part)) {
      const { value, done } = await said.read();
      if (done) throw new Error(`"${part}" was never said, but:\n${text}`);
      text += value;
    }
  };
  await until("/help");
  return {
    async hear(line, answer) {
      await lines.write(new TextEncoder().encode(`${line}\n`));
      await until(answer);
    },
    // the core is the first of the workers
    sandboxes: async () => (await workersOf(child.pid)) - 1,
    async [Symbol.asyncDispose]() {
      await lines.close();
      await said.cancel();
      await child.stderr.cancel();
      await child.status;
    },
  };
}

/**
 * Worker threads of a process, as Linux names them (proc(5)); only `cat` may look there. A thread
 * bears the name of the one that started it until it has its own, so each name counts once.
 */
async function workersOf(pid: number): Promise<number> {
  const args = ["-c", `cat /proc/${pid}/task/*/comm`];
  const { stdout } = await new Deno.Command("sh", { args, stderr: "null" }).output();
  return new Set(new TextDecoder().decode(stdout).match(/^worker-\d+$/gm)).size;
}
