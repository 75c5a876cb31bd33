import { CodedError } from "../domain/failure.ts";
import type { ChatReply } from "../gateway/chat_commands.ts";
import type { PersonId } from "../gateway/person.ts";
import type { QuestionEnd } from "../runs/line.ts";
import { readSecretValue } from "../secrets/secret.ts";
import { formatSecretHost, type SecretHost } from "../secrets/secret_host.ts";
import {
  findPending,
  keepReply,
  listPending,
  type PendingQuestion,
  refuseUnfit,
} from "./answer_question.ts";
import type { Gateway } from "../gateway/gateway.ts";
import type { Stores } from "./stores.ts";

/** What answers are carried out with. */
interface Means {
  readonly app: { readonly stores: Stores };
  readonly gateway: Pick<Gateway, "resumeLater">;
}

/** Answers a question that waits; its run goes on when its conversation has its turn. */
export async function approveInChat(
  id: string,
  reply: ChatReply,
  { channel, id: person }: PersonId,
  means: Means,
): Promise<string> {
  const { stores } = means.app;
  const pending = await findPending(id, stores);
  const whole = wholeReply(reply, pending);
  refuseUnfit(whole, pending);
  await keepReply(pending, whole, { channel, person }, stores);
  await resumeRunOf(pending, means);
  return reply.kind === "reject" ? "It is not done." : "It goes on.";
}

/** @throws {CodedError} `usage` where it is not plain which scope is meant */
function wholeReply(reply: ChatReply, { question }: PendingQuestion): QuestionEnd {
  if (reply.kind !== "turn" && reply.kind !== "always") return reply;
  const { matter } = question;
  const offers = matter.kind === "call" ? matter.request.offers.map(({ scope }) => scope) : [];
  const scope = reply.scope ?? (offers.length === 1 ? offers[0] : undefined);
  if (scope !== undefined) return { kind: reply.kind, scope };
  const list = offers.length === 0 ? "None is offered here." : `Offered are: ${offers.join(", ")}.`;
  throw new CodedError("usage", `Say which scope is meant. ${list}`);
}

/**
 * Keeps a secret that a run waits for, bound to where the run would send it; a secret that is kept
 * already keeps its hosts. Nothing that is told or noted holds the value.
 */
export async function keepSecretInChat(
  { name, value }: { readonly name: string; readonly value: string },
  { channel, id: person }: PersonId,
  means: Means,
): Promise<string> {
  const { vault, audit, redactor } = means.app.stores;
  const wanted = (await listPending(means.app.stores)).filter(({ question: { matter } }) =>
    matter.kind === "secret" && matter.wish.name === name
  );
  const hosts = wanted.flatMap(hostsOf);
  if (hosts.length === 0 && !await vault.find(name)) throw unbound(name);
  await vault.put({ name, value: readSecretValue(value), ...boundTo(wanted, hosts) });
  const by = `${channel} ${person}`;
  await audit.record(
    "secret_stored",
    redactor.clean({ name, hosts: hosts.map(formatSecretHost), by }),
  );
  for (const pending of wanted) {
    await keepReply(pending, { kind: "given" }, { channel, person }, means.app.stores);
    await resumeRunOf(pending, means);
  }
  return `The secret ${name} is kept.`;
}

function hostsOf({ question: { matter } }: PendingQuestion): readonly SecretHost[] {
  return matter.kind === "secret" ? matter.wish.hosts : [];
}

function boundTo(wanted: readonly PendingQuestion[], hosts: readonly SecretHost[]) {
  if (hosts.length === 0) return {};
  const places = wanted.flatMap(({ question: { matter } }) =>
    matter.kind === "secret" ? [matter.wish.place] : []
  );
  const [place] = places;
  return { hosts, ...(place ? { places: [place] } : {}) };
}

async function resumeRunOf(
  { run }: PendingQuestion,
  { app: { stores }, gateway }: Means,
): Promise<void> {
  // a clam that a run uses goes on with that run
  const { run: root, record } = await stores.runs.find(await stores.runs.rootOf(run));
  if (record) gateway.resumeLater({ run: root, conversation: record.opening.conversation });
}

function unbound(name: string): CodedError {
  return new CodedError(
    "usage",
    `Nothing waits for the secret ${name}, so nobody knows where it may be sent; it was not kept.`,
    `Keep it at the machine: clambot secrets set ${name} --host HOST`,
  );
}
