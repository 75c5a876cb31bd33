import type { Redactor } from "../domain/redacted.ts";
import type { AppendFile } from "../platform/platform.ts";
import type { Sealer } from "./_seal.ts";
import type { RunLine } from "./line.ts";

/** Adds lines to a run's file. All that wait are written and synced at once. */
export interface RunWriter {
  /**
   * Adds a line behind those before it. Resolves when it stands in the file, so that it outlives
   * this process; `durable`: when it is on the disk itself. Resolves in the order of the calls.
   * @throws {CodedError} `disk_full`, `file_failed`: it does not stand there then
   */
  write(line: RunLine, durable: boolean): Promise<void>;
  /** Bytes in the file. */
  readonly size: number;
  /** Waits for what is being written and lets go of the file. */
  close(): Promise<void>;
}

interface Waiting {
  readonly line: RunLine;
  readonly durable: boolean;
  readonly done: PromiseWithResolvers<void>;
}

/** Builds one over an opened file. */
export function createRunWriter(
  file: AppendFile,
  size: number,
  sealer: Sealer,
  redactor: Redactor,
): RunWriter {
  let queue: Waiting[] = [];
  let writing: Promise<void> | undefined;
  let written = size;

  async function writeAll(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue;
      queue = [];
      try {
        const sealed = await sealer.seal(batch.map(({ line }) => line));
        await file.append(sealed.text, batch.some(({ durable }) => durable));
        sealer.commit(sealed);
        written += sealed.text.length;
        for (const { done } of batch) done.resolve();
      } catch (error) {
        for (const { done } of batch) done.reject(error);
      }
    }
    writing = undefined;
  }

  return {
    get size() {
      return written;
    },
    write(line, durable) {
      const done = Promise.withResolvers<void>();
      queue.push({ line: redactor.clean(line), durable, done });
      writing ??= writeAll();
      return done.promise;
    },
    async close() {
      await writing;
      file.close();
    },
  };
}
