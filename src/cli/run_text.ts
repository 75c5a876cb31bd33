import type { Json, JsonObject } from "../domain/json.ts";
import { type AttemptRecord, openQuestions, type QuestionRecord } from "../runs/record.ts";
import type { ListedRun } from "../runs/runs.ts";
import { escapeLine, escapeText } from "../text/escape.ts";
import { failureJson } from "./print.ts";
import { formatTime } from "../text/local_time.ts";

// A run as people read it, and as programs do.

/** A run as `--json` prints it; its fields are a contract (docs/runs.md). */
export function runJson({ run, state, record, flaw }: ListedRun): JsonObject {
  const where = flaw ? { flaw: flaw as unknown as Json } : {};
  if (!record) return { run, state, ...where };
  const { opening, at, attempts, ended } = record;
  return {
    run,
    state,
    ...where,
    at: new Date(at).toISOString(),
    turn: opening.turn,
    conversation: opening.conversation,
    origin: opening.origin,
    purpose: opening.purpose,
    request: opening.message.text,
    ...(opening.parent === undefined ? {} : { parent: opening.parent }),
    programs: attempts.map(attemptJson),
    questions: openQuestions(record).map(questionJson),
    ...(ended?.failure ? { error: failureJson(ended.failure) } : {}),
  };
}

function attemptJson({ program, told, begun, outcome }: AttemptRecord): JsonObject {
  return {
    sha256: program.sha256,
    ...(program.name === undefined ? {} : { name: program.name }),
    inputs: program.inputs,
    calls: [
      ...told.map(({ call, record, reply }) => ({ call, ...record, reply }) as unknown as Json),
      ...[...begun.values()].map(({ call, tool, args, decision }) => ({
        ...{ call, tool, args, decision },
        outcome: "in_doubt",
      })),
    ],
    ...(outcome ? { outcome: outcome as unknown as Json } : {}),
  };
}

/** An open question as `--json` prints it. */
export function questionJson(
  { question, call, matter, at, expiresAt }: QuestionRecord,
): JsonObject {
  return {
    question,
    call,
    askedAt: new Date(at).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    ...matter as unknown as JsonObject,
  };
}

/** A run for a person: what it was for, each call, and what it waits for. */
export function formatRun(run: ListedRun, zone: string): string {
  const { record, state } = run;
  if (!record) {
    const { file = "", line = 1, offset = 0 } = run.flaw ?? {};
    return `${run.run}: its record is not as it was written (runs/${file}, line ${line}, ` +
      `offset ${offset}); nothing is done with it.\n`;
  }
  const { opening, at, attempts } = record;
  const lines = [
    `${run.run}  ${state}  ${formatTime(at, zone)}  ${escapeLine(opening.conversation)}`,
    ...(opening.message.text === "" ? [] : [`for: ${escapeText(opening.message.text)}`]),
  ];
  for (const [index, attempt] of attempts.entries()) {
    lines.push(`program ${index + 1}${attempt.program.name ? ` (${attempt.program.name})` : ""}`);
    lines.push(...formatCalls(attempt));
  }
  for (const question of openQuestions(record)) lines.push(formatQuestion(question, zone));
  if (record.ended?.failure) lines.push(escapeText(record.ended.failure.message));
  return `${lines.join("\n")}\n`;
}

function formatCalls({ told, begun, outcome }: AttemptRecord): string[] {
  return [
    ...told.map(({ call, record: { tool, args, decision, outcome } }) =>
      `  ${call}. ${tool} ${escapeLine(JSON.stringify(args))}  ${decision}, ${outcome}`
    ),
    ...[...begun.values()].map(({ call, tool, args }) =>
      `  ${call}. ${tool} ${escapeLine(JSON.stringify(args))}  in doubt: begun, not known if done`
    ),
    ...(outcome?.kind === "completed"
      ? [`  result: ${escapeLine(JSON.stringify(outcome.value ?? null))}`]
      : []),
  ];
}

/** An open question for a person, complete. */
export function formatQuestion(
  { question, matter, expiresAt }: QuestionRecord,
  zone: string,
): string {
  const until = `until ${formatTime(expiresAt, zone)}`;
  if (matter.kind === "secret") {
    const { name } = matter.wish;
    return `${question}  wants the secret ${name}, ${until}: clambot secrets set ${name} …`;
  }
  const { preview, similar = [] } = matter.request;
  const all = [preview, ...similar.map((one) => one.preview)];
  const shown = all.flatMap(({ title, fields, diff }, index) => [
    ...(index === 0 ? [] : [`  ${escapeLine(title)}`]),
    ...fields.map(({ name, value }) => `    ${name}: ${escapeLine(value)}`),
    ...(diff === undefined ? [] : diff.split("\n").map((line) => `    ${escapeLine(line)}`)),
  ]);
  return [`${question}  ${escapeLine(preview.title)}, ${until}`, ...shown].join("\n");
}
