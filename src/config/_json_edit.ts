import type { Json } from "../domain/json.ts";
import { type JsonMember, type JsonNode, readJson } from "./_json_text.ts";

// Changes one member of a JSON text and leaves every other character where it is, so that a
// person's file keeps its order, its spelling and its line breaks.

/** One step into an object: the spelling to write, then others that mean the same. */
type Step = readonly [string, ...string[]];

/**
 * Puts a value at the end of a path of objects; those that are missing are made. `text` must be a
 * valid JSON object.
 */
export function setMember(text: string, steps: readonly Step[], value: Json): string {
  let node = readNode(text);
  for (const [index, step] of steps.entries()) {
    const rest = steps.slice(index + 1);
    const member = findLast(node, step);
    if (!member) return insert(text, node, step[0], nest(rest, value));
    if (rest.length === 0 || !member.node.members) {
      return overwrite(text, node, member.node, nest(rest, value));
    }
    node = member.node;
  }
  return overwrite(text, node, node, value);
}

/** Takes a member out, under every spelling, with the objects that nothing is left in. */
export function removeMember(text: string, steps: readonly Step[]): string {
  for (let shorter = removeOnce(text, steps); shorter !== undefined;) {
    text = shorter;
    shorter = removeOnce(text, steps);
  }
  return text;
}

function removeOnce(text: string, steps: readonly Step[]): string | undefined {
  let holder = readNode(text);
  let doomed: { holder: JsonNode; member: JsonMember } | undefined;
  for (const step of steps) {
    const member = findLast(holder, step);
    if (!member) return undefined;
    const leavesNothing = doomed !== undefined && holder.members?.length === 1;
    doomed = leavesNothing ? doomed : { holder, member };
    holder = member.node;
  }
  return doomed && cut(text, doomed.holder, doomed.member);
}

function cut(text: string, holder: JsonNode, member: JsonMember): string {
  const members = holder.members ?? [];
  const index = members.indexOf(member);
  const before = members[index - 1];
  const after = members[index + 1];
  if (before) return splice(text, before.node.end, member.node.end, "");
  if (after) return splice(text, member.start, after.start, "");
  return splice(text, holder.start, holder.end, "{}");
}

function insert(text: string, holder: JsonNode, key: string, value: Json): string {
  const last = holder.members?.at(-1);
  const layout = layoutOf(text);
  if (!last) {
    const outer = indentAt(text, holder.start);
    const inner = outer + layout.unit;
    const line = `${layout.newline}${inner}${JSON.stringify(key)}: ${render(value, inner, layout)}`;
    return splice(text, holder.start, holder.end, `{${line}${layout.newline}${outer}}`);
  }
  const indent = ownLineIndent(text, last.start);
  const gap = indent === undefined ? " " : layout.newline + indent;
  const shown = indent === undefined ? JSON.stringify(value) : render(value, indent, layout);
  return splice(text, last.node.end, last.node.end, `,${gap}${JSON.stringify(key)}: ${shown}`);
}

function overwrite(text: string, holder: JsonNode, old: JsonNode, value: Json): string {
  const oneLine = !text.slice(holder.start, holder.end).includes("\n");
  const shown = oneLine
    ? JSON.stringify(value)
    : render(value, indentAt(text, old.start), layoutOf(text));
  return splice(text, old.start, old.end, shown);
}

function findLast(node: JsonNode, step: Step): JsonMember | undefined {
  return node.members?.findLast((member) => step.includes(member.key));
}

/** `value` inside one object per step. */
function nest(steps: readonly Step[], value: Json): Json {
  return steps.reduceRight<Json>((inner, [name]) => Object.fromEntries([[name, inner]]), value);
}

interface Layout {
  readonly newline: string;
  /** White space of one level. */
  readonly unit: string;
}

/** How the person lays the file out: two spaces and line feeds unless it shows otherwise. */
function layoutOf(text: string): Layout {
  return {
    newline: text.includes("\r\n") ? "\r\n" : "\n",
    unit: /\n([ \t]+)"/.exec(text)?.[1] ?? "  ",
  };
}

function render(value: Json, indent: string, { newline, unit }: Layout): string {
  return JSON.stringify(value, null, unit).replaceAll("\n", newline + indent);
}

/** White space at the beginning of the line that holds an offset. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** The same when nothing but white space stands before the offset on a line of its own. */
function ownLineIndent(text: string, offset: number): string | undefined {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(start, offset);
  return start > 0 && line.trim() === "" ? line : undefined;
}

function readNode(text: string): JsonNode {
  const reading = readJson(text);
  if (reading.kind === "broken") throw new SyntaxError(reading.message);
  return reading.node;
}

function splice(text: string, start: number, end: number, put: string): string {
  return text.slice(0, start) + put + text.slice(end);
}
