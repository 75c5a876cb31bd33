import { type ExpressionStatement, type Node, parse, type Program } from "acorn";

/** A program that is not JavaScript as the sandbox takes it. */
export class ScriptError extends Error {
  override readonly name = "ScriptError";

  constructor(message: string, readonly line: number | undefined) {
    super(message);
  }
}

/** The file name that the engine gives to the program in stacks. */
export const SCRIPT_NAME = "script.js";

/**
 * The text of a function expression that runs a program: `(watchRun, endRun) => Promise`. Lines
 * keep their numbers. The program is an async function's body, so it may `return` and `await` at
 * the top; it must stand as a program of its own, so no stray brace can end the function early.
 * Its `run` goes through `watchRun`, which knows whether the program has called it; where the
 * program returns nothing, `endRun(run)` gives the value, or throws where `run` is no function. A
 * `run` that comes about in a way that cannot be watched is called by the program alone, if the
 * program calls it anywhere.
 *
 * @throws {ScriptError} with the line of the first mistake.
 */
export function wrapScript(source: string): string {
  const program = parseScript(source);
  const [watch, end] = unusedNames(source);
  const values = program.body.flatMap((node) => runValues(node));
  const isFunction = program.body.some(isRunFunction);
  const use = findUse(program, values);
  const isWatched = !use.isElsewhere && (isFunction || values.length > 0);
  const places = isWatched ? values : use.calls;
  const before = isWatched && isFunction ? `run=${watch}(run);` : "";
  const last = isWatched || !use.isCalled ? `typeof run==="undefined"?undefined:run` : "";
  return `(async(${watch},${end})=>{${before}${
    enclose(source, places, watch)
  }\n;return ${end}(${last});})`;
}

/** How a program uses the name `run`. */
interface Use {
  /** It is called somewhere. */
  isCalled: boolean;
  /** It gets a value in another way than by the statements that are watched. */
  isElsewhere: boolean;
  /** The name in calls outside of functions. */
  readonly calls: Node[];
}

function findUse(program: Program, watched: readonly Node[]): Use {
  const use: Use = { isCalled: false, isElsewhere: false, calls: [] };
  const visit = (node: Node, depth: number) => {
    if (node.type === "CallExpression") {
      const { callee } = node as unknown as { callee: Node };
      if (isRun(callee)) use.isCalled = true;
      if (isRun(callee) && depth === 0) use.calls.push(callee);
    }
    if (node.type === "AssignmentExpression") {
      const { left, right } = node as unknown as { left: Node; right: Node };
      use.isElsewhere ||= mentionsRun(left) && !watched.includes(right);
    }
    if (node.type === "VariableDeclarator") {
      const { id } = node as unknown as { id: Node };
      use.isElsewhere ||= depth === 0 && !isRun(id) && mentionsRun(id);
    }
    const inner = /Function|^Class/.test(node.type) ? depth + 1 : depth;
    for (const child of childrenOf(node)) visit(child, inner);
  };
  visit(program, 0);
  return use;
}

function mentionsRun(node: Node): boolean {
  return isRun(node) || childrenOf(node).some(mentionsRun);
}

function childrenOf(node: Node): Node[] {
  const isNode = (value: unknown): value is Node =>
    typeof (value as Node | null | undefined)?.type === "string";
  return Object.values(node).flat().filter(isNode);
}

/** Where a stack of the engine last stood in the program: a 1-based line, if it did. */
export function lineInStack(stack: string): number | undefined {
  const line = Number(/script\.js:(\d{1,9})/.exec(stack)?.[1]);
  return line > 0 ? line : undefined;
}

function parseScript(source: string): Program {
  try {
    return parse(source, {
      ecmaVersion: 2025,
      sourceType: "script",
      allowReturnOutsideFunction: true,
      allowAwaitOutsideFunction: true,
      allowHashBang: false,
    });
  } catch (error) {
    if (error instanceof SyntaxError) throw asScriptError(error);
    throw new ScriptError("The program is nested too deeply to be read", undefined);
  }
}

function asScriptError(error: SyntaxError & { loc?: { line: number } }): ScriptError {
  const message = /^'import' and 'export'/.test(error.message)
    ? "A program cannot import or export anything; its tools are global functions"
    : error.message.replace(/ \(\d+:\d+\)$/, "");
  return new ScriptError(message, error.loc?.line);
}

/** Two names that stand nowhere in the program. */
function unusedNames(source: string): [string, string] {
  let mark = "_clam";
  for (let i = 0; source.includes(mark); i++) mark = `_clam${i}`;
  return [`${mark}w`, `${mark}e`];
}

function isRunFunction(node: Node): boolean {
  return node.type === "FunctionDeclaration" && isRun((node as { id?: Node }).id);
}

/** What a statement assigns to `run`: `const run = …`, `run = …`. */
function runValues(node: Node): Node[] {
  if (node.type === "VariableDeclaration") {
    const { declarations } = node as unknown as { declarations: { id: Node; init?: Node }[] };
    return declarations.flatMap(({ id, init }) => isRun(id) && init ? [init] : []);
  }
  const expression = node.type === "ExpressionStatement" &&
    (node as ExpressionStatement).expression;
  if (expression && expression.type === "AssignmentExpression" && isRun(expression.left)) {
    return [expression.right];
  }
  return [];
}

function isRun(node: Node | null | undefined): boolean {
  return node?.type === "Identifier" && (node as { name?: string }).name === "run";
}

/** Puts `call(…)` around pieces of the text, which stand in order and do not overlap. */
function enclose(source: string, places: readonly Node[], call: string): string {
  let text = "";
  let at = 0;
  for (const { start, end } of places) {
    text += `${source.slice(at, start)}${call}(${source.slice(start, end)})`;
    at = end;
  }
  return text + source.slice(at);
}
