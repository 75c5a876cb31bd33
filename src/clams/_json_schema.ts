// Loaded only when inputs are held against a schema: it brings every kind of schema with it.
export { fromJSONSchema } from "zod";
