import { runCore } from "./run_core.ts";

// The core: everything but the launcher's few services runs here, in a worker whose permissions
// the launcher computed. This file is its entry.

runCore();
