/** An answer of the Bot API that is no success. */
export class Refusal extends Error {
  constructor(
    readonly code: number,
    readonly description: string,
    readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number },
  ) {
    super(description);
  }

  static bad(description: string): Refusal {
    return new Refusal(400, `Bad Request: ${description}`);
  }
}
