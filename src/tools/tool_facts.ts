import type { Artefacts } from "../artefacts/artefacts.ts";
import type { Pictures } from "../artefacts/uploads.ts";
import type { JobDesk } from "../cron/job_desk.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { History } from "../memory/history.ts";
import type { Memory } from "../memory/memory.ts";
import type { PublicFetch } from "../net/public_fetch.ts";
import type { Clock, Random } from "../platform/platform.ts";
import type { Workers } from "../platform/workers.ts";
import type { ToolSecrets } from "../secrets/tool_secrets.ts";
import type { FsPorts } from "./fs/fs.ts";
import type { Tool } from "./tool.ts";
import type { RecordingServer } from "./transcribe/transcribe.ts";

/**
 * What is known of a tool before it is loaded. All but `load` is plain data, read by the launcher
 * too, which loads no package: the file that holds one imports nothing but types.
 */
export interface ToolFacts {
  /** As programs call it: letters, digits and underscores. */
  readonly name: string;
  /** Beginnings of the scopes that can cover a call of it, besides `*`. */
  readonly scopes?: readonly string[];
  /**
   * Arguments that say what a call reaches: a lease must bound each of them. One that ends in `?` is
   * there in some calls only. Empty: its calls reach nothing. Absent: it cannot be leased.
   */
  readonly sinks?: readonly string[];
  /** Reaches addresses that nobody can list beforehand; the network guard checks them. */
  readonly outward?: true;
  /** What people ask for that nothing can do where this tool is off, in a few words. */
  readonly without?: string;
  /** Exists only where the allow-list names it. */
  readonly offByDefault?: true;
  /** Loads the code that makes it. */
  load(): Promise<(ports: ToolPorts) => Tool>;
}

/** What all the tools together are made from. */
export interface ToolPorts {
  readonly fs: FsPorts;
  readonly publicFetch: PublicFetch;
  readonly workers: Workers;
  readonly listening: RecordingServer;
  readonly secrets: ToolSecrets;
  readonly redactor: Redactor;
  readonly memory: Memory;
  readonly jobs: JobDesk;
  readonly history: History;
  readonly artefacts: Artefacts;
  readonly pictures: Pictures;
  readonly clock: Clock;
  readonly random: Random;
}
