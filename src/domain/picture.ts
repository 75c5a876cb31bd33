/** Types of pictures that every provider with seeing models takes. */
export const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"] as const;

/** A picture, for a model to look at. */
export interface Picture {
  readonly type: (typeof PICTURE_TYPES)[number];
  readonly bytes: Uint8Array;
}
