import type { Resource } from "../domain/tool_call.ts";

declare const approved: unique symbol;

/** Proof that the gate let exactly this call pass. Only the gate makes one. */
export interface Approved {
  readonly [approved]: true;
  /** Lower-case hex SHA-256 of tool and canonical arguments. */
  readonly fingerprint: string;
  /**
   * Whether the call may also touch this further resource, such as the next hop of a redirect:
   * true when the grant or capability covers it, else the person is asked.
   */
  mayAlso(resource: Resource, signal: AbortSignal): Promise<boolean>;
}
