import type { QuestionRecord } from "../runs/record.ts";
import { formatTime } from "../text/local_time.ts";
import type { ToldQuestion } from "./prompts.ts";

/** A question as people read it in a chat: complete, and how it is answered. */
export function tellQuestion(record: QuestionRecord, zone: string): ToldQuestion {
  const { question, matter, expiresAt } = record;
  const until = `This waits until ${formatTime(expiresAt, zone)}.`;
  if (matter.kind === "secret") {
    const { name, hosts, description } = matter.wish;
    const where = hosts.length === 0 ? "" : ` for ${hosts.map(({ host }) => host).join(", ")}`;
    const why = description === undefined ? "" : `\nIt says: ${description}`;
    const how = `Give it with /secret ${name} VALUE, or as a reply to this message.`;
    const text = `A secret is needed: ${name}${where}.${why}\n${how} ${until}`;
    return { text, onReply: `/secret ${name}` };
  }
  const { preview, similar = [], inDoubt } = matter.request;
  const fields = preview.fields.map(({ name, value }) => `${name}: ${value}`);
  const list = similar.map(({ preview: { title } }) => `• ${title}`);
  const change = preview.diff === undefined ? [] : [preview.diff];
  const doubt = inDoubt ? ["It was begun before; nobody knows whether it was done."] : [];
  const answers = answersTo(record);
  const typed = answers.map(({ reply, label }) => `/approve ${question} ${reply} (${label})`);
  const asked = [`May I? ${preview.title}`, ...doubt, ...fields, ...change, ...list, ""];
  const beside =
    `Press a button, or write /approve ${question} once or /approve ${question} reject.`;
  return {
    text: [...asked, ...typed, until].join("\n"),
    textWithButtons: [...asked, beside, until].join("\n"),
    choices: answers.map(({ reply, label }) => ({ label, says: `/approve ${question} ${reply}` })),
  };
}

/** An answer that a question takes. */
interface PossibleAnswer {
  /** As `/approve` takes it. */
  readonly reply: string;
  readonly label: string;
}

function answersTo({ matter }: QuestionRecord): readonly PossibleAnswer[] {
  if (matter.kind === "secret") return [];
  const { similar = [], offers, standing } = matter.request;
  const all = similar.length > 0
    ? [{ reply: "all", label: `Allow all ${similar.length + 1}` }]
    : [];
  return [
    { reply: "once", label: "Allow once" },
    ...all,
    ...offers.map(({ scope, label }) => ({ reply: `turn ${scope}`, label: `This time: ${label}` })),
    ...standing
      ? offers.map(({ scope, label }) => ({ reply: `always ${scope}`, label: `Always: ${label}` }))
      : [],
    { reply: "reject", label: "Reject" },
  ];
}

/** What stands in place of a question that needs no answer any more. */
export function closedQuestion({ matter, answer }: QuestionRecord): string {
  const asked = matter.kind === "secret"
    ? `A secret was needed: ${matter.wish.name}.`
    : `May I? ${matter.request.preview.title}`;
  const where = answer?.by.channel === "cli" ? " (at the machine)" : "";
  return `${asked}\n\n${answer ? ENDS[answer.reply.kind] : NO_LONGER}${where}`;
}

/** How a question reads whose run was ended, or of which nothing is known any more. */
export const NO_LONGER = "✖ No longer needed: nothing was done.";

const ENDS: Readonly<Record<NonNullable<QuestionRecord["answer"]>["reply"]["kind"], string>> = {
  once: "✔ Allowed once",
  all: "✔ Allowed, all of them",
  singly: "Asked one by one",
  lease: "✔ The program was allowed as a whole",
  turn: "✔ Allowed for this time",
  always: "✔ Allowed always",
  given: "✔ The secret was given",
  reject: "✖ Rejected: it is not done",
  expired: "✖ Nobody answered in time: nothing was done",
  unavailable: NO_LONGER,
  waits: NO_LONGER,
};
