import type { Artefacts } from "../artefacts/artefacts.ts";
import type { Json } from "../domain/json.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { CallResult } from "./attempt.ts";
import type { RecordedReply } from "./line.ts";

/** Characters of a value that stands in a run's file; a longer one is an artefact. */
const LONGEST_VALUE = 65_536;

/** Keeps large values beside a run's file. */
export interface Values {
  shorten(result: CallResult): RecordedReply | Promise<RecordedReply>;
  lengthen(reply: RecordedReply): Promise<CallResult>;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Builds it over the artefacts of the home. */
export function createValues(
  { artefacts, redactor }: {
    readonly artefacts: Pick<Artefacts, "keep" | "read">;
    readonly redactor: Redactor;
  },
): Values {
  return {
    shorten(result) {
      if (result.kind === "error") return result;
      if (JSON.stringify(result.value).length <= LONGEST_VALUE) return result;
      const text = redactor.redact(JSON.stringify(redactor.clean(result.value)));
      // a number that is a secret's too leaves no JSON behind: then it stays in the file
      if (!isJson(text)) return result;
      return artefacts.keep(text, { kind: "result", from: "run" })
        .then((artefact) => ({ kind: "result" as const, artefact }));
    },
    async lengthen(reply) {
      if (reply.kind === "error" || "value" in reply) return reply;
      const { text } = await artefacts.read(reply.artefact);
      return { kind: "result", value: JSON.parse(text) as Json };
    },
  };
}
