import type { AnyNode, Program } from "acorn";
import { visit } from "./syntax_tree.ts";

/**
 * Finds out that a script can give no answer: it has neither a function `run` nor a `return` of its
 * own. Where that is not certain, the run tells.
 */
export function findMute(
  program: Program,
): { readonly message: string; readonly line?: number } | undefined {
  const runs: AnyNode[] = [];
  let returns = false;
  visit(program, (node, { isInside }) => {
    const run = runIn(node);
    if (run) runs.push(run);
    returns ||= !isInside && node.type === "ReturnStatement" && node.argument != null;
  });
  if (returns) return undefined;
  if (runs.length === 0) return { message: `there is no function run; ${DEFINE_RUN}` };
  if (!runs.every(({ type }) => NO_FUNCTIONS.includes(type))) return undefined;
  const line = runs[0]?.loc?.start.line;
  return { message: `run is no function; ${DEFINE_RUN}`, ...(line === undefined ? {} : { line }) };
}

const DEFINE_RUN = "define async function run(args) that returns the answer";

/** Values that certainly cannot be called. */
const NO_FUNCTIONS: readonly string[] = [
  "Literal",
  "TemplateLiteral",
  "ObjectExpression",
  "ArrayExpression",
];

/** What a node gives the name `run`; where that cannot be told, the node itself. */
function runIn(node: AnyNode): AnyNode | undefined {
  switch (node.type) {
    case "FunctionDeclaration":
      return node.id?.name === "run" ? node : undefined;
    case "VariableDeclarator":
      if (node.id.type !== "Identifier") return holdsRun(node.id) ? node : undefined;
      return node.id.name === "run" ? node.init ?? undefined : undefined;
    case "AssignmentExpression":
      if (node.left.type !== "Identifier") return holdsRun(node.left) ? node : undefined;
      return node.left.name === "run" ? node.right : undefined;
    default:
      return undefined;
  }
}

/** Whether `run` stands in a pattern, or as the member that is assigned to. */
function holdsRun(target: AnyNode): boolean {
  let holds = false;
  visit(target, (node) => holds ||= node.type === "Identifier" && node.name === "run");
  return holds;
}
