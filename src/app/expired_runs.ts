import type { Stores } from "./stores.ts";
import { EXPIRED } from "../runs/runs.ts";

/**
 * Ends the runs whose questions nobody answered in time; a turn is told of in its conversation, once.
 * @returns the runs that were ended
 */
export async function expireRuns(
  { runs, sessions, redactor }: Pick<Stores, "runs" | "sessions" | "redactor">,
): Promise<readonly string[]> {
  return await runs.expire(async ({ opening: { turn, conversation, purpose } }) => {
    if (purpose !== "turn") return;
    const { code, message: content } = EXPIRED;
    const isTold = (await sessions.read(conversation)).some(({ metadata }) =>
      metadata.turn === turn && metadata.code === code
    );
    if (isTold) return;
    const metadata = { turn, status: "failed", code };
    await sessions.append(conversation, redactor.clean({ role: "assistant", content, metadata }));
  });
}
