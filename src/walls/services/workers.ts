import { CodedError } from "../../domain/failure.ts";
import type { LauncherTask } from "./task.ts";

/** Starts a worker: always without permissions, whatever the core says. */
export const startWorkerTask: LauncherTask = {
  name: "start_worker",
  does: "starts one of the program's own workers, without any permission, and hands over its port",
  serve(order, { startWorker }) {
    const { kind } = order as { readonly kind?: unknown } ?? {};
    if (typeof kind !== "string") throw new CodedError("usage", "This is no kind of worker.");
    const { id, port } = startWorker(kind);
    return { value: id, port };
  },
};

/** Ends a worker of the core. */
export const endWorkerTask: LauncherTask = {
  name: "end_worker",
  does: "ends a worker that it started for the core",
  serve(order, { endWorker }) {
    const { worker } = order as { readonly worker?: unknown } ?? {};
    if (typeof worker !== "number") throw new CodedError("usage", "This is no worker.");
    endWorker(worker);
    return { value: null };
  },
};
