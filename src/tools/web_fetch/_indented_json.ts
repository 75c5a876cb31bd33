/** Characters of indented JSON at most; deep nesting makes it grow without bounds. */
const MOST_INDENTED = 16_000_000;

/** Any token of JSON but a string. */
const TOKEN = /[{}[\],:]|\s+|[^{}[\],:\s"]+/y;

/**
 * JSON with one member a line, every value as it was written: numbers keep all their digits, and
 * of members with equal names none is lost. What is no JSON, or too much of it, stays as it is.
 */
export function indentJson(text: string): string {
  if (!isJson(text)) return text;
  let [shown, depth, isEmpty] = ["", 0, false];
  for (let at = 0; at < text.length && shown.length <= MOST_INDENTED;) {
    const token = tokenAt(text, at);
    at += token.length;
    if (/^\s/.test(token)) continue;
    const closes = token === "}" || token === "]";
    if (closes) depth--;
    if (closes !== isEmpty) shown += lineAt(depth);
    shown += token === ":" ? ": " : token === "," ? `,${lineAt(depth)}` : readable(token);
    isEmpty = token === "{" || token === "[";
    if (isEmpty) depth++;
  }
  return shown.length > MOST_INDENTED ? text : shown;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One bracket, comma or colon, a whole string, or what stands up to the next of these. */
function tokenAt(text: string, start: number): string {
  TOKEN.lastIndex = start;
  if (text[start] !== '"') return TOKEN.exec(text)?.[0] ?? "";
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return text.slice(start, end + 1);
}

/** Whether an odd number of backslashes stands before. */
function isEscaped(text: string, at: number): boolean {
  let before = at;
  while (text[before - 1] === "\\") before--;
  return (at - before) % 2 === 1;
}

/** A string with its letters instead of their numbers (`\u00fc`); anything else as it is. */
function readable(token: string): string {
  return token.includes("\\") ? JSON.stringify(JSON.parse(token)) : token;
}

function lineAt(depth: number): string {
  return `\n${"  ".repeat(depth)}`;
}
