// A process of its own that writes into a log: writer.ts DIRECTORY TIMES
import { createClock } from "../../platform/deno.ts";
import { openFiles } from "../../platform/files.ts";
import { openAudit } from "../audit.ts";
import { plainly } from "../../../tests/fakes/plainly.ts";

const [directory = "", times = "0"] = Deno.args;
const audit = plainly(openAudit(openFiles(directory), createClock()));
for (let n = 1; n <= Number(times); n++) await audit.record("tool_call", { n });
