import { type AnyNode, parse, type Program } from "acorn";

/**
 * Reads a script as the sandbox takes it; modules are read too, so that they can be refused by name.
 * @throws {SyntaxError} with the place of the first mistake
 */
export function parseScript(script: string): Program {
  return parse(script, {
    ecmaVersion: 2025,
    sourceType: "script",
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowImportExportEverywhere: true,
    locations: true,
  });
}

/** Where a node stands. */
export interface SyntaxPlace {
  readonly parent: AnyNode | undefined;
  /** The parent's property that holds it. */
  readonly role: string;
  /** Whether it is part of a function or class. */
  readonly isInside: boolean;
}

/** Shows every node of a tree, in no order that means anything. */
export function visit(root: AnyNode, visitor: (node: AnyNode, place: SyntaxPlace) => void): void {
  const pending: [AnyNode, SyntaxPlace][] = [[root, {
    parent: undefined,
    role: "",
    isInside: false,
  }]];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const [node, place] = next;
    visitor(node, place);
    const isInside = place.isInside || /Function|^Class/.test(node.type);
    for (const [role, value] of Object.entries(node)) {
      for (const child of Array.isArray(value) ? value : [value]) {
        if (isNode(child)) pending.push([child, { parent: node, role, isInside }]);
      }
    }
  }
}

function isNode(value: unknown): value is AnyNode {
  return value !== null && typeof value === "object" &&
    typeof (value as { type?: unknown }).type === "string";
}
