import type { RuledCall } from "./capabilities.ts";
import type { Decision, Resource } from "../domain/tool_call.ts";
import { abortable } from "../platform/abortable.ts";
import type { ApprovalReply, ApprovalRequest, OfferedScope, Preview } from "./approver.ts";
import { type Grant, hasExpired, type StandingGrant } from "./grants.ts";
import { offersFor, sufficientGrants } from "./offers.ts";
import type { GatePorts } from "./gate_ports.ts";
import { findPass } from "./pass.ts";
import type { CallingProgram, Lease } from "./lease.ts";
import { describeLease } from "./lease_text.ts";
import type { LeaseOffer } from "./turn_leases.ts";
import { callOfAll, isSimilar, similarCall, type Waiting } from "./_waiting.ts";
import { type GateCall, type GatedCall, grantedCall, grantFor, ruledCall } from "./gate_call.ts";
import { covers, parseScope } from "./scopes.ts";

declare const approved: unique symbol;

/** Proof that the gate let exactly this call pass. Only the gate makes one. */
export interface Approved {
  readonly [approved]: true;
  readonly kind: "approved";
  readonly decision: Decision;
  /** The scope of the grant that allowed it, where one did. */
  readonly scope: string | undefined;
  /** Lower-case hex SHA-256 of tool and canonical arguments. */
  readonly fingerprint: string;
  /**
   * Whether the call may also touch this further resource, such as the next hop of a redirect:
   * true when a grant covers it, else the person is asked.
   */
  mayAlso(resource: Resource, signal: AbortSignal): Promise<boolean>;
  /** The same with the whole decision, for the account of the call. */
  decideAlso(resource: Resource, signal: AbortSignal): Promise<Allowed | Denied>;
}

/** A call that may pass, and why. */
export interface Allowed {
  readonly kind: "approved";
  readonly decision: Decision;
  readonly scope: string | undefined;
}

/** A refusal, with what it would have taken. */
export interface Denied {
  readonly kind: "denied";
  /** `unasked`: nobody could be asked, or the turn has asked too often. */
  readonly decision: "denied" | "unasked";
  /** The turn had asked as often as it may. */
  readonly tired: boolean;
  /** Grants that would allow the call, as `TOOL:SCOPE`, narrowest first; never empty. */
  readonly grants: readonly string[];
  /** Nobody attends the turn, so that no grant counts: why the call lies in no lease. */
  readonly unleased?: string;
  /** The question stays open: its id, and until when in milliseconds since 1970. */
  readonly waits?: { readonly question: string; readonly expiresAt: number };
}

/** A call that waits, and what the gate said meanwhile. */
type Waits = Waiting<Approved | Denied>;

/** Milliseconds in which calls that a program makes at once come together, before one is asked about. */
const GATHER_MS = 50;

/** Times that this is waited for, as long as more of them come. */
const MOST_GATHERING = 20;

/** Questions that one turn may ask; after them nothing that has no grant passes. */
export const MOST_QUESTIONS = 5;

/** Milliseconds that a run has for ending after a no, before its turn is asked anything more. */
const ENDING_MS = 2_000;

/** The one place where a turn's calls are allowed or refused. Silence is a refusal. */
export interface Gate {
  /** Rejects when `signal` is aborted before there is an answer. */
  check(call: GateCall, signal: AbortSignal): Promise<Approved | Denied>;
  /** A call of the same run was allowed by its lease in another process, and counts. */
  recount?(program: CallingProgram, call: RuledCall): void;
}

/**
 * Builds the gate of one turn. Order: no effect, the program's lease, standing grants, grants of this
 * turn, the person.
 * What was granted for the turn goes with the gate.
 */
export function createGate(ports: GatePorts): Gate {
  const turnGrants: Grant[] = [...ports.ofTurn ?? []];
  const count = ports.asked ?? { questions: 0 };
  /** The person said no, so that the run will end. */
  let isEnding = false;

  const line = new Set<Waits>();
  /** Why a call lies in no lease, as last looked at. */
  const unleased = new WeakMap<GatedCall, string>();

  async function decide(question: GatedCall, signal: AbortSignal): Promise<Approved | Denied> {
    const known = question.inDoubt ? undefined : await allowedUnasked(question);
    if (known) return known;
    if (!ports.policy.interactive) return refused(question, "unasked");
    const waiting: Waits = { question, signal };
    line.add(waiting);
    try {
      return await ports.questions.take(() => decideInTurn(waiting), signal);
    } finally {
      line.delete(waiting);
    }
  }

  async function decideInTurn(waiting: Waits): Promise<Approved | Denied> {
    const { question, signal } = waiting;
    if (waiting.decided) return waiting.decided;
    // a no ends the run, but not in the same moment
    if (isEnding) {
      isEnding = false;
      await ports.clock.sleep(ENDING_MS, signal);
    }
    signal.throwIfAborted(); // what it was for may have ended while others were asked
    // an answer to the question before this one may cover it
    const known = question.inDoubt ? undefined : await allowedUnasked(question);
    if (known) return known;
    const isAlone = waiting.isAlone || question.inDoubt;
    return await askPerson(waiting, isAlone ? [] : await gatherSimilar(waiting));
  }

  /** Calls of the same tool and effect that wait too and that nothing covers. */
  async function gatherSimilar(first: Waits): Promise<readonly Waits[]> {
    for (let round = 0, before = 0; round < MOST_GATHERING && line.size > before; round++) {
      before = line.size;
      await ports.clock.sleep(GATHER_MS, first.signal);
    }
    const similar = [...line].filter((one) => one !== first && isSimilar(one, first));
    for (const one of similar) one.decided = await allowedUnasked(one.question);
    return similar.filter(({ decided, signal }) => !decided && !signal.aborted)
      .toSorted((one, other) => one.question.call.id - other.question.call.id);
  }

  async function allowedUnasked(question: GatedCall): Promise<Approved | undefined> {
    const { policy, base, clock, given = [] } = ports;
    const call = grantedCall(question);
    const rules = { policy, base, now: clock.now() };
    const free = findPass(call, { ...rules, standing: [], ofTurn: [] });
    if (free) return approve(question, free.decision, free.grant);
    const lease = await leaseOf(question);
    if (lease) return approve(question, "lease", { scope: lease.id });
    if (policy.unattended) return undefined;
    const standing = [...given, ...await ports.grants.list()];
    const pass = findPass(call, { ...rules, standing, ofTurn: turnGrants, now: clock.now() });
    return pass && approve(question, pass.decision, pass.grant);
  }

  async function leaseOf(question: GatedCall): Promise<Lease | undefined> {
    const { program, isFurther = false } = question;
    if (!ports.leases || !program) {
      unleased.set(question, "the program has no manifest that could be allowed as a whole");
      return undefined;
    }
    const found = await ports.leases.take(program, ruledCall(question), isFurther);
    if (typeof found !== "string") return found;
    unleased.set(question, found);
    return undefined;
  }

  async function askPerson(
    waiting: Waits,
    similar: readonly Waits[],
  ): Promise<Approved | Denied> {
    const { question, signal } = waiting;
    if (count.questions >= MOST_QUESTIONS) return { ...refused(question, "unasked"), tired: true };
    count.questions++;
    const isOnly = question.foreign || question.inDoubt || ports.policy.unattended;
    const offers = isOnly ? [] : offersFor(callOfAll([waiting, ...similar]));
    const lease = isOnly ? undefined : leaseOfferFor(question);
    const request = requestFor(question, similar, offers, lease);
    const reply = await askTelling(request, signal);
    signal.throwIfAborted(); // a question that was taken back has no answer
    return await answer(waiting, { similar, offers, lease }, reply);
  }

  function leaseOfferFor(question: GatedCall): LeaseOffer | undefined {
    const { program, isFurther } = question;
    if (!program || isFurther || !ports.policy.allowAlways) return undefined;
    return ports.leases?.offer(program, ruledCall(question));
  }

  function requestFor(
    question: GatedCall,
    similar: readonly Waits[],
    offers: readonly OfferedScope[],
    lease: LeaseOffer | undefined,
  ): ApprovalRequest {
    const { turnId, conversation, call, fingerprint, effect, foreign = false } = question;
    const { allowAlways, unattended = false } = ports.policy;
    const why = unattended ? unleased.get(question) : undefined;
    const fields = why === undefined ? [] : [{ name: "asked since", value: why }];
    const { preview } = question;
    return {
      ...{ turnId, conversation, call, fingerprint, effect, foreign, offers },
      resource: question.resources[0],
      preview: { ...preview, fields: [...fields, ...preview.fields] },
      standing: allowAlways && !unattended,
      derived: question.findDerived?.() ?? [],
      ...(similar.length === 0 ? {} : { similar: similar.map(similarCall) }),
      ...(lease ? { lease: describeLease(lease.program.manifest, lease) } : {}),
      ...(question.inDoubt ? { inDoubt: true } : {}),
      ...(question.isFurther ? { isFurther: true } : {}),
    };
  }

  async function askTelling(
    request: ApprovalRequest,
    signal: AbortSignal,
  ): Promise<ApprovalReply> {
    const { id: call, tool } = request.call;
    ports.tell({ kind: "question_asked", call, tool });
    let answered: ApprovalReply["kind"] | "left" = "left";
    try {
      const reply = await abortable(
        ports.approver.ask(ports.redactor.clean(request), signal),
        signal,
      );
      answered = reply.kind;
      return reply;
    } finally {
      ports.tell({ kind: "question_answered", call, tool, answer: answered });
    }
  }

  async function answer(
    waiting: Waits,
    { similar, offers, lease }: {
      readonly similar: readonly Waits[];
      readonly offers: readonly OfferedScope[];
      readonly lease: LeaseOffer | undefined;
    },
    reply: ApprovalReply,
  ): Promise<Approved | Denied> {
    const { question } = waiting;
    const all = [waiting, ...similar];
    switch (reply.kind) {
      case "reject":
        isEnding = true;
        for (const one of similar) one.decided = refused(one.question, "denied");
        return refused(question, "denied");
      case "unavailable":
        for (const one of similar) one.decided = refused(one.question, "unasked");
        return refused(question, "unasked");
      case "waits":
        for (const one of similar) {
          one.decided = { ...refused(one.question, "unasked"), waits: reply };
        }
        return { ...refused(question, "unasked"), waits: reply };
      case "once":
        return approve(question, "once");
      case "all":
        if (similar.length === 0) return refused(question, "denied");
        for (const one of similar) one.decided = approve(one.question, "once");
        return approve(question, "once");
      case "singly":
        if (similar.length === 0) return refused(question, "denied");
        for (const one of all) one.isAlone = true;
        return await askPerson(waiting, []);
      case "lease":
        return lease ? await giveLease(question, lease) : refused(question, "denied");
      case "turn":
      case "always":
        return offers.some(({ scope }) => scope === reply.scope)
          ? await giveGrant(question, reply)
          : refused(question, "denied");
    }
  }

  async function giveGrant(
    question: GatedCall,
    reply: Extract<ApprovalReply, { readonly scope: string }>,
  ): Promise<Approved> {
    const grant = grantFor(question, reply.scope);
    if (reply.kind === "always" && ports.policy.allowAlways) {
      const kept = await ports.grants.add(grant, {
        ...(reply.forMs === undefined ? {} : { forMs: reply.forMs }),
        conversation: question.conversation,
      });
      await onGrant(kept, question);
      return approve(question, "always", kept);
    }
    turnGrants.push(grant);
    return approve(question, "turn", grant);
  }

  /** As a grant: one that nobody could be told of is none. */
  async function giveLease(question: GatedCall, offer: LeaseOffer): Promise<Approved | Denied> {
    const { leases, onLease } = ports;
    const lease = await leases?.give(offer, ruledCall(question), question.conversation);
    if (!lease) return refused(question, "denied");
    try {
      await onLease?.(lease, question);
    } catch (error) {
      await leases?.revoke(lease.id);
      throw error;
    }
    return approve(question, "lease", { scope: lease.id });
  }

  function refused(question: GatedCall, decision: "denied" | "unasked"): Denied {
    const why = ports.policy.unattended ? unleased.get(question) : undefined;
    const grants = sufficientGrants(grantedCall(question));
    return {
      ...{ kind: "denied", decision, tired: false, grants },
      ...(why === undefined ? {} : { unleased: why }),
    };
  }

  /** A grant that nobody could be told of is none. */
  async function onGrant(kept: StandingGrant, question: GatedCall): Promise<void> {
    try {
      await ports.onGrant?.(kept, question);
    } catch (error) {
      await ports.grants.revoke(kept.id ?? "");
      throw error;
    }
  }

  function approve(
    question: GatedCall,
    decision: Decision,
    grant?: Pick<Grant, "scope" | "expiresAt">,
  ): Approved {
    const scope = grant?.scope;
    const decideAlso = async (resource: Resource, signal: AbortSignal) => {
      const counts = grant !== undefined && !hasExpired(grant, ports.clock.now());
      const parsed = counts ? parseScope(grant.scope, ports.base) : undefined;
      if (parsed && covers(parsed, resource)) return { kind: "approved", decision, scope } as const;
      const preview = furtherPreview(question, resource);
      // the server chose where to go on, so nothing but this one hop can be allowed
      const further = { resources: [resource], preview, foreign: true, isFurther: true } as const;
      return await decide({ ...question, ...further, inDoubt: false }, signal);
    };
    return {
      kind: "approved",
      decision,
      scope,
      fingerprint: question.fingerprint,
      decideAlso,
      mayAlso: async (resource: Resource, signal: AbortSignal) =>
        (await decideAlso(resource, signal)).kind === "approved",
    } as unknown as Approved;
  }

  return {
    check: decide,
    recount: (program, call) => ports.leases?.count(program, call),
  };
}

function furtherPreview(question: GateCall, resource: Resource): Preview {
  return {
    title: `${question.preview.title} — and goes on to another place`,
    fields: [{ name: "goes on to", value: describePlace(resource) }, ...question.preview.fields],
  };
}

/** A resource in words: `GET https://…`, or the operation and path of a file. */
export function describePlace(resource: Resource): string {
  switch (resource.kind) {
    case "url":
      return `${resource.method} ${resource.url}`;
    case "file":
      return `${resource.operation} ${resource.path}`;
    case "secret":
      return `the secret ${resource.name}`;
    case "memory":
      return `${resource.action} facts`;
    case "schedule":
      return [resource.action, resource.job ?? "jobs"].join(" ");
    case "server":
      return `${resource.tool} of the server ${resource.server}`;
    case "plain":
      return "";
  }
}
