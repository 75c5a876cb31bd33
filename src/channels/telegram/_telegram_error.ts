import { ConnectionError } from "../../platform/platform.ts";
import { ChannelError, type ChannelProblem } from "../channel.ts";

/** Why the Bot API did not do something, beyond what follows for every channel. */
export type TelegramTrouble =
  /** 401: the token is none, or none any more. */
  | "token_rejected"
  /** 409: something else receives for this bot. */
  | "other_poller"
  /** 429 */
  | "too_many"
  | "moved"
  | "refused"
  /** Surely not done: there was no connection. */
  | "unreachable"
  /** It may have been done: the connection broke, or the answer was none. */
  | "unclear";

/** An error of the Bot API. Neither its message nor a cause holds the token. */
export class TelegramError extends ChannelError {
  readonly trouble: TelegramTrouble;
  /** What Telegram said, for deciding; people read the message. */
  readonly description: string;

  constructor(
    trouble: TelegramTrouble,
    problem: ChannelProblem,
    { message, hint, description = "" }: {
      readonly message: string;
      readonly hint?: string;
      readonly description?: string;
    },
  ) {
    super(problem, CODES[trouble], message, hint);
    this.trouble = trouble;
    this.description = description;
  }
}

const CODES = {
  token_rejected: "telegram_token",
  other_poller: "telegram_refused",
  too_many: "telegram_refused",
  moved: "telegram_refused",
  refused: "telegram_refused",
  unreachable: "telegram_unreachable",
  unclear: "telegram_unreachable",
} as const;

/** An answer that is no success, as the Bot API words it. */
export interface RefusedAnswer {
  readonly error_code: number;
  readonly description: string;
  readonly parameters?: {
    readonly retry_after?: number;
    readonly migrate_to_chat_id?: number;
  };
}

/** Milliseconds after which a 429 that says nothing is tried again. */
const PAUSE_MS = 3_000;

/** The error for an answer. Its code decides, and for moves its parameters; never its words. */
export function errorOfAnswer(method: string, answer: RefusedAnswer): TelegramError {
  const { error_code: code, description, parameters = {} } = answer;
  const said = { message: `Telegram refused ${method}: ${description} (${code}).`, description };
  if (code === 401) {
    return new TelegramError("token_rejected", { kind: "later" }, {
      ...said,
      message: "Telegram does not accept the bot's token (401).",
      hint: "Get the token from @BotFather, and give it to clambot channels connect telegram.",
    });
  }
  if (code === 409) {
    return new TelegramError("other_poller", { kind: "later" }, {
      ...said,
      message: "Another program receives for this bot (409).",
      hint: "End the other one, or take its webhook away; or give this one a bot of its own.",
    });
  }
  if (code === 429) {
    const afterMs = seconds(parameters.retry_after) ?? PAUSE_MS;
    const message = `Telegram wants a pause of ${Math.ceil(afterMs / 1000)} s (${method}, 429).`;
    return new TelegramError("too_many", { kind: "later", afterMs }, { ...said, message });
  }
  const to = parameters.migrate_to_chat_id;
  if (Number.isSafeInteger(to)) {
    return new TelegramError("moved", { kind: "moved", to: `telegram:${to}` }, said);
  }
  // what stands before the Bot API may have passed the request on
  if (code >= 500 || code < 400) return unclear(method, `answered with ${code}`);
  return new TelegramError("refused", { kind: "refused" }, said);
}

function seconds(value: number | undefined): number | undefined {
  return typeof value === "number" && value >= 0 ? value * 1000 : undefined;
}

/** The error for a request without an answer. */
export function errorOfConnection(method: string, error: unknown): TelegramError {
  const reason = error instanceof ConnectionError ? error.reason : "broken";
  switch (reason) {
    case "unreachable":
      return new TelegramError("unreachable", { kind: "later" }, {
        message: `Telegram cannot be reached (${method}).`,
        hint: "Check the connection, and channels.telegram.proxy.",
      });
    case "certificate":
      return new TelegramError("unreachable", { kind: "later" }, {
        message: `What answers at Telegram's address cannot prove its name (${method}).`,
        hint: "Something stands between; check channels.telegram.apiRoot and the proxy.",
      });
    case "broken":
      return unclear(method, "broke the connection off");
  }
}

/** Nobody knows whether it was done. */
export function unclear(method: string, how: string): TelegramError {
  return new TelegramError("unclear", { kind: "unclear" }, {
    message: `Telegram ${how} (${method}).`,
  });
}
