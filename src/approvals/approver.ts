import type { Clean } from "../domain/redacted.ts";
import type { Effect, Resource, ToolCall } from "../domain/tool_call.ts";

/** What a person sees before saying yes: complete, in the order of the lines. */
export interface Preview {
  /** One line: what would be done. */
  readonly title: string;
  /** Name and complete value of everything that matters. Not yet escaped. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
  /** For file writes: the change as a unified diff. Not yet escaped. */
  readonly diff?: string;
}

/** A field of a preview that holds, or may hold, text that neither person nor program wrote. */
export interface DerivedField {
  /** Of the preview's field; `change` is the diff. */
  readonly name: string;
  /** `false`: where its words come from cannot be followed. */
  readonly isCertain: boolean;
}

/** A standing permission that the person may choose, and how it reads. */
export interface OfferedScope {
  /** As `SCOPE_GRAMMAR` says. */
  readonly scope: string;
  readonly label: string;
}

/** A call that waits for the same answer. */
export interface SimilarCall {
  readonly call: ToolCall;
  readonly preview: Preview;
  readonly fingerprint: string;
  /** As `ApprovalRequest.derived`, of this preview. */
  readonly derived: readonly DerivedField[];
}

/** One question to the person. */
export interface ApprovalRequest {
  readonly turnId: string;
  /** The conversation where the question belongs. */
  readonly conversation: string;
  readonly call: ToolCall;
  readonly effect: Effect;
  readonly resource: Resource;
  readonly preview: Preview;
  /** Scopes that may be allowed beyond this call; none once the run has read text of others. */
  readonly offers: readonly OfferedScope[];
  /** They may be allowed for good, not for this turn alone. */
  readonly standing: boolean;
  /** The run has read text of neither the person nor the program. */
  readonly foreign: boolean;
  /** The preview's fields that hold such text, or may. */
  readonly derived: readonly DerivedField[];
  /** Lower-case hex SHA-256 of tool and canonical arguments. */
  readonly fingerprint: string;
  /**
   * Other calls of the same tool and effect that wait with this one, all of them shown: `all` allows
   * each of them and this one once, `reject` none, and `offers` cover every one.
   */
  readonly similar?: readonly SimilarCall[];
  /** What the program may do if it is allowed as a whole (`lease`); absent: it cannot be. */
  readonly lease?: Preview["fields"];
  /** It was begun before, and nobody knows whether it was done. */
  readonly inDoubt?: boolean;
  /** It was allowed and is under way; this is about a further place that it came to. */
  readonly isFurther?: boolean;
}

/** What the person answered. Silence is `unavailable`, which is a refusal. */
export type ApprovalReply =
  | { readonly kind: "once" }
  /** This call and each of `similar`, once. */
  | { readonly kind: "all" }
  /** Ask about this call and each of `similar` by itself. */
  | { readonly kind: "singly" }
  /** The program as a whole, as `lease` shows it. */
  | { readonly kind: "lease" }
  /** For the rest of this turn: same scope, no standing grant. */
  | { readonly kind: "turn"; readonly scope: string }
  /** A standing grant; `forMs`: it counts for so many milliseconds only. */
  | { readonly kind: "always"; readonly scope: string; readonly forMs?: number }
  | { readonly kind: "reject" }
  | { readonly kind: "unavailable" }
  /** The question is on record and can be answered until `expiresAt` (milliseconds since 1970). */
  | { readonly kind: "waits"; readonly question: string; readonly expiresAt: number };

/** Somebody who can be asked. A channel that brings messages can also ask. */
export interface Approver {
  ask(request: Clean<ApprovalRequest>, signal: AbortSignal): Promise<ApprovalReply>;
}
