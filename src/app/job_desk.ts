import type { JobBook } from "../cron/job_book.ts";
import type { JobDesk } from "../cron/job_desk.ts";
import type { ReachPorts } from "./reached_jobs.ts";
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
      const { findGateway } = await import("../gateway/control_client.ts");
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

/** The book, reached anew for everything that is done with it; what keeps jobs is loaded only then. */
function createReachedBook(ports: ReachPorts): JobBook {
  const reach = async <T>(action: (book: JobBook) => Promise<T>): Promise<T> => {
    const { withReachedJobs } = await import("./reached_jobs.ts");
    return await withReachedJobs(ports, NEVER, ({ book }) => action(book));
  };
  return {
    add: (order) => reach((book) => book.add(order)),
    list: () => reach((book) => book.list()),
    show: (id) => reach((book) => book.show(id)),
    remove: (id) => reach((book) => book.remove(id)),
    enable: (id, enabled) => reach((book) => book.enable(id, enabled)),
    history: (id, most) => reach((book) => book.history(id, most)),
  };
}

const NEVER = new AbortController().signal;
