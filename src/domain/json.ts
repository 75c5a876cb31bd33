/** A JSON value as it crosses walls: text on the wire, this in the hand. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Keys are data, never looked up on a prototype. */
export interface JsonObject {
  readonly [key: string]: Json;
}
