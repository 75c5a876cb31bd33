import type { Redactor } from "../domain/redacted.ts";
import type { Files } from "../platform/platform.ts";
import { escapeLine } from "../text/escape.ts";

/** UTF-16 code units that one server may add to its log in the life of a process, and of one line. */
const MOST = 262_144;
const LONGEST_LINE = 2_000;

/**
 * Keeps what servers write beside the protocol in `logs/mcp_NAME.log`, of each only so much. What
 * cannot be written is lost: nothing waits for it.
 */
export function createNotes(
  files: Files,
  redactor: Redactor,
): (server: string, line: string) => void {
  const written = new Map<string, number>();
  const pending = new Map<string, string>();
  const flush = async (server: string) => {
    for (let text = pending.get(server); text; text = pending.get(server)) {
      pending.set(server, "");
      const isFirst = written.get(server) === text.length;
      const path = `mcp_${server}.log`;
      await (isFirst ? files.replace(path, text) : files.append(path, text)).catch(() => {});
    }
    pending.delete(server);
  };
  return (server, line) => {
    const before = written.get(server) ?? 0;
    if (before >= MOST) return;
    const text = `${escapeLine(redactor.redact(line.slice(0, LONGEST_LINE)))}\n`;
    written.set(server, before + text.length);
    const isFlushing = pending.has(server);
    pending.set(server, (pending.get(server) ?? "") + text);
    if (!isFlushing) void flush(server);
  };
}
