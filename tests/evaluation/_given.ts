import { readGiven } from "./recordings.ts";
import { World } from "./world.ts";
const given = await readGiven();
const from = Number(Deno.args[0] ?? 36), to = Number(Deno.args[1] ?? 85);
for (const [at, task] of given.entries()) {
  if (at < from || at >= to) continue;
  await using world = await World.open();
  const answers: Record<string, string[]> = {};
  for (const { schema, answer } of task.answers) {
    (answers[schema === "text" ? "answer" : schema] ??= []).push(answer);
  }
  world.prepare({
    ...answers,
    verdict: answers.verdict ?? ['{"decision":"accept","reply":null}'],
    facts: ["{}"],
  });
  const outcome = await world.ask(task.request);
  console.log(
    at,
    task.request.slice(0, 70),
    "|",
    outcome.status,
    outcome.code,
    outcome.reply.slice(0, 60).replace(/\n/g, " "),
    "|",
    world.model.sequence(),
  );
  for (const c of world.model.named("clam").slice(1, 2)) {
    console.log(
      "     FIX:",
      c.messages.at(-1)!.content.split("\n```")[0]!.split("\n").slice(1).join(" / ").slice(0, 300),
    );
  }
}
