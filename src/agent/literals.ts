import type { AnyNode } from "acorn";
import { parseScript, type SyntaxPlace, visit } from "./syntax_tree.ts";

/**
 * The texts and numbers that stand in a script as themselves, pieces of templates too; names of
 * members are none. Empty for a script that cannot be parsed.
 */
export function literalsOf(script: string): string[] {
  return collect(
    script,
    (node, { parent, role }) => isKey(parent, role) ? undefined : literalOf(node),
  );
}

/**
 * Texts that a script says in its own words: strings and pieces of templates, but not those that it
 * only compares something with. Empty for a script that cannot be parsed.
 */
export function textsSaidBy(script: string): string[] {
  return collect(
    script,
    (node, { parent }) => isText(node) && !isComparison(parent) ? literalOf(node) : undefined,
  );
}

function collect(
  script: string,
  read: (node: AnyNode, place: SyntaxPlace) => string | undefined,
): string[] {
  const literals: string[] = [];
  try {
    visit(parseScript(script), (node, place) => {
      const literal = read(node, place);
      if (literal !== undefined) literals.push(literal);
    });
  } catch {
    return []; // such a script is refused elsewhere
  }
  return literals;
}

function literalOf(node: AnyNode): string | undefined {
  if (node.type === "TemplateElement") return node.value.cooked ?? node.value.raw;
  if (node.type !== "Literal") return undefined;
  if ("regex" in node && node.regex) return node.regex.pattern;
  return typeof node.value === "string" || typeof node.value === "number"
    ? String(node.value)
    : undefined;
}

function isKey(parent: AnyNode | undefined, role: string): boolean {
  return parent?.type === "Property" && role === "key" && !parent.computed;
}

function isText(node: AnyNode): boolean {
  return node.type === "TemplateElement" ||
    (node.type === "Literal" && typeof node.value === "string");
}

function isComparison(node: AnyNode | undefined): boolean {
  return node?.type === "SwitchCase" ||
    (node?.type === "BinaryExpression" && /^[!=]==?$/.test(node.operator));
}
