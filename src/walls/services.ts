import { CodedError, type Failure } from "../domain/failure.ts";
import type { Request, ToCore } from "./_messages.ts";
import { changeConfigTask } from "./services/change_config.ts";
import { openAddressTask } from "./services/open_address.ts";
import { readArgumentTask } from "./services/read_argument.ts";
import { readClamTask } from "./services/read_clam.ts";
import { startProgramTask } from "./services/start_program.ts";
import { startServerTask } from "./services/start_server.ts";
import type { LauncherTask, TaskMeans } from "./services/task.ts";
import { writePromptsTask } from "./services/write_prompts.ts";
import { tryGivenUpTask } from "./services/try_given_up.ts";
import { unitFileTask } from "./services/unit_file.ts";
import { endWorkerTask, startWorkerTask } from "./services/workers.ts";

/** Everything that the launcher does for the core. Nothing here reads text of others. */
export const SERVICES: readonly LauncherTask[] = [
  readArgumentTask,
  readClamTask,
  changeConfigTask,
  startWorkerTask,
  endWorkerTask,
  tryGivenUpTask,
  writePromptsTask,
  unitFileTask,
  startProgramTask,
  openAddressTask,
  startServerTask,
];

/** Does what the core asks for, or says why not. A service that does not exist is refused too. */
export async function answerRequest(request: Request, means: TaskMeans): Promise<ToCore> {
  const { id, service, order } = request;
  try {
    const found = SERVICES.find(({ name }) => name === service);
    if (found === undefined) throw new CodedError("usage", "The launcher does not do this.");
    return { kind: "answer", id, ...await found.serve(order, means) };
  } catch (error) {
    return { kind: "refusal", id, failure: failureOf(error) };
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof CodedError) return error.failure;
  return { code: "internal", message: error instanceof Error ? error.message : String(error) };
}
