import { ConnectionError } from "./platform.ts";
import { trimBlanks } from "./trim_blanks.ts";

/**
 * Reads the header fields of an answer by its lines, up to the empty one (RFC 9112, section 5).
 * @throws {ConnectionError} `broken` when one is malformed
 */
export async function readFields(line: () => Promise<string>): Promise<Headers> {
  const headers = new Headers();
  for (const text of await unfolded(line)) {
    const [, name, value] = /^([^\s:]+):([^\r]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined) throw malformed();
    try {
      headers.append(name, trimBlanks(value));
    } catch (error) {
      throw malformed(error);
    }
  }
  return headers;
}

/** Lines up to the empty one; each fold of a value becomes a space (RFC 9112, section 5.2). */
async function unfolded(line: () => Promise<string>): Promise<string[]> {
  const lines: string[] = [];
  for (let text = await line(); text !== ""; text = await line()) {
    const isFold = lines.length > 0 && /^[ \t]/.test(text);
    lines.push(isFold ? `${lines.pop()} ${trimBlanks(text)}` : text);
  }
  return lines;
}

function malformed(cause?: unknown): ConnectionError {
  return new ConnectionError("broken", "it sent a malformed header", { cause });
}
