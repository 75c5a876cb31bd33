import type { Redactor } from "../domain/redacted.ts";
import type { Decision, Effect, Resource, ToolCall } from "../domain/tool_call.ts";
import type { Tell } from "../domain/turn_event.ts";
import { abortable } from "../platform/abortable.ts";
import type { Clock } from "../platform/platform.ts";
import type {
  ApprovalReply,
  ApprovalRequest,
  Approver,
  OfferedScope,
  Preview,
} from "./approver.ts";
import { type Grant, type Grants, hasExpired, type StandingGrant } from "./grants.ts";
import { type GrantedCall, offersFor, sufficientGrants } from "./offers.ts";
import { findPass } from "./pass.ts";
import type { QuestionQueue } from "./question_queue.ts";
import { covers, parseScope, type PathBase } from "./scopes.ts";

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
}

/** A call at the gate: read and understood, not done. */
export interface GateCall {
  readonly turnId: string;
  readonly conversation: string;
  /** With the very arguments that will run. */
  readonly call: ToolCall;
  /** Of `call`: lower-case hex SHA-256 of tool and canonical arguments. */
  readonly fingerprint: string;
  readonly effect: Effect;
  /** Everything that the call touches; a grant must cover all of it. */
  readonly resources: readonly [Resource, ...Resource[]];
  readonly preview: Preview;
  /** The run has read text of neither the person nor the program. */
  readonly foreign?: boolean;
  /** Names of the preview's fields that hold pieces of such text; asked for only for a question. */
  readonly findDerived?: () => readonly string[];
}

/** Questions that one turn may ask; after them nothing that has no grant passes. */
export const MOST_QUESTIONS = 5;

/** Milliseconds that a run has for ending after a no, before its turn is asked anything more. */
const ENDING_MS = 2_000;

/** The one place where a turn's calls are allowed or refused. Silence is a refusal. */
export interface Gate {
  /** Rejects when `signal` is aborted before there is an answer. */
  check(call: GateCall, signal: AbortSignal): Promise<Approved | Denied>;
}

/** How the person wants to be asked. Names as in the configuration. */
export interface GatePolicy {
  /** `false`: everything passes. */
  readonly enabled: boolean;
  /** `false`: nobody is asked, what has no grant is refused. */
  readonly interactive: boolean;
  /** `false`: no standing grants are offered or kept. */
  readonly allowAlways: boolean;
  /** Tools whose calls need a grant or an answer even where they have no effect. */
  readonly askAlso: readonly string[];
}

/** Means of the gate. */
export interface GatePorts {
  readonly grants: Grants;
  /** Grants that came with the turn, such as those of the command line. */
  readonly given?: readonly StandingGrant[];
  readonly approver: Approver;
  /** The questions of the turn's conversation: one is asked at a time. */
  readonly questions: QuestionQueue;
  readonly tell: Tell;
  readonly policy: GatePolicy;
  readonly base: PathBase;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Told of each grant that the person gave for good. */
  readonly onGrant?: (grant: StandingGrant, call: GateCall) => Promise<void>;
}

/**
 * Builds the gate of one turn. Order: no effect, standing grants, grants of this turn, the person.
 * What was granted for the turn goes with the gate.
 */
export function createGate(ports: GatePorts): Gate {
  const turnGrants: Grant[] = [];
  let asked = 0;
  /** The person said no, so that the run will end. */
  let isEnding = false;

  async function decide(question: GateCall, signal: AbortSignal): Promise<Approved | Denied> {
    const known = await allowedUnasked(question);
    if (known) return known;
    if (!ports.policy.interactive) return refuse(question, "unasked");
    return await ports.questions.take(async () => {
      // a no ends the run, but not in the same moment
      if (isEnding) {
        isEnding = false;
        await ports.clock.sleep(ENDING_MS, signal);
      }
      signal.throwIfAborted(); // what it was for may have ended while others were asked
      // an answer to the question before this one may cover it
      return await allowedUnasked(question) ?? await askPerson(question, signal);
    }, signal);
  }

  async function allowedUnasked(question: GateCall): Promise<Approved | undefined> {
    const { policy, base, clock, given = [] } = ports;
    const isFree = question.effect === "none" && !policy.askAlso.includes(question.call.tool);
    const needsNone = isFree || !policy.enabled;
    const standing = needsNone ? [] : [...given, ...await ports.grants.list()];
    const now = clock.now();
    const pass = findPass(grantedCall(question), {
      ...{ policy, standing, ofTurn: turnGrants, base, now },
    });
    return pass && approve(question, pass.decision, pass.grant);
  }

  async function askPerson(question: GateCall, signal: AbortSignal): Promise<Approved | Denied> {
    const { foreign = false, findDerived } = question;
    if (asked >= MOST_QUESTIONS) return { ...refuse(question, "unasked"), tired: true };
    asked++;
    const offers = foreign ? [] : offersFor(grantedCall(question));
    const reply = await askTelling({
      ...question,
      resource: question.resources[0],
      offers,
      standing: ports.policy.allowAlways,
      foreign,
      derived: findDerived?.() ?? [],
    }, signal);
    signal.throwIfAborted(); // a question that was taken back has no answer
    return await answer(question, offers, reply);
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
    question: GateCall,
    offers: readonly OfferedScope[],
    reply: ApprovalReply,
  ): Promise<Approved | Denied> {
    if (reply.kind === "reject") {
      isEnding = true;
      return refuse(question, "denied");
    }
    if (reply.kind === "unavailable") return refuse(question, "unasked");
    if (reply.kind === "once") return approve(question, "once");
    if (!offers.some((offer) => offer.scope === reply.scope)) return refuse(question, "denied");
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

  /** A grant that nobody could be told of is none. */
  async function onGrant(kept: StandingGrant, question: GateCall): Promise<void> {
    try {
      await ports.onGrant?.(kept, question);
    } catch (error) {
      await ports.grants.revoke(kept.id ?? "");
      throw error;
    }
  }

  function approve(
    question: GateCall,
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
      return await decide({ ...question, resources: [resource], preview, foreign: true }, signal);
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

  return { check: decide };
}

function grantedCall({ call, effect, resources }: GateCall): GrantedCall {
  return { tool: call.tool, effect, resources };
}

function grantFor(question: GateCall, scope: string): Grant {
  const readOnly = question.effect === "read" && question.resources[0].kind === "file";
  return { tool: question.call.tool, scope, ...(readOnly ? { effect: "read" as const } : {}) };
}

function refuse(question: GateCall, decision: "denied" | "unasked"): Denied {
  const grants = sufficientGrants(grantedCall(question));
  return { kind: "denied", decision, tired: false, grants };
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
    case "plain":
      return "";
  }
}
