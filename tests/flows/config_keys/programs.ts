import type { Pipeline } from "../pipeline.ts";
import { alone, type Cases, together } from "./cases.ts";
import { openConversation } from "./open_conversation.ts";
import { run, valueOf } from "./run.ts";

// What programs may use: computing time, memory, calls of tools, files.

const limits: Cases = {
  ...alone("agents.defaults.runtimeTimeoutSeconds", {
    values: [1, 2],
    observe: async (pipeline) => (await run(pipeline, "while (true) {}")).error?.message ?? null,
    expected: [
      "The program used up its computing time of 1 s; waiting does not count",
      "The program used up its computing time of 2 s; waiting does not count",
    ],
  }),
  ...alone("agents.defaults.maxToolIterations", {
    values: [1, 3],
    observe: async (pipeline) => {
      const script = `for (;;) await time({operation: "now"});`;
      const { calls, error } = await run(pipeline, script, "time");
      return { made: calls.length, ended: error?.code ?? null };
    },
    expected: [{ made: 1, ended: "too_many_calls" }, { made: 3, ended: "too_many_calls" }],
  }),
  ...alone("sandbox.memoryMiB", {
    values: [16, 48],
    observe: async (pipeline) => {
      const { status, error } = await run(pipeline, "return new Uint8Array(24 * 2 ** 20).length;");
      return error ? `${error.code}: ${error.message}` : status;
    },
    expected: [
      "runtime_memory: The program needs more memory than the 16 MiB that it may use",
      "completed",
    ],
  }),
};

/** Reads eight bytes of the workspace and four beside it, and writes five. */
const readAndWrite = async (pipeline: Pipeline) => {
  await pipeline.put("workspace/files/in.txt", "whelks!!");
  const outside = await pipeline.clambot.write("out.txt", "clam");
  const script = `
    const attempt = (call) => fs(call).then(({content, created}) => content ?? created, (e) => e.code);
    return {
      read: await attempt({operation: "read", path: "in.txt"}),
      written: await attempt({operation: "write", path: "new.txt", content: "crabs"}),
      outside: await attempt({operation: "read", path: ${JSON.stringify(outside)}}),
    };`;
  return await valueOf(pipeline, script, "fs") as Readonly<Record<string, string | boolean>>;
};

const files: Cases = together({
  given: { agents: { approvals: { enabled: false } } },
  observe: readAndWrite,
}, {
  "tools.filesystem.maxReadBytes": {
    values: [4, 8],
    mark: ({ read = null }) => read,
    expected: ["whel", "whelks!!"],
  },
  "tools.filesystem.maxWriteBytes": {
    values: [4, 5],
    mark: ({ written = null }) => written,
    expected: ["file_too_large", true],
  },
  "tools.filesystem.restrictToWorkspace": {
    values: [true, false],
    mark: ({ outside = null }) => outside,
    expected: ["path_outside_workspace", "clam"],
  },
});

/** Milliseconds that sandboxes have to start. */
const PATIENCE_MS = 60_000;

/** Sandboxes that wait while the conversation waits for its first line. */
async function waiting({ clambot }: Pipeline): Promise<number> {
  const { sandbox } = JSON.parse(await Deno.readTextFile(`${clambot.home}/config.json`));
  await using conversation = await openConversation(clambot);
  const patience = Date.now() + PATIENCE_MS;
  while (await conversation.sandboxes() < sandbox.prewarm && Date.now() < patience) {
    await new Promise((resolve) => setTimeout(resolve, 50)); // they start one after the other
  }
  await conversation.hear("/help", "Ctrl-C stops");
  return await conversation.sandboxes();
}

export const programs: Cases = {
  ...limits,
  ...files,
  // the launcher starts one thread ahead in any case
  ...alone("sandbox.prewarm", { values: [1, 2], observe: waiting, expected: [1, 2] }),
};
