import { load, shareOf } from "../shares.ts";

await load(shareOf(3));
