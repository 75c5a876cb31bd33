// Reads TypeScript far enough for rules about imports and names: what is code and what is a comment
// or a text. Everything keeps its offset and its line.

/** One import or re-export, types and `import("…")` included. */
export interface ImportedName {
  readonly specifier: string;
  readonly line: number;
}

/**
 * The source with every comment, and everything inside quotes, template texts and regular
 * expressions, replaced by spaces. Quotation marks and code inside `${…}` stay.
 */
export function codeOf(source: string): string {
  const out = source.split("");
  const blank = (start: number, end: number) => {
    for (let at = start; at < end; at++) if (out[at] !== "\n") out[at] = " ";
  };
  /** Depth of `{` inside each open `${`, innermost last. */
  const templates: number[] = [];
  let before = ""; // the last character or word of code, which tells a division from an expression
  for (let at = 0; at < source.length;) {
    const rest = source.slice(at, at + 2);
    const character = source[at] ?? "";
    const start = at;
    if (rest === "//" || rest === "/*") {
      at = rest === "//" ? lineEnd(source, at) : blockEnd(source, at);
      blank(start, at);
    } else if (character === '"' || character === "'") {
      at = quotedEnd(source, at);
      blank(start + 1, at - 1);
      before = '"';
    } else if (character === "`" || (character === "}" && templates.at(-1) === 0)) {
      if (character === "}") templates.pop();
      const text = templateEnd(source, at + 1);
      blank(start + 1, text.end - (text.opens ? 2 : 1));
      if (text.opens) templates.push(0);
      at = text.end;
      before = text.opens ? "{" : '"';
    } else if (character === "/" && mayBeginExpression(before)) {
      at = regexEnd(source, at);
      blank(start + 1, at - 1);
      before = '"';
    } else {
      const depth = templates.length - 1;
      if (character === "{" && depth >= 0) templates[depth] = (templates[depth] ?? 0) + 1;
      if (character === "}" && depth >= 0) templates[depth] = (templates[depth] ?? 0) - 1;
      const word = /[\w$]+/y;
      word.lastIndex = at;
      const found = word.exec(source)?.[0];
      if (found) before = found;
      else if (character.trim() !== "") before = character;
      at += found?.length ?? 1;
    }
  }
  return out.join("");
}

/** All imports of a source, in its order. Only those with a literal specifier can be seen. */
export function importsOf(source: string): readonly ImportedName[] {
  const code = codeOf(source);
  const pattern =
    /(?<![.\w$])(?:import\s*\(\s*|import\b[^;()"'`=.+]*?|export\b[^;()"'`=.+]*?\bfrom\s*)(["'`])( *)\1/g;
  return [...code.matchAll(pattern)].map((match) => {
    const end = match.index + match[0].length - 1;
    const start = end - (match[2]?.length ?? 0);
    return { specifier: source.slice(start, end), line: lineOf(source, match.index) };
  });
}

/** 1-based line of an offset. */
export function lineOf(source: string, offset: number): number {
  return source.slice(0, offset).split("\n").length;
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? source.length : end;
}

function blockEnd(source: string, from: number): number {
  const end = source.indexOf("*/", from + 2);
  return end < 0 ? source.length : end + 2;
}

function quotedEnd(source: string, from: number): number {
  let at = from + 1;
  while (at < source.length && source[at] !== source[from]) at += source[at] === "\\" ? 2 : 1;
  return at + 1;
}

/** Where a template's text ends: behind the closing mark, or behind a `${` that it `opens`. */
function templateEnd(source: string, from: number): { end: number; opens: boolean } {
  for (let at = from; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "`") return { end: at + 1, opens: false };
    else if (source.startsWith("${", at)) return { end: at + 2, opens: true };
  }
  return { end: source.length, opens: false };
}

function regexEnd(source: string, from: number): number {
  let inClass = false;
  for (let at = from + 1; at < source.length && source[at] !== "\n"; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === "[") inClass = true;
    else if (source[at] === "]") inClass = false;
    else if (source[at] === "/" && !inClass) return at + 1;
  }
  return from + 1; // a division after all
}

const WORDS_BEFORE_EXPRESSION = ["return", "typeof", "case", "in", "of", "new", "await", "yield"];

/** After a value a `/` divides; after anything else it begins a regular expression. */
function mayBeginExpression(before: string): boolean {
  if (WORDS_BEFORE_EXPRESSION.includes(before)) return true;
  return !/^[\w$]|^[)\]}"]/.test(before);
}

/** A function with a body in braces. */
export interface FunctionText {
  /** Its own name, the name it is given to, or `(anonymous)`. */
  readonly name: string;
  /** 1-based line of its opening brace. */
  readonly line: number;
  /** Lines from the opening to the closing brace, both counted. */
  readonly lines: number;
}

/** Every function, method and arrow function of a source whose body stands in braces. */
export function functionsOf(source: string): readonly FunctionText[] {
  const code = codeOf(source);
  const open: number[] = [];
  const found: FunctionText[] = [];
  for (let at = 0; at < code.length; at++) {
    if (code[at] === "{") open.push(at);
    if (code[at] !== "}") continue;
    const start = open.pop();
    if (start === undefined) continue;
    const name = nameOfFunction(code.slice(0, start));
    if (name === undefined) continue;
    const line = lineOf(code, start);
    found.push({ name, line, lines: lineOf(code, at) - line + 1 });
  }
  return found;
}

/** Name of the function whose body begins behind this text; `undefined` when it is none. */
function nameOfFunction(before: string): string | undefined {
  const arrow =
    /(?:([\w$]+)\s*[:=]\s*)?(?:async\s*)?(?:<[^<>]*>\s*)?(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|[\w$]+)\s*(?::[^;{}]*?)?=>\s*$/
      .exec(before.slice(-2000));
  if (arrow) return arrow[1] ?? "(anonymous)";
  const head = /([\w$]+)\s*(?:<[^;{}]*>)?\s*\([^;]*\)\s*(?::\s*[^;]*)?$/.exec(
    before.slice(before.lastIndexOf("\n", before.lastIndexOf("(") - 1) + 1),
  );
  const name = head?.[1];
  return name === undefined || NO_FUNCTIONS.includes(name) ? undefined : name;
}

const NO_FUNCTIONS = ["if", "for", "while", "switch", "catch", "with", "await"];
