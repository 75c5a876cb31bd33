import { type Addressee, refused } from "./_failures.ts";
import type { Picture } from "../domain/picture.ts";
import { type Prompt, ProviderError } from "./provider.ts";

/** Tokens that a picture is taken to have: more than any provider counts for one of usual size. */
export const IMAGE_TOKENS = 5000;

/** A picture as an address that holds it (RFC 2397). */
export function dataUrlOf({ type, bytes }: Picture): string {
  return `data:${type};base64,${bytes.toBase64()}`;
}

/** Whether there is a picture in a prompt. */
export function hasImages({ messages }: Pick<Prompt, "messages">): boolean {
  return messages.some(({ images = [] }) => images.length > 0);
}

/** Whether a model is known to see nothing; of most nobody knows before they are asked. */
export function isBlind({ entry, model }: Addressee): boolean {
  return entry.blindModels?.test(model) ?? false;
}

/** The model takes no pictures. */
export function cannotSee(to: Addressee, error?: ProviderError): ProviderError {
  return new ProviderError(
    "provider_refused",
    `The model "${to.model}" of ${to.entry.title} cannot look at pictures.`,
    {
      hint: "Choose one that can in agents.defaults.model.",
      ...(error?.status === undefined ? {} : { status: error.status, detail: error.detail }),
      cause: error,
    },
  );
}

/**
 * What a failure of a request with a picture means. Servers say it in many ways, most of them as
 * a remark on the form of the request; a remark on this one picture stays what it is.
 */
export function asBlindness(error: unknown, to: Addressee): unknown {
  if (!(error instanceof ProviderError) || !STATUSES.includes(error.status ?? 0)) return error;
  if (ABOUT_THIS_PICTURE.test(error.detail)) {
    const { status = 0, detail } = error;
    return refused(to, `it did not take the picture (${detail})`, { status, detail });
  }
  return ABOUT_PICTURES.test(error.detail) ? cannotSee(to, error) : error;
}

const STATUSES: readonly number[] = [400, 404, 415, 422, 500];
const ABOUT_PICTURES =
  /image|vision|multi-?modal|modalit|content (?:type|must be a string)|valid string|\[\]interface/i;
const ABOUT_THIS_PICTURE =
  /image.{0,60}(?:exceed|too (?:large|big|small|many)|dimension|corrupt|safety|policy)|(?:could not|cannot|failed to|unable to) (?:process|decode|read|load).{0,20}image|invalid image/i;
