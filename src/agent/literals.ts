import type { AnyNode } from "acorn";
import { parseScript, visit } from "./syntax.ts";

/**
 * The texts and numbers that stand in a script as themselves, pieces of templates too; names of
 * members are none. Empty for a script that cannot be parsed.
 */
export function literalsOf(script: string): string[] {
  const literals: string[] = [];
  try {
    visit(parseScript(script), (node, parent, role) => {
      const literal = isKey(parent, role) ? undefined : literalOf(node);
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
