import type { AnyNode, CallExpression, Program } from "acorn";
import { findViolation, resolveRules, type RuledCall } from "../approvals/capabilities.ts";
import type { PathBase } from "../approvals/scopes.ts";
import type { Capability, Constraint } from "../domain/clam.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import type { Resource } from "../domain/tool_call.ts";
import { parseScript, visit } from "./syntax_tree.ts";

/** A program as its rules are made from it. */
export interface RuledProgram {
  readonly script: string;
  readonly declaredTools: readonly string[];
  readonly inputs: JsonObject;
  /** What its writer wants to narrow. */
  readonly wanted: readonly Capability[];
}

/** What a call in a script says of one argument. */
type Said =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "input"; readonly name: string };

/** A call of a tool in a script: what can be told of its arguments. */
interface Site {
  readonly args: ReadonlyMap<string, Said>;
  /** Arguments that are there and are worked out while it runs. */
  readonly open: ReadonlySet<string>;
  /** Other arguments may be there too. */
  readonly isOpen: boolean;
  /** It may be made several times. */
  readonly isRepeated: boolean;
}

/** Arguments that choose what a tool does; their values in a script are all that it can do. */
const CHOICES = ["operation", "method"];
/** Arguments that name places of the workspace. */
const PLACES = ["path", "to"];

/**
 * The rules of a program, made from its own calls: what they do, and that the places they name are
 * its inputs (`{path}`). What its writer wanted narrower holds as far as the program's own calls
 * fit it; a rule that none of them could meet is left out, and one with this request's value in
 * place of an input means the input. A tool that is not called plainly has the writer's rules alone.
 */
export function deriveRules(program: RuledProgram): readonly Capability[] {
  const { script, declaredTools, wanted } = program;
  let tree: Program;
  try {
    tree = parseScript(script);
  } catch {
    return wanted; // such a script is refused elsewhere
  }
  const calls = callsIn(tree, declaredTools);
  return [...new Set(declaredTools)].flatMap((tool) => {
    const own = wanted.filter(({ method }) => method === tool);
    const sites = calls.get(tool);
    if (sites === undefined || sites.length === 0) return own;
    const narrowed = own.flatMap((rule) => narrow(rule, sites, program.inputs));
    return sites.every((site) => narrowed.some((rule) => mayMeet(rule, site, program.inputs)))
      ? narrowed
      : derived(tool, sites);
  });
}

/** One rule for each kind of call. */
function derived(tool: string, sites: readonly Site[]): Capability[] {
  const rules = sites.map(({ args }): Capability => ({
    method: tool,
    constraints: [...args].flatMap(([param, said]): Constraint[] => {
      if (said.kind === "constant") {
        return CHOICES.includes(param) || PLACES.includes(param)
          ? [{ param, is_in: [said.value] }]
          : [];
      }
      return PLACES.includes(param) ? [{ param, is_in: [`{${said.name}}`] }] : [];
    }),
  }));
  if (rules.some(({ constraints }) => constraints.length === 0)) return [];
  const texts = rules.map((rule) => JSON.stringify(rule));
  return rules.filter((_, at) => texts.indexOf(texts[at] ?? "") === at);
}

/** A wanted rule as it is meant for every request; none where no call of the script could meet it. */
function narrow(rule: Capability, sites: readonly Site[], inputs: JsonObject): Capability[] {
  const constraints = rule.constraints.flatMap((constraint): Constraint[] => {
    const { param, is_in: allowed } = constraint;
    const said = sites.flatMap(({ args }) => args.get(param) ?? []);
    if (!Array.isArray(allowed) || said.length === 0) return [constraint];
    const names = said.flatMap((one) => one.kind === "input" ? [one.name] : []);
    if (names.length < said.length && names.length > 0) return [constraint];
    if (names.length === 0) return [constraint];
    // an address may lead on to others, so it is bounded by the gate alone
    if (!PLACES.includes(param)) return [];
    const others = allowed.filter((value) => !names.some((name) => isInput(value, inputs[name])));
    return [{ ...constraint, is_in: [...others, ...new Set(names.map((name) => `{${name}}`))] }];
  });
  const { max_calls: most, ...rest } = rule;
  const isCounted = most !== undefined && most >= sites.length &&
    !sites.some(({ isRepeated }) => isRepeated);
  const meant = { ...rest, constraints, ...(isCounted ? { max_calls: most } : {}) };
  return sites.some((site) => mayMeet(meant, site, inputs)) ? [meant] : [];
}

function isInput(value: Json, input: Json | undefined): boolean {
  const text = JSON.stringify(value);
  return JSON.stringify(input) === text ||
    (Array.isArray(input) && input.some((one) => JSON.stringify(one) === text));
}

/** Where relative paths start while rules are tried. */
const BASE: PathBase = { root: "/workspace", userHome: undefined };

/** Whether a call may meet a rule, as far as the script and this request's inputs tell. */
function mayMeet(rule: Capability, site: Site, inputs: JsonObject): boolean {
  const args = Object.fromEntries(
    [...site.args].flatMap(([param, said]) => {
      const value = said.kind === "constant" ? said.value : inputs[said.name];
      return value === undefined ? [] : [[param, value]];
    }),
  );
  const constraints = rule.constraints.filter(({ param }) => {
    const [first = ""] = param.split(".");
    return !site.open.has(first) && !(site.isOpen && !Object.hasOwn(args, first));
  });
  const known = { ...rule, constraints };
  const [resolved = known] = resolveRules([known], inputs);
  const call: RuledCall = { tool: rule.method, args, resources: resourcesOf(args) };
  return findViolation([resolved], call, { base: BASE, before: [] }) === undefined;
}

function resourcesOf({ url, method = "GET", path, to }: JsonObject): Resource[] {
  const files = [path, to].flatMap((one): Resource[] =>
    typeof one === "string"
      ? [{
        kind: "file",
        path: one.startsWith("/") ? one : `/workspace/${one}`.replace(/\/\.$/, ""),
        operation: "",
        root: "/workspace",
      }]
      : []
  );
  if (typeof url !== "string" || !URL.canParse(url)) return files;
  return [...files, { kind: "url", url, method: String(method) }];
}

/** The calls of each declared tool; `undefined` for one that is also used in another way. */
function callsIn(
  tree: Program,
  tools: readonly string[],
): ReadonlyMap<string, readonly Site[] | undefined> {
  const found = new Map<string, Site[] | undefined>(tools.map((tool) => [tool, []]));
  const inputs = inputNames(tree);
  const repeated = repeatedRanges(tree);
  visit(tree, (node, { parent, role }) => {
    if (node.type !== "Identifier" || !found.has(node.name)) return;
    if (parent?.type === "MemberExpression" && role === "property" && !parent.computed) return;
    if (parent?.type === "Property" && role === "key" && !parent.computed) return;
    const isCalled = parent?.type === "CallExpression" && role === "callee";
    const sites = found.get(node.name);
    const site = isCalled ? siteOf(parent, inputs, repeated) : undefined;
    found.set(node.name, sites && site ? [...sites, site] : undefined);
  });
  return found;
}

function siteOf(
  call: CallExpression,
  inputs: InputNames,
  repeated: readonly (readonly [number, number])[],
): Site | undefined {
  const [given, ...more] = call.arguments;
  if (more.length > 0 || (given && given.type !== "ObjectExpression")) return undefined;
  const args = new Map<string, Said>();
  const open = new Set<string>();
  let isOpen = false;
  for (const property of given?.properties ?? []) {
    const name = property.type === "Property" && !property.computed
      ? nameOf(property.key)
      : undefined;
    if (property.type !== "Property" || name === undefined) {
      isOpen = true;
      continue;
    }
    const said = saidBy(property.value, inputs);
    if (said) args.set(name, said);
    else open.add(name);
  }
  const isRepeated = repeated.some(([start, end]) => call.start > start && call.end <= end);
  return { args, open, isOpen, isRepeated };
}

function nameOf(key: AnyNode): string | undefined {
  if (key.type === "Identifier") return key.name;
  return key.type === "Literal" && typeof key.value === "string" ? key.value : undefined;
}

function saidBy(node: AnyNode, inputs: InputNames): Said | undefined {
  if (node.type === "Literal") {
    const { value } = node;
    return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
      ? { kind: "constant", value }
      : undefined;
  }
  if (node.type === "Identifier") {
    const name = inputs.variables.get(node.name);
    return name === undefined ? undefined : { kind: "input", name };
  }
  const isMember = node.type === "MemberExpression" && !node.computed &&
    node.object.type === "Identifier" && node.object.name === inputs.object &&
    node.property.type === "Identifier";
  return isMember ? { kind: "input", name: (node.property as { name: string }).name } : undefined;
}

/** How the inputs are called in a script. */
interface InputNames {
  /** `args` of `run(args)`. */
  readonly object: string | undefined;
  /** Variables that hold an input and are never given anything else, with the input's name. */
  readonly variables: ReadonlyMap<string, string>;
}

function inputNames(tree: Program): InputNames {
  let object: string | undefined;
  const variables = new Map<string, string>();
  const assigned = new Map<string, number>();
  const note = (name: string) => assigned.set(name, (assigned.get(name) ?? 0) + 1);
  visit(tree, (node) => {
    if (node.type === "FunctionDeclaration" && node.id?.name === "run") {
      const [parameter] = node.params;
      if (parameter?.type === "Identifier") object = parameter.name;
      if (parameter?.type === "ObjectPattern") takeApart(parameter, variables);
    }
    if (node.type === "AssignmentExpression" && node.left.type === "Identifier") {
      note(node.left.name);
    }
    if (node.type === "UpdateExpression" && node.argument.type === "Identifier") {
      note(node.argument.name);
    }
  });
  visit(tree, (node) => {
    if (node.type !== "VariableDeclarator" || node.init?.type !== "Identifier") return;
    if (node.init.name === object && node.id.type === "ObjectPattern") {
      takeApart(node.id, variables);
    }
  });
  for (const name of [...assigned.keys(), ...twiceDeclared(tree)]) variables.delete(name);
  return { object: object !== undefined && !assigned.has(object) ? object : undefined, variables };
}

function takeApart(pattern: AnyNode, variables: Map<string, string>): void {
  if (pattern.type !== "ObjectPattern") return;
  for (const property of pattern.properties) {
    if (property.type !== "Property" || property.computed) continue;
    const name = nameOf(property.key);
    if (name !== undefined && property.value.type === "Identifier") {
      variables.set(property.value.name, name);
    }
  }
}

/** Names that stand for several things in a script: which one is meant is not worked out. */
function twiceDeclared(tree: Program): string[] {
  const seen = new Map<string, number>();
  visit(tree, (node, { parent, role }) => {
    const isParameter = role === "params" && node.type === "Identifier";
    const isVariable = parent?.type === "VariableDeclarator" && role === "id" &&
      node.type === "Identifier";
    const isShorthand = parent?.type === "Property" && role === "value" &&
      node.type === "Identifier" && (parent as { kind?: string; shorthand?: boolean }).shorthand;
    if (isParameter || isVariable || (isShorthand && isPatternMember(tree, node))) {
      seen.set(node.name, (seen.get(node.name) ?? 0) + 1);
    }
  });
  return [...seen].filter(([, count]) => count > 1).map(([name]) => name);
}

function isPatternMember(tree: Program, member: AnyNode): boolean {
  let is = false;
  visit(tree, (node) => {
    if (node.type !== "ObjectPattern") return;
    is ||= node.properties.some((one) => one.type === "Property" && one.value === member);
  });
  return is;
}

/** Where a call may be made more than once: loops, and functions within the program. */
function repeatedRanges(tree: Program): (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  visit(tree, (node) => {
    const isLoop = /^(?:For|While|DoWhile)/.test(node.type);
    const isInner = /Function/.test(node.type) &&
      !(node.type === "FunctionDeclaration" && node.id?.name === "run");
    if (isLoop || isInner) ranges.push([node.start, node.end]);
  });
  return ranges;
}
