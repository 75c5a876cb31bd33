// All tests that stand beside the rooms, loaded into one place: for each file alone, to load the
// rooms takes longer than its tests do. A single file runs as ever: deno test src/text/diff_test.ts.
import { load, testsBelow } from "./shares.ts";

await load(testsBelow("src/"));
