import type { ClamId } from "../domain/clam.ts";
import type { Failure } from "../domain/failure.ts";
import type { Answer, AnswerStatus } from "../domain/turn.ts";
import { present } from "./present.ts";
import type { Ran } from "./runtime.ts";
import { failureOfAbort } from "./time_limit.ts";

/** What a turn cost. */
export interface Cost {
  readonly modelCalls: number;
  readonly durationMs: number;
  readonly clam?: ClamId;
}

/** Words a run's end as the answer, without a model. `signal` tells why it was cancelled. */
export function answerFrom(ran: Ran, cost: Cost, signal: AbortSignal): Answer {
  const { outcome, calls, foreign } = ran;
  switch (outcome.kind) {
    case "completed": {
      const { reply, value } = present(outcome.value);
      const valued = value === undefined ? {} : { value };
      return { status: "completed", reply, ...valued, foreign, calls, ...cost };
    }
    case "failed":
    case "ended":
      return { ...failedAnswer(outcome.failure, cost), calls };
    case "cancelled":
      return { ...failedAnswer(failureOfAbort(signal), cost), calls };
  }
}

/** An answer that only says what went wrong. */
function failedAnswer(failure: Failure, cost: Cost): Answer {
  return { status: statusOf(failure), reply: "", foreign: false, failure, calls: [], ...cost };
}

/** What only a person could give, with nobody there to ask, is no failure of the program. */
export function statusOf({ code }: Failure): AnswerStatus {
  return code === "approval_needed" || code === "secret_not_available" ? "needs_person" : "failed";
}
