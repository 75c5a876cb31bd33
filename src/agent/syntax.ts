import type { AnyNode, Program } from "acorn";
import { findMute } from "./mute.ts";
import { parseScript, visit } from "./syntax_tree.ts";

/** What stands in the way of running a script, worded for the model that wrote it. */
export interface ScriptProblem {
  readonly message: string;
  /** 1-based. */
  readonly line?: number;
}

/** Names that never exist inside, and what to use instead. */
const ABSENT: Readonly<Record<string, string>> = {
  require: "there are no modules; call the declared tools",
  fetch: "call web_fetch or http_request",
  XMLHttpRequest: "call http_request",
  WebSocket: "there is no socket; call http_request",
  process: "there is no process; inputs come in args",
  Deno: "there is no runtime object; call the declared tools",
  Buffer: "use Uint8Array",
  setTimeout: "call the tool sleep",
  setInterval: "call the tool sleep",
  window: "there is no page",
  document: "there is no page",
};

/**
 * Looks at a script before it runs, with a real parser: strings and comments mean nothing.
 * The engine itself has the last word on what runs.
 */
export function findScriptProblem(
  script: string,
  tools: readonly string[] = [],
): ScriptProblem | undefined {
  let program: Program;
  try {
    program = parseScript(script);
  } catch (error) {
    const { message, loc } = error as SyntaxError & { loc?: { line: number } };
    return { message: `syntax error: ${message}; ${PLAIN}`, ...(loc ? { line: loc.line } : {}) };
  }
  return findAbsent(program) ?? findMember(program, tools) ?? findMute(program);
}

const PLAIN = "write plain JavaScript, without types, import, export or JSX";

/** A tool that is used as an object: `fs.read(…)`. */
function findMember(program: Program, tools: readonly string[]): ScriptProblem | undefined {
  const declared = new Set<string>();
  const used: { readonly name: string; readonly line: number }[] = [];
  visit(program, (node) => {
    bindingsOf(node).forEach((binding) => bind(binding, declared));
    if (node.type !== "MemberExpression" || node.object.type !== "Identifier") return;
    used.push({ name: node.object.name, line: node.loc?.start.line ?? 1 });
  });
  const isTools = (name: string) => name === "tools" || name === "functions";
  const found = used.find(({ name }) =>
    !declared.has(name) && (isTools(name) || tools.includes(name))
  );
  if (!found) return undefined;
  const { name, line } = found;
  const message = isTools(name)
    ? `there is no object ${name}: call the tool itself, await ${tools[0] ?? "name"}({…})`
    : `${name} is one function, not an object: await ${name}({…})`;
  return { message, line };
}

/** The first use of a module or of a name that does not exist inside and is not declared here. */
function findAbsent(program: Program): ScriptProblem | undefined {
  const declared = new Set<string>();
  const used: { name: string; line: number }[] = [];
  let problem: ScriptProblem | undefined;
  visit(program, (node, { parent, role }) => {
    const line = node.loc?.start.line ?? 1;
    if (/^(Import|Export)/.test(node.type)) {
      problem ??= { message: "import and export do not exist; call the declared tools", line };
    }
    bindingsOf(node).forEach((binding) => bind(binding, declared));
    if (node.type === "Identifier" && !isName(parent, role)) used.push({ name: node.name, line });
  });
  if (problem) return problem;
  const absent = used.find(({ name }) => Object.hasOwn(ABSENT, name) && !declared.has(name));
  return absent &&
    { message: `${absent.name} does not exist: ${ABSENT[absent.name]}`, line: absent.line };
}

/** The patterns in which a node makes names. */
function bindingsOf(node: AnyNode): readonly (AnyNode | null | undefined)[] {
  switch (node.type) {
    case "VariableDeclarator":
    case "ClassDeclaration":
    case "ClassExpression":
      return [node.id];
    case "FunctionDeclaration":
    case "FunctionExpression":
      return [node.id, ...node.params];
    case "ArrowFunctionExpression":
      return node.params;
    case "CatchClause":
      return [node.param];
    default:
      return [];
  }
}

/** Adds the names that a pattern makes. */
function bind(pattern: AnyNode | null | undefined, names: Set<string>): void {
  switch (pattern?.type) {
    case "Identifier":
      return void names.add(pattern.name);
    case "ObjectPattern":
      return pattern.properties.forEach((one) =>
        bind(one.type === "Property" ? one.value : one, names)
      );
    case "ArrayPattern":
      return pattern.elements.forEach((one) => bind(one, names));
    case "AssignmentPattern":
      return bind(pattern.left, names);
    case "RestElement":
      return bind(pattern.argument, names);
  }
}

/** Whether an identifier is only the name of a member, not a use of a variable. */
function isName(parent: AnyNode | undefined, role: string): boolean {
  if (parent?.type === "MemberExpression") return role === "property" && !parent.computed;
  if (parent?.type === "Property") return role === "key" && !parent.computed && !parent.shorthand;
  return parent?.type === "MethodDefinition" || parent?.type === "PropertyDefinition" ||
    parent?.type === "LabeledStatement";
}
