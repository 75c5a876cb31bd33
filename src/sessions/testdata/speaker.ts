// A process of its own that speaks until it is killed: speaker.ts DIRECTORY CONVERSATION TAG
import { createClock } from "../../platform/deno.ts";
import { openFiles } from "../../platform/files.ts";
import { openSessions } from "../sessions.ts";
import { plainly } from "../../../tests/fakes/plainly.ts";

const [directory = "", conversation = "", tag = ""] = Deno.args;
const sessions = plainly(openSessions(openFiles(directory), createClock()));
for (let n = 1; n <= 2000; n++) {
  await sessions.append(conversation, {
    role: "user",
    content: `${tag} ${n} ${"x".repeat(n % 500)}`,
    metadata: { turn: `${tag}-${n}` },
  });
  console.log(n);
}
