import type { QuestionRecord } from "../runs/record.ts";
import { formatTime } from "../text/local_time.ts";

/** A question as people read it in a chat: complete, and how it is answered. */
export function questionText(
  { question, matter, expiresAt }: QuestionRecord,
  zone: string,
): string {
  const until = `This waits until ${formatTime(expiresAt, zone)}.`;
  if (matter.kind === "secret") {
    const { name, hosts, description } = matter.wish;
    const where = hosts.length === 0 ? "" : ` for ${hosts.map(({ host }) => host).join(", ")}`;
    const why = description === undefined ? "" : `\nIt says: ${description}`;
    return `A secret is needed: ${name}${where}.${why}\nGive it with /secret ${name}. ${until}`;
  }
  const { preview, similar = [], offers, inDoubt } = matter.request;
  const fields = preview.fields.map(({ name, value }) => `${name}: ${value}`);
  const list = similar.map(({ preview: { title } }) => `• ${title}`);
  const change = preview.diff === undefined ? [] : [preview.diff];
  const doubt = inDoubt ? ["It was begun before; nobody knows whether it was done."] : [];
  const wider = offers.map(({ scope, label }) => `/approve ${question} turn ${scope} (${label})`);
  return [
    `May I? ${preview.title}`,
    ...doubt,
    ...fields,
    ...change,
    ...list,
    "",
    `/approve ${question} once`,
    ...(list.length > 0 ? [`/approve ${question} all`] : []),
    ...wider,
    `/approve ${question} reject`,
    until,
  ].join("\n");
}
