import { type TypedGrants, typedGrants } from "../app/given_grants.ts";
import type { Stores } from "../app/stores.ts";
import type { Surroundings } from "../app/surroundings.ts";
import { createTerminalApprover, createTerminalSecretAsker } from "../channels/terminal.ts";
import type { InboundMessage } from "../domain/message.ts";
import type { CliContext } from "./context.ts";

/**
 * What is around a turn that a command line began: the person at the terminal, and what they allowed.
 * @throws {CodedError} `usage` for grants that cannot be read
 */
export function atTerminal(
  typed: TypedGrants,
  stores: Stores,
  { terminal }: Pick<CliContext, "terminal">,
): Surroundings {
  return {
    approver: createTerminalApprover(terminal),
    ...(terminal.interactive ? { secretAsker: createTerminalSecretAsker(terminal) } : {}),
    grants: typedGrants(typed, stores),
  };
}

/** What a program that the person starts directly is run for. */
export function nothingSaid(stores: Stores): InboundMessage {
  return messageOf("", "cli:run", stores);
}

/** What the person said at the terminal. */
export function messageOf(text: string, conversation: string, { clock }: Stores): InboundMessage {
  return { origin: "cli", conversation, text, at: clock.now() };
}
