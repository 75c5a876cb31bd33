import { openArtefacts } from "../../src/artefacts/artefacts.ts";
import { createPictures, openUploads } from "../../src/artefacts/uploads.ts";
import { openHistory } from "../../src/memory/history.ts";
import { openMemory } from "../../src/memory/memory.ts";
import { createRandom } from "../../src/platform/deno.ts";
import { openFiles } from "../../src/platform/files.ts";
import { createJobBook } from "../../src/cron/job_book.ts";
import type { JobDesk } from "../../src/cron/job_desk.ts";
import { openJobStore } from "../../src/cron/job_store.ts";
import { openGatewayDatabase } from "../../src/gateway/store.ts";
import type { LanguageModel } from "../../src/providers/provider.ts";
import { createTools } from "../../src/tools/catalog.ts";
import { TOOL_NAMES } from "../../src/tools/names.ts";
import { parseSecretHost } from "../../src/secrets/secret_host.ts";
import { createToolSecrets } from "../../src/secrets/tool_secrets.ts";
import { openVault } from "../../src/secrets/vault.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { createClock } from "../../src/platform/deno.ts";
import { type FsWorld, openFsWorld } from "./fs_world.ts";
import { openWorld } from "./outward_world.ts";
import { createTestWorkers } from "./workers.ts";
import { NO_SECRETS, plainly } from "./plainly.ts";

/** Every tool of the catalog over real stores in a home on disk, and a web on loopback. */
export interface ToolWorld extends AsyncDisposable {
  readonly fs: FsWorld;
  readonly tools: readonly Tool[];
  /** Id of a kept text. */
  readonly artefact: string;
}

export async function openToolWorld(): Promise<ToolWorld> {
  const stack = new AsyncDisposableStack();
  const fs = stack.use(await openFsWorld());
  const web = stack.use(await openWorld());
  const [clock, random] = [createClock(), createRandom()];
  const memoryFiles = openFiles(`${fs.home}/workspace/memory`);
  const state = openFiles(`${fs.home}/state`);
  const artefacts = plainly(openArtefacts(state.under("artefacts"), clock, random));
  const vault = openVault({ files: openFiles(`${fs.home}/secrets`), state, clock, random });
  const hosts = [parseSecretHost("api.example")];
  await vault.put({ name: "KEPT", value: "kept-0123456789", hosts });
  const tools = await createTools({ availableTools: TOOL_NAMES, disabledTools: [] }, {
    workers: createTestWorkers(),
    listening: {
      transcriber: { transcribe: () => Promise.resolve("buy milk") },
      ...{ host: "whisper.test", mostSeconds: 60, timeoutMs: 10_000 },
    },
    redactor: NO_SECRETS,
    fs: fs.ports,
    publicFetch: web.publicFetch,
    secrets: createToolSecrets({ vault, onUse: () => Promise.resolve() }),
    memory: plainly(openMemory(memoryFiles, clock, random)),
    history: plainly(openHistory(memoryFiles, { files: state, name: "history.sqlite" }, clock)),
    jobs: openTestDesk(`${fs.home}/state`, stack),
    artefacts,
    pictures: createPictures({ artefacts, uploads: openUploads(openFiles(`${fs.home}/upload`)) }),
    clock,
    random,
  });
  return {
    fs,
    tools,
    artefact: await artefacts.keep("A kept text.", { kind: "message", from: "t0" }),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Jobs in a database of their own. */
function openTestDesk(state: string, stack: AsyncDisposableStack): JobDesk {
  Deno.mkdirSync(state, { recursive: true });
  const database = openGatewayDatabase(`${state}/jobs.sqlite`);
  stack.defer(() => database.close());
  const ports = { clock: createClock(), random: createRandom(), changed: () => {} };
  return {
    book: createJobBook({ store: openJobStore(database), ...ports }),
    isRunning: () => Promise.resolve(true),
    whyNotLeased: () => Promise.resolve("it has none"),
  };
}

/** Answers with the text of its last message. */
export const ECHOING_MODEL: LanguageModel = {
  name: "test/echo",
  contextTokens: 10_000,
  complete(prompt, signal) {
    signal.throwIfAborted();
    return Promise.resolve({
      text: prompt.messages.at(-1)?.text ?? "",
      usage: { inputTokens: 1, outputTokens: 1, cachedInputTokens: 0, costUsd: undefined },
      model: "test/echo",
    });
  },
};
