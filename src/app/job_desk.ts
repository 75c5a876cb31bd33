import type { JobDesk } from "../cron/job_desk.ts";
import { findGateway } from "../gateway/control_client.ts";
import { createReachedBook } from "./reached_jobs.ts";
import type { Setting, Stores } from "./stores.ts";
import { findLeaseOf } from "./turn_leases.ts";

/** The jobs of a home for programs: those of this process, or wherever they are kept just now. */
export function openJobDesk(stores: Stores, setting: Setting): JobDesk {
  const { socket, jobs } = setting;
  const ports = { ...stores, socket };
  return {
    book: jobs ?? createReachedBook(ports),
    async isRunning() {
      if (jobs) return true;
      if (socket?.kind !== "at") return false;
      const found = await findGateway(socket.path, ports, NEVER);
      if (found.kind === "there") found.gateway.close();
      return found.kind === "there";
    },
    async whyNotLeased(clam) {
      const { id, manifest } = await stores.library.get(clam);
      if (manifest.declaredTools.length === 0) return undefined; // it can do nothing
      const program = { id, name: manifest.name, sha256: manifest.sha256, manifest };
      const found = await findLeaseOf(program, stores, setting);
      return typeof found === "string" ? found : undefined;
    },
  };
}

const NEVER = new AbortController().signal;
