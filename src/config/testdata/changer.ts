// A process of its own that changes one key many times: changer.ts DIRECTORY KEY TIMES
import { createClock } from "../../platform/deno.ts";
import { openFiles } from "../../platform/files.ts";
import { saveConfig } from "../save.ts";

const [directory = "", key = "", times = "0"] = Deno.args;
for (let value = 1; value <= Number(times); value++) {
  await saveConfig(openFiles(directory), "config.json", [{ key, value }], createClock());
}
