// Reading what Telegram sends: nothing about it is taken for granted.

/** What stands in an update is not what the Bot API promises; the message names the field. */
export class UnreadableField extends Error {}

/** An object whose fields are read one by one. */
export interface Fields {
  /** A text; `undefined` when the field is missing. */
  text(name: string): string | undefined;
  /** A whole number. */
  whole(name: string): number | undefined;
  /** An object. */
  fields(name: string): Fields | undefined;
  /** A list of objects; empty when the field is missing. */
  list(name: string): readonly Fields[];
  /** A whole number that must be there. */
  needWhole(name: string): number;
  /** An object that must be there. */
  need(name: string): Fields;
}

/** Fields of a value; `where`: how to name it. @throws {UnreadableField} from every method */
export function fieldsOf(value: unknown, where: string): Fields {
  if (!isObject(value)) throw new UnreadableField(`${where} is no object`);
  const at = (name: string) => `${where}.${name}`;
  const read = (name: string) => Object.hasOwn(value, name) ? value[name] ?? undefined : undefined;
  const fail = (name: string, what: string): never => {
    throw new UnreadableField(`${at(name)} is no ${what}`);
  };
  const fields: Fields = {
    text(name) {
      const found = read(name);
      return found === undefined || typeof found === "string" ? found : fail(name, "text");
    },
    whole(name) {
      const found = read(name);
      const isWhole = found === undefined || Number.isSafeInteger(found);
      return isWhole ? found as number | undefined : fail(name, "whole number");
    },
    fields(name) {
      const found = read(name);
      return found === undefined ? undefined : fieldsOf(found, at(name));
    },
    list(name) {
      const found = read(name) ?? [];
      if (!Array.isArray(found)) return fail(name, "list");
      return found.map((one, index) => fieldsOf(one, `${at(name)}[${index}]`));
    },
    needWhole: (name) => fields.whole(name) ?? fail(name, "whole number"),
    need: (name) => fields.fields(name) ?? fail(name, "object"),
  };
  return fields;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
