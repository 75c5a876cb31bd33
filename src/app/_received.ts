import type { Channel } from "../channels/channel.ts";
import { CodedError } from "../domain/failure.ts";
import type { InboundMessage, Origin } from "../domain/message.ts";
import type { Answer } from "../domain/turn.ts";
import type { HeardVoice } from "../gateway/gateway_ports.ts";
import { receive } from "../gateway/receive.ts";
import type { KeptUpdate } from "../gateway/store.ts";
import { unbegun } from "./_scoped_turn.ts";
import type { App } from "./app.ts";
import { rightsOf } from "./turn_rights.ts";

/** What an update became: a message, or what its person is told instead of a turn. */
export type ReceivedUpdate =
  | { readonly kind: "message"; readonly message: InboundMessage }
  | { readonly kind: "told"; readonly answer: Answer | HeardVoice };

/** Makes a message of an update of the gateway, with what came along. Guests bring words only. */
export async function receiveUpdate(
  update: KeptUpdate,
  { app: { stores, listening }, channel, origin }: {
    readonly app: Pick<App, "stores" | "listening">;
    readonly channel: Pick<Channel, "fetchFile" | "largestFile">;
    readonly origin: Origin;
  },
  signal: AbortSignal,
): Promise<ReceivedUpdate> {
  const { conversation, at } = update;
  const takesFiles = rightsOf(conversation).tools;
  try {
    const ports = { ...stores, listening, channel, takesFiles };
    const received = await receive(update, ports, signal);
    if (received.kind === "heard") return { kind: "told", answer: { heard: received.words } };
    const { text, enclosed, isSpoken } = received;
    const message = {
      ...{ origin, conversation, text, at },
      ...(enclosed.length > 0 ? { enclosed } : {}),
      ...(isSpoken ? { spoken: true as const } : {}),
    };
    return { kind: "message", message };
  } catch (error) {
    if (signal.aborted) return { kind: "told", answer: unbegun(STOPPED) };
    if (!(error instanceof CodedError)) throw error;
    return { kind: "told", answer: unbegun(error.failure) };
  }
}

const STOPPED = {
  code: "cancelled",
  message: "You stopped it while I fetched or heard what you sent; nothing was done.",
} as const;
