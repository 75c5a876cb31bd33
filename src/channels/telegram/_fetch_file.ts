import { CodedError } from "../../domain/failure.ts";
import type { Attachment, FetchedFile } from "../channel.ts";
import { TelegramError } from "./_telegram_error.ts";
import type { BotApi } from "./api.ts";

/** Bytes of a file that bots are given at most (Bot API, getFile). */
export const LARGEST_FILE = 20 * 1024 * 1024;

/** Fetches a file that came with a message. */
export async function fetchFile(
  { file, kind }: Attachment,
  api: BotApi,
  signal: AbortSignal,
): Promise<FetchedFile> {
  const { file_path: path } = await api.call("getFile", { file_id: file }, signal)
    .catch((error) => {
      const isTooBig = error instanceof TelegramError && /too big/i.test(error.description);
      throw isTooBig ? tooLarge(kind) : error;
    });
  if (typeof path !== "string") {
    throw new CodedError("telegram_refused", `Telegram does not say where the ${kind} is.`);
  }
  const bytes = await api.download(path, LARGEST_FILE, signal);
  return { bytes: Uint8Array.from(bytes), name: path };
}

function tooLarge(kind: string): CodedError {
  return new CodedError(
    "file_too_large",
    `This ${kind} is too large: Telegram gives bots 20 MB at most.`,
  );
}
