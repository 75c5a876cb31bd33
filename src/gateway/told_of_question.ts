import type { OutgoingMessage } from "../channels/channel.ts";
import type { Redactor } from "../domain/redacted.ts";
import type { Answer } from "../domain/turn.ts";
import type { KeptUpdate, ToTell } from "./store.ts";

const ASKED_IN_PRIVATE = "This needs a yes; I asked in private.";

/** A question is told where whoever wrote is alone with it; a group hears only that there is one. */
export function toldOfQuestion(
  { channel, place, person }: KeptUpdate,
  question: OutgoingMessage,
  { redact }: Pick<Redactor, "redact">,
): readonly ToTell[] {
  if (place === "private") return [{ channel, message: question }];
  const { question: _, choices: _c, onReply: _r, person: _p, ...message } = question;
  // what was said in the group cannot be answered elsewhere
  const { answers: _a, ...asked } = question;
  return [
    { channel, message: { ...asked, conversation: `${channel}:${person.id}` } },
    {
      channel,
      message: { ...message, key: `told:${question.key}`, text: redact(ASKED_IN_PRIVATE) },
    },
  ];
}

/** Milliseconds of a turn after which a person looks elsewhere. */
const LONG_MS = 30_000;

/** How an answer is told. What a person agrees to, and what went wrong, is told sign for sign. */
export function formOf(
  { waits, failure, durationMs }: Answer,
): Pick<OutgoingMessage, "form" | "isNews"> {
  return {
    ...(waits || failure ? {} : { form: "markdown" }),
    ...(waits || durationMs > LONG_MS ? { isNews: true } : {}),
  };
}
