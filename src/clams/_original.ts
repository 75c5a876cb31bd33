/**
 * Reads the front matter of the original program where it is no YAML, for it never escaped quotes:
 * flat `key: value` lines, `- item` lists below a key, values in quotes, `true`, `false`, whole
 * numbers and JSON on one line. `undefined` when a line is none of these.
 */
export function readOriginalFrontMatter(text: string): Record<string, unknown> | undefined {
  const fields = new Map<string, unknown>();
  let list: unknown[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === "" || line.trimStart().startsWith("#")) continue;
    const item = /^\s*- (.*)$/.exec(line)?.[1];
    const [, key, value] = /^([a-z_]+):(?: (.*))?$/.exec(line) ?? [];
    if (item !== undefined && list) list.push(readScalar(item));
    else if (key === undefined || fields.has(key)) return undefined;
    else {
      list = (value ?? "").trim() === "" ? [] : undefined;
      fields.set(key, list ?? readScalar(value ?? ""));
    }
  }
  return Object.fromEntries(fields);
}

function readScalar(text: string): unknown {
  const value = text.trim();
  if (/^(?:true|false|-?\d{1,15})$/.test(value)) return JSON.parse(value);
  if (/^[{[]/.test(value)) return parseJson(value);
  const [, quote] = /^(["'])[^]*\1$/.exec(value) ?? [];
  return quote !== undefined && value.length > 1 ? value.slice(1, -1) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
