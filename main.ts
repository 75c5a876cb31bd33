import { answerAtOnce } from "./src/walls/answer_at_once.ts";

if (!await answerAtOnce(Deno.args)) {
  const { launch } = await import("./src/walls/launch.ts");
  await launch(Deno.args);
}
