import { Refusal } from "./_refusal.ts";

/** What a method was told, as JSON or as a form. */
export class Payload {
  constructor(readonly fields: Readonly<Record<string, unknown>>) {}

  static async of(request: Request): Promise<Payload> {
    const type = request.headers.get("content-type") ?? "";
    const query = Object.fromEntries(new URL(request.url).searchParams);
    if (type.startsWith("multipart/form-data")) {
      return new Payload({ ...query, ...Object.fromEntries(await request.formData()) });
    }
    const text = await request.text();
    return new Payload({ ...query, ...(text === "" ? {} : JSON.parse(text)) });
  }

  text(name: string): string | undefined {
    const value = this.fields[name];
    if (value === undefined || value === null) return undefined;
    return typeof value === "string" ? value : String(value);
  }

  whole(name: string): number | undefined {
    const value = this.fields[name];
    if (value === undefined) return undefined;
    const number = typeof value === "string" && value !== "" ? Number(value) : value;
    if (!Number.isSafeInteger(number)) throw Refusal.bad(`${name} must be a whole number`);
    return number as number;
  }

  needWhole(name: string): number {
    const value = this.whole(name);
    if (value === undefined) throw Refusal.bad(`parameter "${name}" is missing`);
    return value;
  }

  file(name: string): File | undefined {
    const value = this.fields[name];
    // the library names a part and refers to it
    if (typeof value === "string" && value.startsWith("attach://")) {
      return this.file(value.slice("attach://".length));
    }
    return value instanceof File ? value : undefined;
  }

  /** A field that holds JSON, also where a form carries it as text. */
  json(name: string): unknown {
    const value = this.fields[name];
    return typeof value === "string" ? JSON.parse(value) : value;
  }
}
