import { CHARACTERS, readRecordings } from "./recordings.ts";
import { tryDrift, tryHonesty, tryNearMisses } from "./near.ts";
import { formatTable, type Row, tryTask, WANTED } from "./table.ts";

// The evaluation: recorded models of three strengths answer everyday requests over a fake site.
// `deno task evaluate [ID …]` prints a table; exit code 1 when less is right than was reached.

const tasks = await readRecordings();
const chosen = Deno.args.length > 0 ? tasks.filter(({ id }) => Deno.args.includes(id)) : tasks;
const rows: Row[] = [];
for (const task of chosen) {
  for (const character of CHARACTERS) {
    rows.push(await tryTask(task, character, tasks));
    const last = rows.at(-1);
    console.error(`${task.id} ${character}: ${last?.result} ${last?.detail}`);
  }
}
console.log(formatTable(rows));
const wrong = rows.filter(({ result }) => result === "wrong");
for (const { id, character, detail } of wrong) {
  console.error(`Confidently wrong: ${id}, ${character}: ${detail}`);
}
const isShort = chosen === tasks &&
  CHARACTERS.some((one) =>
    rows.filter(({ character, result }) => character === one && result === "right").length <
      WANTED[one]
  );
const misses = chosen === tasks || Deno.args.includes("near")
  ? [...await tryNearMisses(), ...await tryDrift(), ...await tryHonesty()]
  : [];
for (const { what, seen } of misses) console.error(`Miss: ${what}: ${seen}`);
if (wrong.length > 0 || isShort || misses.length > 0) Deno.exit(1);
