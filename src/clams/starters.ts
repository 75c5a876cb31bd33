// The clams that come along with the program.
export { STARTERS } from "./starter/catalog.ts";
