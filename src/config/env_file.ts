/**
 * Reads a file of variables: `NAME=value` lines, also with `export` before them. `#` begins a
 * comment, in an unquoted value only after white space. Single quotes keep everything as it is,
 * double quotes know `\n`, `\"` and `\\`. Nothing is expanded and no line runs on. Lines that are
 * none of this are skipped.
 */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const variables = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const found = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    const value = found?.[2] === undefined ? undefined : readValue(found[2]);
    if (found?.[1] && value !== undefined) variables.set(found[1], value);
  }
  return variables;
}

function readValue(text: string): string | undefined {
  if (text.startsWith("'")) return /^'([^']*)'(?:\s+#.*)?$/.exec(text)?.[1];
  if (text.startsWith('"')) {
    const inner = /^"((?:[^"\\]|\\.)*)"(?:\s+#.*)?$/.exec(text)?.[1];
    return inner?.replace(/\\([n"\\])/g, (_, escaped) => escaped === "n" ? "\n" : escaped);
  }
  return text.replace(/(?:^|\s+)#.*$/, "");
}
